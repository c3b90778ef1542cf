"""Whom a proposal concerns: what counts as missing, what as one more, and who reads it so."""

import pytest
from django.urls import reverse

from clusters.access import get_sheet
from clusters.comparison.coverage import coverage
from clusters.comparison.gaps import gaps
from clusters.comparison.heat import OUTSIDE, squares
from clusters.comparison.side_by_side import Likeness, side_by_side
from clusters.editions.content import thaw
from clusters.editions.differences import compare
from clusters.enums import Concerned, PositionState
from clusters.matrix.concerned import concerns
from clusters.matrix.queries.cluster_list import cluster_cards
from clusters.matrix.queries.open_cell import filled_cells
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Proposal
from clusters.setup.actions.copying import copy_proposals
from krams.enums import AuthorityKind, Role
from krams.models import Cluster, Membership
from krams.seeding.facts_files import FIXTURES, read_facts
from tests.clusters.conftest import cell_data, cell_path, freeze_now, matrix_path

MUNICIPALITY, REGION = AuthorityKind.MUNICIPALITY.value, AuthorityKind.REGION.value


def test_the_rule():
    """Who is concerned by what; general practice alone is no gap of any column."""
    concerned = {
        (whom.value, kind)
        for whom in Concerned
        for kind in (MUNICIPALITY, REGION)
        if concerns(whom, kind)
    }
    assert concerned == {
        *(("all", kind) for kind in (MUNICIPALITY, REGION)),
        ("municipalities", MUNICIPALITY),
        ("municipalities_practice", MUNICIPALITY),
        ("region", REGION),
        ("region_practice", REGION),
        ("municipalities_region", MUNICIPALITY),
        ("municipalities_region", REGION),
    }


def test_an_edition_that_does_not_say_concerns_all():
    assert concerns("", MUNICIPALITY)
    assert concerns("", REGION)


@pytest.fixture
def hospital(rows):
    """The three last proposals are the region's alone."""
    Proposal.objects.filter(number__gt=3).update(concerned=Concerned.REGION)
    return [row for row in Proposal.objects.order_by("number") if row.number > 3]


@pytest.fixture
def matrix(cluster, coordinator):
    return lambda: read_matrix(get_sheet(coordinator, cluster.slug))


def column_of(matrix, authority):
    return next(one for one in matrix.columns if one.authority.pk == authority.pk)


def test_an_empty_cell_outside_is_no_gap_and_says_so(hospital, matrix, municipality, region):
    whole = matrix()
    cell = whole.cells[hospital[0].pk, municipality.pk]
    assert (cell.is_gap, cell.is_missing, cell.state_text) == (False, False, "Vedrører ikke")
    theirs = whole.cells[hospital[0].pk, region.pk]
    assert (theirs.is_gap, theirs.is_missing, theirs.state_text) == (True, True, "Ikke udfyldt")
    assert [(column.filled, column.total) for column in whole.columns] == [(0, 3), (0, 3), (0, 6)]


def test_an_answer_outside_is_shown_and_counts_as_one_more(
    hospital, matrix, answer, municipality, region
):
    answer(hospital[0], "Følgeordning")
    whole = matrix()
    cell = whole.cells[hospital[0].pk, municipality.pk]
    assert (cell.is_extra, cell.is_gap, cell.is_outdated) == (True, False, False)
    column = column_of(whole, municipality)
    assert (column.filled, column.answered, column.extra, column.total) == (0, 1, 1, 3)
    share = coverage(whole).authorities[0]
    assert (share.answered, share.with_effort, share.total, share.extra) == (0, 0, 3, 1)
    assert {gap.proposal.pk for gap in gaps(whole, municipality.slug)}.isdisjoint(
        proposal.pk for proposal in hospital
    )


def test_pages_and_lists_count_the_same(hospital, rows, matrix, answer, cluster, coordinator):
    answer(rows[0], "Gadesygepleje")
    answer(hospital[0], "Følgeordning")
    whole = matrix()
    sheet = get_sheet(coordinator, cluster.slug)
    [card] = cluster_cards(Cluster.objects.filter(pk=cluster.pk), sheet.today)
    counted = filled_cells(sheet)
    assert (whole.filled, whole.total) == (card.filled, card.total) == (counted, 12) == (1, 12)


def test_comparing_says_where_only_one_is_concerned(
    hospital, matrix, answer, municipality, other_municipality, region
):
    answer(hospital[0], "Socialsygeplejerske", authority=region)
    compared = side_by_side(matrix(), [municipality.slug, region.slug])
    found = {one.proposal.pk: one.likeness for one in compared}
    assert found[hospital[0].pk] == Likeness.APART
    assert found[hospital[1].pk] == Likeness.GAP
    both = side_by_side(matrix(), [municipality.slug, other_municipality.slug])
    assert {one.likeness for one in both if one.proposal.number > 3} == {Likeness.APART}


