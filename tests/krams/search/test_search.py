"""One search over both halves: what is found, for whom, and how it is shown."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.models import AuthorityNote, Effort, EffortProposal, Proposal, ProposalGroup
from initiatives.enums import Factor, MeetingKind
from initiatives.models import Decision, FactorText, Initiative, Meeting
from krams.enums import Role
from krams.models import ClusterMembership
from krams.search.excerpts import excerpt_of
from krams.search.queries import search


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


def headings(user, query):
    return [found.heading for found in search(user, query)]


@pytest.mark.usefixtures("initiative", "decision", "matrix")
def test_people_find_what_they_may_see_and_nothing_else(
    facility, other_facility, cluster, make_user
):
    staff = make_user(Role.STAFF, facility=facility)
    stranger = make_user(Role.STAFF, facility=other_facility)
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    assert headings(staff, "gå") == ["KRAMS-indsatser", "Beslutninger"]
    assert headings(stranger, "gå") == []
    assert headings(coordinator, "gå") == ["Forslag", "Indsatser i skemaet", "Uddybninger"]
    assert headings(make_user(), "gå") == []


@pytest.mark.usefixtures("initiative")
@pytest.mark.parametrize("query", ["åbybro", "AABYBRO", "svømmehal", "gåture"])
def test_spelling_case_and_related_texts_do_not_matter(facility, make_user, query):
    [found] = search(make_user(Role.STAFF, facility=facility), query)
    assert [hit.title for hit in found.hits] == ["Gåture"]


@pytest.mark.usefixtures("initiative", "decision", "matrix")
def test_the_page_marks_the_hits_and_escapes_the_rest(cluster, make_user, login):
    client = login(make_user(Role.COORDINATOR, cluster=cluster))
    page = client.get(reverse("search"), {"q": "gå med"}).content.decode()
    assert "<mark>Gå med</mark> på tur" in page
    assert "<mark>gå med</mark> &lt;b&gt;." in page


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
    [_proposals, efforts, _notes] = search(coordinator, "gå")
    cell = f"#c-{proposal.pk}-{municipality.slug}"
    assert [hit.url for hit in efforts.hits] == [cluster.get_absolute_url() + cell]
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    column = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    column.valid_until = yesterday
    column.save()
    assert headings(coordinator, "gå") == ["Forslag"]
    # A cluster that has ended shows its last day.
    cluster.valid_until = yesterday
    cluster.save()
    assert headings(coordinator, "gå") == ["Forslag", "Indsatser i skemaet", "Uddybninger"]
    proposal.retired_on = yesterday
    proposal.save()
    assert headings(coordinator, "gå") == ["Uddybninger"]


@pytest.mark.usefixtures("matrix")
def test_many_hits_cost_no_more_and_say_that_there_are_more(
    cluster, municipality, make_user, login, django_assert_max_num_queries
):
    proposal = Proposal.objects.get()
    for number in range(30):
        effort = Effort.objects.create(
            cluster=cluster, authority=municipality, text=f"Gåtur {number}"
        )
        EffortProposal.objects.create(effort=effort, proposal=proposal)
    client = login(make_user(Role.COORDINATOR, cluster=cluster))
    with django_assert_max_num_queries(8):
        page = client.get(reverse("search"), {"q": "gåtur"}).content.decode()
    assert "der er flere" in page


def test_an_excerpt_is_cut_at_words():
    text = "ord " * 60 + "nålen i høstakken" + " ord" * 60
    excerpt = excerpt_of(text, "NÅLEN")
    assert "nålen i høstakken" in excerpt
    assert excerpt.startswith("… ord")
    assert excerpt.endswith("ord …")
    assert len(excerpt) < 220
    assert excerpt_of(text, "findes ikke") == ""
