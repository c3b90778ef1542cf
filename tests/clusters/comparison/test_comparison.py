"""Comparing authorities: what differs, what is missing, how much is covered, who does what."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from clusters.access import get_sheet
from clusters.comparison.coverage import coverage
from clusters.comparison.gaps import gaps
from clusters.comparison.side_by_side import Likeness, side_by_side
from clusters.comparison.themes import by_theme
from clusters.enums import EffortState, PositionState
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Effort, EffortProposal, Position, Proposal, ProposalGroup, Theme
from krams.enums import AuthorityKind, Role
from krams.models import Authority, ClusterMembership


@pytest.fixture
def proposals(cluster):
    group = ProposalGroup.objects.create(cluster=cluster, name="I kommunerne")
    return [
        Proposal.objects.create(cluster=cluster, group=group, number=n, title=f"Forslag {n}")
        for n in (1, 2, 3)
    ]


@pytest.fixture
def answer(cluster):
    def make(proposal, authority, state=PositionState.ESTABLISHED, text="", themes=(), **fields):
        Position.objects.create(proposal=proposal, authority=authority, state=state)
        if text:
            effort = Effort.objects.create(
                cluster=cluster, authority=authority, text=text, **fields
            )
            effort.themes.set(themes)
            EffortProposal.objects.create(effort=effort, proposal=proposal)

    return make


@pytest.fixture
def reader(make_user, cluster):
    return make_user(Role.VIEWER, cluster=cluster)


@pytest.fixture
def matrix(cluster, reader):
    return lambda: read_matrix(get_sheet(reader, cluster.slug))


@pytest.fixture
def tackle(db):
    return Theme.objects.create(name="Lær at tackle", slug="laer-at-tackle")


def test_differences_come_first_then_gaps_then_what_is_alike(
    proposals, municipality, other_municipality, answer, matrix
):
    for authority in (municipality, other_municipality):
        answer(proposals[0], authority)
    answer(proposals[1], municipality)
    answer(proposals[2], municipality, PositionState.NONE)
    answer(proposals[2], other_municipality, PositionState.NOT_NEEDED)
    compared = side_by_side(matrix(), ["nordby", "soenderby"])
    assert [(one.proposal.number, one.likeness) for one in compared] == [
        (3, Likeness.DIFFERENT),
        (2, Likeness.GAP),
        (1, Likeness.SAME),
    ]


def test_a_theme_that_several_have_is_in_common_whatever_the_words(
    proposals, municipality, other_municipality, answer, matrix, tackle
):
    answer(proposals[0], municipality, text="Kurser i Lær at tackle", themes=[tackle])
    answer(proposals[0], other_municipality, text="LAT på to væresteder", themes=[tackle])
    one = side_by_side(matrix(), ["nordby", "soenderby"])[-1]
    [(theme, columns)] = one.common
    assert theme.pk == tackle.pk
    assert [column.authority for column in columns] == [municipality, other_municipality]
    assert all(side.others and not side.only for side in one.sides)


def test_only_here_is_what_has_a_theme_that_no_other_has(
    proposals, municipality, other_municipality, answer, matrix, tackle
):
    smoking = Theme.objects.create(name="Rygestop", slug="rygestop")
    first, second, third = proposals
    answer(first, municipality, text="Uden tema")
    answer(first, other_municipality, text="Kursus", themes=[tackle])
    answer(second, municipality, text="Begge temaer", themes=[tackle, smoking])
    answer(second, other_municipality, text="Kursus igen", themes=[tackle])
    # Who has stopped does not have it any more, and does not have it alone.
    answer(third, municipality, text="Nedlagt kursus", themes=[tackle])
    Effort.objects.filter(text="Nedlagt kursus").update(state=EffortState.DISCONTINUED)
    answer(third, other_municipality, text="Kursus til sidst", themes=[tackle])
    found = {
        (one.proposal.number, side.cell.column.authority.slug): [x.effort.text for x in side.only]
        for one in side_by_side(matrix(), ["nordby", "soenderby"])
        for side in one.sides
    }
    assert {key: texts for key, texts in found.items() if texts} == {
        (1, "soenderby"): ["Kursus"],
        (3, "soenderby"): ["Kursus til sidst"],
    }


def test_the_region_is_compared_until_others_are_chosen(cluster, reader, login, region):
    """Also where more municipalities than fit beside each other stand before it."""
    for code in range(4):
        other = Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY,
            code=f"910{code}",
            name=f"Ny {code}",
            official_name=f"Ny {code} Kommune",
            slug=f"ny-{code}",
        )
        ClusterMembership.objects.create(cluster=cluster, authority=other)
    page = login(reader).get(reverse("clusters:compare", args=[cluster.slug]))
    shown = [column.authority for column in page.context["columns"]]
    assert len(shown) == 4
    assert region in shown


def test_an_expired_or_discontinued_effort_leaves_a_gap(
    proposals, municipality, other_municipality, region, answer, matrix
):
    answer(proposals[0], municipality, text="Café", valid_until=dt.date(2021, 5, 31))
    answer(proposals[0], other_municipality, text="Råd", state=PositionState.ESTABLISHED)
    answer(proposals[1], municipality, PositionState.NOT_NEEDED)
    Effort.objects.filter(text="Råd").update(state=EffortState.DISCONTINUED)
    found = {gap.proposal.number: gap for gap in gaps(matrix())}
    assert found[1].is_nobodys
    assert len(found[1].missing) == 3
    assert municipality not in {cell.column.authority for cell in found[2].missing}


def test_others_efforts_are_inspiration_for_who_has_none(
    proposals, municipality, region, answer, matrix
):
    answer(proposals[0], region, text="Brobyggersygeplejersker")
    found = gaps(matrix(), "nordby")
    last = found[-1]
    assert [cell.column.authority for cell in last.missing] == [municipality]
    assert [
        (c.authority, [line.effort.text for line in lines]) for c, lines in last.inspiration
    ] == [(region, ["Brobyggersygeplejersker"])]
    assert [gap.is_nobodys for gap in found] == [True, True, False]


def test_coverage_counts_answers_and_living_efforts_apart(
    proposals, municipality, region, answer, matrix
):
    answer(proposals[0], municipality, PositionState.NONE)
    answer(proposals[0], region, text="Brobygning")
    found = coverage(matrix())
    assert (found.whole.answered, found.whole.with_effort, found.whole.total) == (2, 1, 9)
    assert [(share.answered, share.with_effort) for share in found.proposals] == [
        (2, 1),
        (0, 0),
        (0, 0),
    ]
    by_name = {share.of.authority.slug: share for share in found.authorities}
    assert (by_name["nordby"].answered, by_name["nordby"].with_effort) == (1, 0)


def test_a_theme_lists_each_effort_once_with_all_its_proposals(
    proposals, municipality, answer, matrix, tackle
):
    answer(proposals[0], municipality, text="Lær at tackle", themes=[tackle])
    EffortProposal.objects.create(effort=Effort.objects.get(), proposal=proposals[1])
    [view] = by_theme(matrix())
    [(column, [(line, served)])] = view.efforts
    assert (column.authority, line.effort.text) == (municipality, "Lær at tackle")
    assert [one.pk for one in served] == [one.pk for one in proposals[:2]]


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("compare", "", 200),
        ("compare", "?m=nordby&m=region-proeve&kun=on", 200),
        ("compare", "?m=nordby&m=nordby", 422),
        ("compare", "?m=nordby", 422),
        ("compare", "?m=ukendt&m=nordby", 422),
        ("compare", "?kun=on", 422),
        ("gaps", "", 200),
        ("gaps", "?myndighed=nordby", 200),
        ("gaps", "?myndighed=ukendt", 422),
        ("coverage", "", 200),
        ("themes", "", 200),
        ("themes", "?tema=ukendt", 422),
        ("themes", "?tema=%00", 422),
    ],
)
def test_pages_answer_and_name_what_does_not_exist(cluster, reader, login, name, query, status):
    url = reverse(f"clusters:{name}", args=[cluster.slug]) + query
    response = login(reader).get(url)
    assert response.status_code == status
    if status == 422:
        assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize("name", ["compare", "gaps", "coverage", "themes"])
def test_strangers_do_not_see_the_cluster(cluster, facility, make_user, login, name):
    url = reverse(f"clusters:{name}", args=[cluster.slug])
    assert login(make_user(Role.STAFF, facility=facility)).get(url).status_code == 404


@pytest.mark.usefixtures("proposals")
def test_a_gap_names_whom_to_ask(cluster, proposals, region, answer, reader, make_user, login):
    editor = make_user(Role.EDITOR, authority=region)
    answer(proposals[0], region, text="Brobygning <b>")
    page = login(reader).get(reverse("clusters:gaps", args=[cluster.slug])).content.decode()
    assert f"mailto:{editor.email}" in page
    assert "Brobygning &lt;b&gt;" in page


def test_themes_stand_in_danish_order(cluster, proposals, municipality, answer, reader, login):
    names = ["Ølgod", "Aarhus", "Ærø", "Åkirkeby", "Aabenraa", "Aalborg", "Bog"]
    themes = [
        Theme.objects.create(name=name, slug=f"t-{number}") for number, name in enumerate(names)
    ]
    answer(proposals[0], municipality, text="Kursus", themes=themes)
    url = reverse("clusters:themes", args=[cluster.slug])
    page = login(reader).get(url).content.decode()
    order = ["Bog", "Ærø", "Ølgod", "Aabenraa", "Åkirkeby", "Aalborg", "Aarhus"]
    assert re.findall(r"<header>\s*<h2[^>]*>(.*?)</h2>", page) == order
    assert re.findall(r"<option [^>]*>(.*?)</option>", page) == ["Alle temaer", *order]
