"""The list of clusters and the matrix page: who sees what, the filter, and what a page costs."""

import datetime as dt
import re

import html5lib
import pytest
import time_machine
from django.urls import reverse

from clusters.enums import EffortState, PositionState
from clusters.models import Effort, Position, Proposal, SourceDocument
from krams.enums import Role
from krams.models import Cluster, ClusterMembership

from ..conftest import cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db
NASTY = '<b>fed</b> "citat" O\'Brien 😀 \u200fעברית\u200e & <script>alert(1)</script>'


def text_of(response) -> str:
    return response.content.decode()


def parse(response):
    """The page, parsed strictly. Raises for HTML that is not well formed."""
    return html5lib.HTMLParser(strict=True).parse(text_of(response))


def test_members_and_the_coordinator_see_the_matrix(login, cluster, rows, make_user, municipality):
    people = [
        make_user(Role.COORDINATOR, cluster=cluster),
        make_user(Role.VIEWER, cluster=cluster),
        make_user(Role.EDITOR, authority=municipality),
        make_user(Role.VIEWER, authority=municipality),
        make_user(Role.MANAGER, authority=municipality),
    ]
    for person in people:
        response = login(person).get(matrix_path(cluster))
        assert response.status_code == 200
        assert rows[0].title in text_of(response)


def test_others_do_not_learn_that_it_is_there(login, cluster, make_user, facility, other_cluster):
    people = [
        make_user(),
        make_user(Role.STAFF, facility=facility),
        make_user(Role.COORDINATOR, cluster=other_cluster),
    ]
    for person in people:
        assert login(person).get(matrix_path(cluster)).status_code == 404
    assert login(people[0]).get("/klynger/findes-ikke/").status_code == 404


def test_pens_stand_only_where_the_person_may_edit(
    login, cluster, rows, coordinator, editor, make_user, municipality, other_municipality
):
    mine, theirs = cell_path(rows[0], municipality), cell_path(rows[0], other_municipality)
    whole = text_of(login(coordinator).get(matrix_path(cluster)))
    assert f'href="{mine}"' in whole
    assert f'href="{theirs}"' in whole
    own = text_of(login(editor).get(matrix_path(cluster)))
    assert f'href="{mine}"' in own
    assert theirs not in own
    viewer = make_user(Role.VIEWER, cluster=cluster)
    assert 'class="pen"' not in text_of(login(viewer).get(matrix_path(cluster)))


def test_not_filled_and_none_are_told_apart(login, cluster, rows, coordinator, answer):
    answer(rows[0], state=PositionState.NONE)
    page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert page.count('<p class="state is-no">') == 1
    assert page.count('<p class="state is-none">') == 6 * 3 - 1
    assert "1 af 18 felter er besvaret" in page


def test_a_joint_answer_is_one_cell_and_the_page_is_well_formed(
    login, cluster, rows, coordinator, answer, municipality
):
    answer(rows[3:], "Brobyggersygeplejersker")
    response = login(coordinator).get(matrix_path(cluster))
    page = text_of(response)
    assert 'rowspan="3"' in page
    assert "Samlet svar på forslag 4, 5 og 6" in page
    assert page.count("Brobyggersygeplejersker") == 1
    # Links to any of the three proposals' answers arrive.
    for row in rows[3:]:
        assert page.count(f'id="c-{row.pk}-{municipality.slug}"') == 1
    parse(response)


def test_an_expired_effort_and_an_old_confirmation_are_marked(
    login, cluster, rows, coordinator, answer
):
    answer(rows[0], "Sundhedscafe", valid_until=dt.date(2021, 5, 31))
    Position.objects.update(confirmed_on=dt.date(2021, 3, 2))
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert "Udløbet 31.05.2021" in page
    assert "Ubekræftet, sidst bekræftet 03.2021" in page


def test_who_confirmed_an_answer_is_read_without_pointing_at_it(
    login, cluster, rows, coordinator, editor, answer
):
    answer(rows[0], "Kursus")
    answer(rows[1], "Værested")
    answer(rows[2])
    now = Position.objects.filter(proposal=rows[0])
    now.update(confirmed_on=dt.date.today(), confirmed_by=editor)
    then = Position.objects.filter(proposal=rows[1])
    then.update(confirmed_on=dt.date(2021, 3, 2), confirmed_by=editor)
    page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert re.search(rf">Bekræftet \d\d\.\d\d\.\d{{4}} af {editor}</p>", page)
    assert f"Ubekræftet, sidst bekræftet 03.2021 (dengang af {editor})</p>" in page
    assert "Endnu ubekræftet</p>" in page
    own = text_of(login(editor).get(cell_path(rows[0], editor.memberships.get().authority)))
    assert f" af {editor}</span>" in own


