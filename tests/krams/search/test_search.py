"""One search over both halves: what is found, for whom, and how it is shown."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import AuthorityNote, Effort, EffortProposal, Proposal, ProposalGroup
from initiatives.enums import Factor, MeetingKind
from initiatives.models import Decision, FactorText, Initiative, Meeting
from krams.enums import Role
from krams.models import ClusterMembership
from krams.search.queries.find import CANDIDATES, SHOWN, search

MATRIX = ["Forslag", "Indsats i skemaet", "Uddybning"]


@pytest.fixture
def initiative(department):
    initiative = Initiative.objects.create(
        department=department, title="Gåture", purpose="Beboerne fra Aabybro går ud hver dag."
    )
    FactorText.objects.create(initiative=initiative, factor=Factor.EXERCISE, text="Svømmehallen")
    return initiative


@pytest.fixture
def decision(facility):
    meeting = Meeting.objects.create(
        kind=MeetingKind.HOUSE, facility=facility, held_on=dt.date(2026, 11, 20)
    )
    return Decision.objects.create(
        meeting=meeting,
        text="Gåturen flyttes til kl. 10",
        responsible_role="Leder",
        due_on=dt.date(2026, 12, 1),
    )


@pytest.fixture
def matrix(cluster, municipality):
    group = ProposalGroup.objects.create(cluster=cluster, name="I kommunerne")
    proposal = Proposal.objects.create(
        cluster=cluster, group=group, number=1, title="Gå med på tur"
    )
    effort = Effort.objects.create(cluster=cluster, authority=municipality, text="Gåture i skoven")
    EffortProposal.objects.create(effort=effort, proposal=proposal)
    AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Ture", text="Alle kan gå med <b>."
    )


def labels(user, query):
    """Of all hits but those in the help, which everybody finds."""
    return [hit.label for hit in search(user, query).hits if hit.label != "Hjælp"]


@pytest.mark.usefixtures("initiative", "decision", "matrix")
def test_people_find_what_they_may_see_and_nothing_else(
    facility, other_facility, cluster, make_user
):
    staff = make_user(Role.STAFF, facility=facility)
    stranger = make_user(Role.STAFF, facility=other_facility)
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    assert labels(staff, "gå") == ["KRAMS-indsats", "Beslutning"]
    assert labels(stranger, "gå") == []
    assert labels(coordinator, "gå") == MATRIX
    assert labels(make_user(), "gå") == []


@pytest.mark.usefixtures("initiative")
@pytest.mark.parametrize("query", ["åbybro", "AABYBRO", "svømmehal", "gåture"])
def test_spelling_case_and_related_texts_do_not_matter(facility, make_user, query):
    found = search(make_user(Role.STAFF, facility=facility), query)
    assert {hit.title for hit in found.hits if hit.label != "Hjælp"} == {"Gåture"}


@pytest.mark.usefixtures("initiative", "decision", "matrix")
def test_the_page_marks_the_hits_and_escapes_the_rest(cluster, make_user, login):
    client = login(make_user(Role.COORDINATOR, cluster=cluster))
    page = client.get(reverse("search"), {"q": "gå med"}).content.decode()
    assert "<mark>Gå</mark> <mark>med</mark> på tur" in page
    assert "<mark>gå</mark> <mark>med</mark> &lt;b&gt;." in page


@pytest.mark.parametrize("query", ["", "a", " ", "x" * 101, "nul\x00"])
def test_a_query_that_cannot_be_used_is_named(make_user, login, query):
    response = login(make_user()).get(reverse("search"), {"q": query})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("query", ["%", "100 %", "_a", "O'Brien", "\\x", "🙂🙂", "\u200fab"])
def test_signs_mean_themselves(make_user, login, query):
    assert login(make_user()).get(reverse("search"), {"q": query * 2}).status_code == 200


def test_without_a_query_the_page_waits(make_user, login):
    assert login(make_user()).get(reverse("search")).status_code == 200


@pytest.mark.usefixtures("matrix")
def test_a_hit_leads_to_its_cell_and_what_left_the_matrix_is_no_hit(
    cluster, municipality, make_user
):
    coordinator, proposal = make_user(Role.COORDINATOR, cluster=cluster), Proposal.objects.get()
    [_proposal, effort, _note] = search(coordinator, "gå").hits[:3]
    cell = f"#c-{proposal.pk}-{municipality.slug}"
    assert effort.url == cluster.get_absolute_url() + cell
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    column = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    column.valid_until = yesterday
    column.save()
    assert labels(coordinator, "gå") == MATRIX[:1]
    # A cluster that has ended shows its last day.
    cluster.valid_until = yesterday
    cluster.save()
    assert labels(coordinator, "gå") == MATRIX
    proposal.retired_on = yesterday
    proposal.save()
    assert labels(coordinator, "gå") == MATRIX[2:]


@pytest.mark.usefixtures("matrix")
def test_many_hits_cost_no_more_and_say_that_there_are_more(
    cluster, municipality, make_user, login, django_assert_num_queries
):
    proposal = Proposal.objects.get()
    client = login(make_user(Role.COORDINATOR, cluster=cluster))

    def page():
        return client.get(reverse("search"), {"q": "gåtur"})

    page()
    with CaptureQueriesContext(connection) as few:
        page()
    for number in range(SHOWN):
        effort = Effort.objects.create(
            cluster=cluster, authority=municipality, text=f"Gåtur {number}"
        )
        EffortProposal.objects.create(effort=effort, proposal=proposal)
    with django_assert_num_queries(len(few)):
        many = page()
    assert len(few) <= 8
    # With that of the fixture.
    assert f"De bedste {SHOWN} af {SHOWN + 1}" in " ".join(many.content.decode().split())
    assert len(many.context["found"].hits) == SHOWN
    more = [
        Effort(cluster=cluster, authority=municipality, text=f"Gåtur {number}")
        for number in range(CANDIDATES)
    ]
    rows = Effort.objects.bulk_create(more)
    EffortProposal.objects.bulk_create(
        EffortProposal(effort=effort, proposal=proposal) for effort in rows
    )
    with django_assert_num_queries(len(few)):
        too_many = page()
    assert too_many.context["found"].has_more
    assert "der er flere" in too_many.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        *("' & | ! : * ( ) \" NEAR", "NEAR(a b)", "gåtur OR mad", "a:b tokens:gå", "-rygning"),
        *("æ" * 100, "a b " * 25, '"' * 100, "🙂gå🙂", "gå\u0301\u0301", "_e5_", "x" * 100),
        *("' OR 1=1 --", "gå*", "^gå", "{gå}", "1e5 0x1 -1", "\ud7ffgå", "ﬁ ß İ", "ᚠᛇ 漢字 אבג"),
    ],
)
@pytest.mark.usefixtures("initiative", "matrix")
def test_odd_queries_are_words_or_nothing(login, make_user, facility, query):
    response = login(make_user(Role.MANAGER, facility=facility)).get(
        reverse("search"), {"q": query}
    )
    assert response.status_code == 200


def test_everybody_finds_the_help_in_their_language(make_user, login):
    client = login(make_user())
    [hit] = client.get(reverse("search"), {"q": "tastatur"}).context["found"].hits
    assert (hit.label, hit.title) == ("Hjælp", "Tastatur")
    page = client.get(hit.url.partition("#")[0]).content.decode()
    assert f'id="{hit.url.partition("#")[2]}"' in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    [hit] = client.get(reverse("search"), {"q": "keyboard"}).context["found"].hits
    assert (hit.label, hit.title) == ("Help", "Keyboard")


def test_nothing_found_says_what_to_try(make_user, login):
    page = login(make_user()).get(reverse("search"), {"q": "findesikke <b>"}).content.decode()
    assert "Der er intet med »findesikke &lt;b&gt;«" in page
    assert "Alle ord skal findes" in page
    page = login(make_user()).get(reverse("search"), {"q": "findesikke"}).content.decode()
    assert "Alle ord skal findes" not in page
    assert "Prøv med begyndelsen af ordet" in page


def test_a_role_that_has_ended_finds_nothing(initiative, facility, make_user):
    user = make_user(Role.STAFF, facility=facility)
    assert labels(user, "gåtur") == ["KRAMS-indsats"]
    user.memberships.update(valid_until=timezone.localdate() - dt.timedelta(days=1))
    again = type(user).objects.get(pk=user.pk)
    assert labels(again, "gåtur") == []


def test_places_are_found_by_who_sees_them(facility, other_facility, cluster, make_user):
    mine = make_user(Role.STAFF, facility=facility)
    assert [hit.title for hit in search(mine, facility.name).hits] == [facility.name]
    assert labels(mine, other_facility.name) == []
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    assert cluster.name in [hit.title for hit in search(coordinator, cluster.name).hits]
    assert labels(make_user(), cluster.name) == []
