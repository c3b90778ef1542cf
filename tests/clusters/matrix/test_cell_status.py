"""All readers of answered, effort, gap and unconfirmed agree, whatever stands in a cell."""

import datetime as dt
from importlib import import_module
from itertools import product

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from clusters.access import get_sheet
from clusters.comparison.coverage import coverage
from clusters.comparison.gaps import gaps
from clusters.comparison.side_by_side import Likeness, side_by_side
from clusters.confirmations.queries.waiting import waiting_columns
from clusters.editions.content import freeze, thaw
from clusters.enums import EffortState, PositionState
from clusters.matrix.cell_status import agreeing
from clusters.matrix.forms.matrix_filter import MatrixFilter
from clusters.matrix.queries.cluster_list import cluster_cards
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Effort, EffortProposal, Position, Proposal
from clusters.setup.queries import has_content
from clusters.worklist.queries import sections

from ..conftest import cell_data, cell_path, disagreeing

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# The states and last days of the efforts in a cell.
EFFORTS = {
    "none": (),
    "running": ((EffortState.RUNNING, None),),
    "planned": ((EffortState.PLANNED, None),),
    "expired": ((EffortState.RUNNING, -DAY),),
    "discontinued": ((EffortState.DISCONTINUED, -DAY),),
    "mixed": ((EffortState.POSTPONED, DAY), (EffortState.RUNNING, -DAY)),
}
AGES = (None, 0, 400)


@pytest.fixture
def every_cell(cluster, rows, municipality):
    """A proposal for each state with each set of efforts, confirmed never, today or long ago."""
    today = timezone.localdate()
    Proposal.objects.all().delete()
    group = rows[0].group
    cases = list(product(PositionState, EFFORTS.values(), AGES))
    for number, (state, efforts, age) in enumerate(cases, start=1):
        proposal = Proposal.objects.create(
            cluster=cluster, group=group, number=number, title=f"Forslag {number}"
        )
        if state != PositionState.NOT_FILLED:
            Position.objects.create(
                proposal=proposal,
                authority=municipality,
                state=state,
                confirmed_on=None if age is None else today - age * DAY,
            )
        for effort_state, end in efforts:
            effort = Effort.objects.create(
                cluster=cluster,
                authority=municipality,
                text=f"Indsats {number}",
                state=effort_state,
                valid_until=end and today + end,
            )
            EffortProposal.objects.create(effort=effort, proposal=proposal)
    # And one answer for three proposals that was confirmed on three days.
    shared = Effort.objects.create(cluster=cluster, authority=municipality, text="Fælles")
    for number, age in enumerate((0, 10, 400), start=len(cases) + 1):
        proposal = Proposal.objects.create(
            cluster=cluster, group=group, number=number, title=f"Forslag {number}"
        )
        Position.objects.create(
            proposal=proposal,
            authority=municipality,
            state=PositionState.ESTABLISHED,
            confirmed_on=today - age * DAY,
        )
        EffortProposal.objects.create(effort=shared, proposal=proposal)
    return today