def test_the_matrix_shows_it_quietly_and_the_form_says_whom(
    client, login, hospital, editor, municipality, cluster
):
    login(editor)
    page = client.get(matrix_path(cluster)).content.decode()
    assert "Vedrører ikke" in page
    form = client.get(cell_path(hospital[0], municipality)).content.decode()
    assert "Forslaget vedrører: Regionen. Du må gerne svare alligevel." in form
    data = cell_data(hospital[0], "Følgeordning")
    assert client.post(cell_path(hospital[0], municipality), data).status_code == 302
    assert "Følgeordning" in client.get(matrix_path(cluster)).content.decode()


def test_the_form_of_a_column_and_the_stages_count_the_same(
    hospital, rows, answer, client, login, editor, municipality, cluster
):
    """An answer to a proposal of others is none of those that are waited for."""
    answer(rows[0], "Gadesygepleje")
    answer(hospital[0], "Følgeordning")
    login(editor)
    page = client.get(reverse("clusters:column", args=[cluster.slug, municipality.slug]))
    html = page.content.decode()
    assert "1 af 3 besvaret" in html
    assert html.count("Vedrører ikke") == 2
    [today] = client.get(reverse("clusters:development", args=[cluster.slug])).context["stages"]
    assert (today.with_effort, today.answered, today.total) == (1, 1, 12)


def test_the_way_of_a_proposal_says_whom_it_does_not_concern(
    hospital, client, login, editor, cluster
):
    login(editor)
    page = client.get(reverse("clusters:proposal-course", args=[cluster.slug, hospital[0].pk]))
    html = page.content.decode()
    assert html.count("Vedrører ikke") == 2
    assert html.count("Ikke udfyldt") == 1


def test_a_square_of_others_is_no_answer(hospital, matrix):
    """The symbol of "not applicable" would say that somebody had answered so."""
    outside = [one for _row, line in squares(matrix()) for one in line if one.tone == OUTSIDE]
    assert len(outside) == 6
    assert {one.symbol for one in outside} == {""}


def test_the_filter_of_empty_cells_leaves_out_those_outside(
    client, login, hospital, editor, cluster
):
    login(editor)
    chosen = {"tilstand": "not_filled", "vis": editor.scopes[0].authority.slug}
    only = client.get(matrix_path(cluster), chosen)
    assert [row.proposal.number for row in only.context["matrix"].rows] == [1, 2, 3]


def test_editions_freeze_it_and_tell_what_changed(hospital, matrix, cluster, coordinator):
    edition = freeze_now(cluster, coordinator)
    then = thaw(edition.content)
    assert [row.proposal.concerned for row in then.rows] == ["all"] * 3 + ["region"] * 3
    assert not compare(then, matrix())
    Proposal.objects.filter(pk=hospital[0].pk).update(concerned=Concerned.ALL)
    [(proposal, text)] = compare(then, matrix()).reworded
    assert proposal.pk == hospital[0].pk
    assert "Vedrører: Regionen" in text.old
    assert "Vedrører: Kommuner, region og almen praksis" in text.new


def test_an_edition_from_before_tells_no_difference(hospital, matrix, cluster, coordinator):
    content = freeze_now(cluster, coordinator).content
    for proposal in content["proposals"]:
        del proposal["concerned"]
    assert not compare(thaw(content), matrix()).reworded


def test_it_is_copied_along(hospital, cluster, other_cluster, make_user):
    both = make_user(Role.COORDINATOR, cluster=other_cluster)
    Membership.objects.create(user=both, role=Role.COORDINATOR, cluster=cluster)
    copy_proposals(cluster=other_cluster, origin=cluster, by=both)
    copied = Proposal.objects.filter(cluster=other_cluster).order_by("number")
    assert [one.concerned for one in copied] == ["all"] * 3 + ["region"] * 3


def test_it_is_set_under_set_up(client, login, rows, coordinator, cluster):
    login(coordinator)
    url = reverse("clusters:proposal", args=[cluster.slug, rows[0].pk])
    data = {"number": 1, "title": "Forslag nr. 1", "group": rows[0].group_id, "version": 1}
    assert client.post(url, data | {"concerned": "hospitaler"}).status_code == 422
    assert client.post(url, data | {"concerned": "region"}).status_code == 302
    rows[0].refresh_from_db()
    assert rows[0].concerned == Concerned.REGION
    history = client.get(reverse("history", args=["forslag", rows[0].pk])).content.decode()
    assert "Regionen" in history


def test_the_source_says_whom_its_proposals_concern():
    groups = read_facts(FIXTURES / "klynge_syd.toml").tables("groups")
    assert [group["concerned"] for group in groups] == [
        ["municipalities"] * 4,
        ["practice", "all"],
        ["region"] * 3,
    ]


def test_no_state_is_taken_for_outside():
    assert "Vedrører ikke" not in {str(state.label) for state in PositionState}