@pytest.mark.parametrize("state", [EffortState.PLANNED, EffortState.POSTPONED])
def test_an_effort_that_does_not_run_is_tagged(login, cluster, rows, coordinator, answer, state):
    answer(rows[0], "F-ACT", state=PositionState.ESTABLISHED)
    Effort.objects.update(state=state)
    page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert f"{state.label}</span></li>" in page


def test_text_shows_as_it_was_typed(login, cluster, rows, coordinator, answer):
    answer(rows[0], NASTY)
    response = login(coordinator).get(matrix_path(cluster), {"q": "fed"})
    page = text_of(response)
    assert "<b>fed" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;<mark>fed</mark>&lt;/b&gt;" in page
    assert "😀 \u200fעברית\u200e" in page
    parse(response)


def test_the_remark_of_the_source_is_the_coordinators(
    login, cluster, rows, coordinator, municipality, make_user
):
    source = SourceDocument.objects.create(
        cluster=cluster, title="Notat", remark="Kildens titel siger »Klynge Midt«."
    )
    Proposal.objects.update(source=source)
    page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert page.count("Kildens titel siger »Klynge Midt«.") == 1
    assert page.index("Oversigten er ikke udtømmende.") < page.index("<table")
    reader = make_user(Role.VIEWER, cluster=cluster)
    page = text_of(login(reader).get(matrix_path(cluster)))
    assert "Klynge Midt" not in page
    assert "Oversigten er ikke udtømmende." in page


def test_removed_efforts_and_retired_proposals_are_gone(login, cluster, rows, coordinator, answer):
    answer(rows[0], "Fjernet indsats", removed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    answer(rows[1], "Indsats i udgået")
    Proposal.objects.filter(pk=rows[1].pk).update(retired_on=dt.date(2026, 1, 1))
    page = text_of(login(coordinator).get(matrix_path(cluster)))
    assert "Fjernet indsats" not in page
    assert "Indsats i udgået" not in page
    assert "0 af 15" not in page
    assert "1 af 15 felter" in page


# --- the filter ---------------------------------------------------------------------------------


@pytest.fixture
def filled(rows, answer, other_municipality):
    answer(rows[0], "Aalborgmodellen", state=PositionState.ESTABLISHED)
    answer(rows[1], state=PositionState.NONE, authority=other_municipality)
    answer(rows[3], "Café", state=PositionState.PLANNED, valid_until=dt.date(2021, 1, 1))
    today = dt.date.today()
    Position.objects.update(confirmed_on=today)
    return rows


def titles(response, rows) -> list[int]:
    page = text_of(response)
    return [row.number for row in rows if f'id="f{row.pk}"' in page]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"tilstand": "none"}, [2]),
        ({"tilstand": "established"}, [1]),
        ({"tilstand": "not_filled"}, [1, 2, 3, 4, 5, 6]),
        ({"tilstand": "not_filled", "vis": "nordby"}, [2, 3, 5, 6]),
        ({"tilstand": "udloebet"}, [4]),
        ({"gammel": "1"}, [4]),
        ({"gammel": "1", "tilstand": "established"}, []),
        ({"q": "ålborg"}, [1]),
        ({"q": "AALBORGMODEL"}, [1]),
        ({"q": "cafe"}, [4]),
        ({"q": "forslag nr. 3"}, [3]),
        ({"q": "findes ikke"}, []),
        ({"vis": "soenderby", "q": "cafe"}, []),
        ({"vis": "soenderby", "tilstand": "none"}, [2]),
    ],
)
def test_the_filter_leaves_the_proposals_that_fit(login, coordinator, cluster, filled, query, left):
    response = login(coordinator).get(matrix_path(cluster), query)
    assert response.status_code == 200
    assert titles(response, filled) == left
    if not left:
        assert "Ingen forslag passer til filteret" in text_of(response)


def test_a_group_can_be_picked(login, coordinator, cluster, filled):
    query = {"gruppe": filled[3].group_id}
    assert titles(login(coordinator).get(matrix_path(cluster), query), filled) == [4, 5, 6]