def test_all_readers_agree(every_cell, cluster, editor, coordinator, municipality):
    today, slug = every_cell, municipality.slug
    matrix = read_matrix(get_sheet(coordinator, cluster.slug))
    mine = [cell for cell in matrix.cells.values() if cell.column.authority == municipality]
    answered = {cell.proposal.pk for cell in mine if cell.is_filled}
    having = {cell.proposal.pk for cell in mine if cell.has_effort}
    missing = {cell.proposal.pk for cell in mine if cell.is_gap}
    outdated = {cell.proposal.pk for cell in mine if cell.is_outdated}
    assert having <= answered
    assert not having & missing
    assert outdated <= answered

    [column] = [one for one in matrix.columns if one.authority == municipality]
    assert (column.filled, column.total) == (len(answered), len(mine))
    [card] = cluster_cards(type(cluster).objects.filter(pk=cluster.pk), today)
    assert (card.filled, card.total) == (matrix.filled, matrix.total)
    assert has_content(cluster, [municipality.pk]) == {municipality.pk}
    assert set(Position.objects.answered().values_list("proposal", flat=True)) == answered

    covered = coverage(matrix)
    [share] = [one for one in covered.authorities if one.of.authority == municipality]
    assert (share.answered, share.with_effort) == (len(answered), len(having))
    assert sum(one.with_effort for one in covered.proposals) == len(having)
    assert {gap.proposal.pk for gap in gaps(matrix, slug)} == missing
    assert {
        gap.proposal.pk for gap in gaps(matrix) for one, _lines in gap.inspiration if one is column
    } == {gap.proposal.pk for gap in gaps(matrix)} & having
    compared = side_by_side(matrix, [slug])
    assert {one.proposal.pk for one in compared for side in one.sides if side.is_gap} == missing
    assert {one.proposal.pk for one in compared if one.likeness == Likeness.GAP} == missing

    [waiting] = [
        one for one in waiting_columns(cluster, matrix) if one.column.authority == municipality
    ]
    assert (waiting.answered, waiting.outdated) == (len(answered), len(outdated))
    shown = MatrixFilter({"gammel": "1", "vis": slug}, matrix).shown
    assert {row.proposal.pk for row in shown.rows} == outdated
    for person in (editor, coordinator):
        told = [line for section in sections(person, today) for line in section.lines]
        [waits] = [one for one in told if one.path.endswith(("&gammel=1", "/bekraeftelser/"))]
        assert f": {len(outdated)} " in waits.text
    empty = [one.path for section in sections(editor, today) for one in section.lines]
    assert {path for path in empty if "/felt/" in path} == {
        reverse("clusters:cell-edit", args=[cluster.slug, proposal, slug])
        for proposal, authority in matrix.cells
        if authority == municipality.pk and proposal not in answered
    }

    frozen = thaw(freeze(cluster, matrix, today))
    for key, cell in matrix.cells.items():
        then = frozen.cells[key]
        for name in ("is_filled", "has_effort", "is_gap", "is_outdated"):
            assert getattr(then, name) == getattr(cell, name)


def test_the_pages_show_what_the_readers_count(every_cell, cluster, coordinator, login):
    matrix = read_matrix(get_sheet(coordinator, cluster.slug))
    found, client = coverage(matrix).whole, login(coordinator)
    texts = {
        name: client.get(reverse(f"clusters:{name}", args=[cluster.slug])).content.decode()
        for name in ("matrix", "coverage", "gaps", "freeze")
    }
    assert f"{found.answered} af {found.total}" in texts["matrix"]
    assert f"{found.answered} af {found.total}" in texts["freeze"]
    assert f"{found.answered} af {found.total}" in texts["coverage"]
    assert f"{found.with_effort} har en indsats" in texts["coverage"]
    assert f"{len(gaps(matrix))} af {len(matrix.rows)}" in texts["gaps"]


def test_none_with_an_explanation_is_no_effort(rows, answer, cluster, coordinator):
    for proposal, state in zip(
        rows, ("none", "not_needed", "unknown", "established"), strict=False
    ):
        answer(proposal, "Forklaring", state=PositionState(state))
    whole = coverage(read_matrix(get_sheet(coordinator, cluster.slug))).whole
    assert (whole.answered, whole.with_effort) == (4, 1)


def test_help_explains_every_state(client, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("help-group", args=["klynge"])).content.decode()
    assert not [state.label for state in PositionState if f"{state.label}</span></th>" not in page]