def test_one_authority_alone_is_a_link(login, coordinator, cluster, filled, other_municipality):
    page = text_of(login(coordinator).get(matrix_path(cluster), {"vis": "soenderby"}))
    assert 'data-n="Sønderby Kommune"' in page
    assert 'data-n="Nordby Kommune"' not in page
    assert 'href="?vis=nordby"' in page
    assert f"{cell_path(filled[0], other_municipality)}?vis=soenderby" in page


@pytest.mark.parametrize(
    "query",
    [
        {"tilstand": "ukendt"},
        {"gruppe": "999999"},
        {"gruppe": "abc"},
        {"vis": "findes-ikke"},
        {"gammel": "måske"},
        {"q": "x" * 101},
        {"q": "nul\x00tegn"},
    ],
)
def test_a_filter_value_that_does_not_exist_is_said(login, coordinator, cluster, filled, query):
    client = login(coordinator)
    for headers in ({}, partial()):
        response = client.get(matrix_path(cluster), query, **headers)
        assert response.status_code == 422
        assert 'class="err' in text_of(response)
        assert titles(response, filled) == [1, 2, 3, 4, 5, 6]


def test_with_htmx_only_the_matrix_comes_back_and_the_count_is_announced(
    login, coordinator, cluster, filled
):
    response = login(coordinator).get(matrix_path(cluster), {"tilstand": "none"}, **partial())
    page = text_of(response)
    assert "<html" not in page
    assert page.startswith('<div id="mx"')
    assert (
        '<p id="mx-status" class="vh" role="status" hx-swap-oob="innerHTML">1 forslag vises' in page
    )
    assert "HX-Request" in response.headers["Vary"]
    restored = login(coordinator).get(
        matrix_path(cluster), **partial(**{"HX-History-Restore-Request": "true"})
    )
    assert "<html" in text_of(restored)


# --- clusters in time ---------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-01"])
def test_an_authority_that_leaves_in_the_middle_of_a_year(
    login, coordinator, cluster, filled, municipality, day
):
    ClusterMembership.objects.filter(authority=municipality).update(
        valid_until=dt.date(2026, 6, 30)
    )
    with time_machine.travel(f"{day}T12:00:00+02:00", tick=False):
        page = text_of(login(coordinator).get(matrix_path(cluster)))
        edit = login(coordinator).get(cell_path(filled[0], municipality))
    is_member = day == "2026-06-30"
    assert ('data-n="Nordby Kommune"' in page) is is_member
    assert edit.status_code == (200 if is_member else 404)


def test_a_cluster_that_has_ended_stands_as_it_was_and_takes_no_change(
    login, coordinator, cluster, filled, municipality
):
    end = dt.date(2026, 12, 31)
    Cluster.objects.update(valid_until=end)
    ClusterMembership.objects.update(valid_until=end)
    with time_machine.travel("2027-02-01T12:00:00+01:00", tick=False):
        client = login(coordinator)
        page = text_of(client.get(matrix_path(cluster)))
        assert "Aalborgmodellen" in page
        assert "Klyngen ophørte 31.12.2026" in page
        assert 'class="pen"' not in page
        assert client.get(cell_path(filled[0], municipality)).status_code == 403


def test_a_cluster_without_members_or_proposals_says_so(login, make_user, region):
    empty = Cluster.objects.create(name="Tom", slug="tom", region=region)
    client = login(make_user(Role.COORDINATOR, cluster=empty))
    assert "ingen myndigheder" in text_of(client.get(matrix_path(empty)))
    ClusterMembership.objects.create(cluster=empty, authority=region)
    assert "ingen forslag" in text_of(client.get(matrix_path(empty)))


def test_the_list_shows_own_clusters_with_members_and_share(
    login, coordinator, cluster, filled, other_cluster
):
    response = login(coordinator).get(reverse("clusters:clusters"))
    page = text_of(response)
    assert "Klynge Prøve" in page
    assert "Klynge Anden" not in page
    assert "3 af 18 felter er besvaret" in page
    assert "Nordby Kommune" in page
    parse(response)


def test_the_list_is_friendly_to_who_has_no_cluster(login, make_user):
    page = text_of(login(make_user()).get(reverse("clusters:clusters")))
    assert "Du har ingen rolle i en klynge" in page