def test_an_effort_in_a_cell_is_an_answer_however_it_came_there(
    login, editor, coordinator, rows, municipality, answer, cluster
):
    [moving, _staying] = answer(rows[0], "Flyttes", "Bliver")
    client, path = login(editor), cell_path(rows[0], municipality)

    def save(*lines, **head):
        version = Position.objects.get(proposal=rows[0]).version
        sent = client.post(path, cell_data(rows[0], *lines, version=version, **head))
        assert not disagreeing()
        return sent.status_code

    def line(**fields):
        return {"effort": moving.pk, "text": "Flyttes", **fields}

    assert save(line(proposals=[rows[0].pk, rows[1].pk])) == 302
    assert Position.objects.get(proposal=rows[1]).state == "answered"
    # It leaves again: nothing is answered there any more.
    assert save(line(proposals=[rows[0].pk])) == 302
    assert Position.objects.get(proposal=rows[1]).state == "not_filled"
    assert save(line(proposals=[rows[2].pk])) == 302
    # The one that the form does not name stays, so the cell cannot be emptied.
    assert save(state="not_filled") == 422
    assert save({"text": "Ny", "proposals": [rows[3].pk]}, state="answered") == 302
    retired = rows[2]
    version = retired.version
    for back in ("", "1"):
        args = [cluster.slug, retired.pk]
        data = {"version": version} | ({"tilbage": "1"} if back else {})
        login(coordinator).post(reverse("clusters:retire", args=args), data)
        version += 1
        client = login(editor)
        assert save(line(proposals=[rows[0].pk], remove="on"), state="established") == 302
    assert not disagreeing()


@pytest.mark.parametrize("state", PositionState)
def test_answer_and_efforts_of_a_form_must_go_together(login, editor, rows, municipality, state):
    client = login(editor)
    for row, lines in zip(rows, ((), ("Kursus",)), strict=False):
        sent = client.post(cell_path(row, municipality), cell_data(row, *lines, state=state.value))
        fits = agreeing(state, holds_efforts=bool(lines)) == state
        assert sent.status_code == (302 if fits else 422)
    assert not disagreeing()


def test_saving_and_confirming_refuse_an_expired_effort_alike(
    login, editor, rows, municipality, answer
):
    """However a save reaches it: as a line, unnamed, or in a cell that the answer goes for too."""
    yesterday = timezone.localdate() - DAY
    [old] = answer(rows[0], "Udløbet", valid_until=yesterday)
    answer(rows[1], "Gælder")
    client = login(editor)
    stored = {"effort": old.pk, "text": "Udløbet", "valid_until": yesterday.isoformat()}
    confirm = reverse("clusters:cell-confirm", args=[rows[0].cluster.slug, rows[0].pk, "nordby"])
    assert client.post(confirm, {"v": f"{rows[0].pk}:1"}).status_code == 422
    for data in (
        cell_data(rows[0], stored, version=1),
        cell_data(rows[0], version=1),
        cell_data(rows[0], "Ny", version=1, state="none"),
    ):
        assert client.post(cell_path(rows[0], municipality), data).status_code == 422
    other = cell_data(rows[1], version=1, same_for=[rows[0].pk])
    assert client.post(cell_path(rows[1], municipality), other).status_code == 422
    assert not Position.objects.exclude(confirmed_on=None)
    # Discontinued is no longer expired, for both.
    Effort.objects.update(state=EffortState.DISCONTINUED)
    assert client.post(confirm, {"v": f"{rows[0].pk}:1"}).status_code == 302
    stored |= {"state": "discontinued"}
    sent = client.post(
        cell_path(rows[0], municipality), cell_data(rows[0], stored, version=2, state="none")
    )
    assert sent.status_code == 302


def test_the_migration_answers_what_holds_efforts(rows, municipality, answer):
    answer(rows[0], "Med række", state=PositionState.NOT_FILLED)
    answer(rows[1], "Etableret")
    answer(rows[2], "Uden række")
    Position.objects.filter(proposal=rows[2]).delete()
    [gone] = answer(rows[3], "Fjernet", state=PositionState.NOT_FILLED)
    gone.removed_at = timezone.now()
    gone.save()
    migration = import_module("clusters.migrations.0008_answers_agree_with_their_efforts")
    for _ in range(2):
        migration.answer_what_holds_efforts(apps, None)
    states = dict(Position.objects.values_list("proposal__number", "state"))
    assert states == {1: "answered", 2: "established", 3: "answered", 4: "not_filled"}
    first = Position.objects.get(proposal=rows[0])
    record = first.history.first()
    assert (record.state, record.version, record.history_type) == ("answered", 2, "~")
    assert record.history_change_reason
    assert not disagreeing()
