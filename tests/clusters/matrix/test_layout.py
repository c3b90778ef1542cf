"""The matrix as a pure read model: states, joint answers, what is out of date, labels."""

import datetime as dt
from types import SimpleNamespace

import pytest

from clusters.enums import EffortState, PositionState
from clusters.matrix.cell_status import months_before
from clusters.matrix.layout import build
from clusters.matrix.notes_below import unique_letters
from clusters.matrix.wording import numbers
from krams.enums import AuthorityKind

TODAY = dt.date(2026, 11, 21)
GROUP, OTHER_GROUP = SimpleNamespace(pk=1, name="A"), SimpleNamespace(pk=2, name="B")
KOMMUNE = SimpleNamespace(pk=1, name="Rebild", slug="rebild", kind=AuthorityKind.MUNICIPALITY)
REGION = SimpleNamespace(pk=2, name="Region Nordjylland", slug="rn", kind=AuthorityKind.REGION)


def proposal(number, group=GROUP):
    return SimpleNamespace(
        pk=number,
        number=number,
        title="T",
        group=group,
        group_id=group.pk,
        concerned="",
    )


def position(number, state=PositionState.ESTABLISHED, authority=KOMMUNE, confirmed=None, day=None):
    return SimpleNamespace(
        proposal_id=number,
        authority_id=authority.pk,
        state=state,
        state_from=day,
        confirmed_on=confirmed,
        version=3,
    )


class Effort(SimpleNamespace):
    def has_expired(self, today):
        return self.valid_until is not None and self.valid_until < today


def effort(key, authority=KOMMUNE, **fields):
    values = {
        "state": EffortState.RUNNING,
        "text": f"E{key}",
        "note": "",
        "division": "",
        "valid_from": None,
        "valid_until": None,
        "explained_by_id": None,
    }
    return Effort(pk=key, authority_id=authority.pk, **values | fields)


def place(one, number, order=0):
    return SimpleNamespace(effort=one, effort_id=one.pk, proposal_id=number, position=order)


def note(key, authority=KOMMUNE, division=""):
    return SimpleNamespace(
        pk=key, authority_id=authority.pk, heading=f"H{key}", text="T", link="", division=division
    )


def matrix(proposals=None, positions=(), places=(), notes=(), authorities=(KOMMUNE, REGION)):
    columns = [
        SimpleNamespace(authority=one, authority_id=one.pk, may_edit=False) for one in authorities
    ]
    return build(
        columns=columns,
        proposals=proposals or [proposal(1), proposal(2), proposal(3)],
        positions=positions,
        places=places,
        notes=notes,
        today=TODAY,
        interval_months=6,
    )


def test_no_row_is_not_filled_and_never_none():
    found = matrix(positions=[position(1, PositionState.NONE)])
    assert found.cells[1, 1].state is PositionState.NONE
    assert found.cells[1, 1].is_filled
    empty = found.cells[2, 1]
    assert (empty.state, empty.is_filled, empty.version) == (PositionState.NOT_FILLED, False, 0)
    assert empty.state_text != found.cells[1, 1].state_text
    assert not empty.is_outdated
    assert empty.confirmed_text == ""


def test_every_state_shows_in_its_own_words_and_symbol():
    states = list(PositionState)
    proposals = [proposal(number) for number in range(1, len(states) + 1)]
    found = matrix(proposals, [position(n, state) for n, state in enumerate(states, 1)])
    shown = [found.cells[n, 1] for n in range(1, len(states) + 1)]
    assert [cell.state for cell in shown] == states
    assert len({cell.state_text for cell in shown}) == len(states)
    assert len({cell.state.symbol for cell in shown}) == len(states)


def test_the_share_counts_answers_and_an_explicit_not_filled_is_none():
    found = matrix(
        positions=[
            position(1, PositionState.NONE),
            position(2, PositionState.NOT_FILLED),
            position(3, PositionState.UNKNOWN, REGION),
        ]
    )
    assert [(column.filled, column.total) for column in found.columns] == [(1, 3), (1, 3)]
    assert (found.filled, found.total) == (2, 6)


def joint(found):
    return [cell.rowspan for row in found.rows for cell in row.cells[:1]]


def shared(*efforts, on=(1, 2, 3)):
    return [place(one, number) for one in efforts for number in on]


def test_one_answer_to_adjacent_proposals_is_one_cell():
    found = matrix(positions=[position(n) for n in (1, 2, 3)], places=shared(effort(1), effort(2)))
    assert joint(found) == [3, 0, 0]
    assert found.cells[1, 1].joint_text.endswith("1, 2 og 3")
    assert [len(block) for group in found.groups for block in group.blocks] == [3]
    assert [cell.column.authority.slug for cell in found.rows[2].answered_above] == ["rebild"]


@pytest.mark.parametrize(
    ("positions", "places"),
    [
        ([position(n) for n in (1, 2, 3)], [*shared(effort(1)), place(effort(2), 2)]),
        (
            [position(1), position(2, PositionState.PLANNED), position(3)],
            shared(effort(1)),
        ),
        (
            [position(1), position(2, day=dt.date(2027, 1, 1)), position(3)],
            shared(effort(1)),
        ),
        ([position(n) for n in (1, 2, 3)], []),
        ([position(n, PositionState.NONE) for n in (1, 2, 3)], []),
        ([], shared(effort(1))),
        ([position(1), position(3)], shared(effort(1))),
    ],
    ids=[
        "other efforts",
        "other state",
        "other date",
        "no efforts",
        "none thrice",
        "nobody answered",
        "one not filled",
    ],
)
def test_answers_that_differ_stay_apart(positions, places):
    assert joint(matrix(positions=positions, places=places)) == [1, 1, 1]


def test_one_answer_does_not_reach_over_a_group_or_a_gap():
    everywhere = [position(n) for n in (1, 2, 3)]
    places = shared(effort(1))
    over_groups = [proposal(1), proposal(2), proposal(3, OTHER_GROUP)]
    assert joint(matrix(over_groups, everywhere, places)) == [2, 0, 1]
    gap = [place(effort(1), 1), place(effort(1), 3)]
    assert joint(matrix(positions=everywhere, places=gap)) == [1, 1, 1]


def test_other_columns_do_not_join():
    found = matrix(
        positions=[position(1), position(2), position(1, authority=REGION)],
        places=shared(effort(1), on=(1, 2)),
    )
    assert [cell.rowspan for cell in found.rows[0].cells] == [2, 1]
    assert [cell.rowspan for cell in found.rows[1].cells] == [0, 1]


def test_what_is_left_of_a_joint_answer_after_a_filter_is_one_cell():
    found = matrix(positions=[position(n) for n in (1, 2, 3)], places=shared(effort(1)))
    left = found.narrowed(lambda row: row.proposal.number > 1, found.columns)
    assert joint(left) == [2, 0]
    apart = found.narrowed(lambda row: row.proposal.number != 2, found.columns)
    assert joint(apart) == [2, 0]
    assert apart.rows[0].cells[0].joint_text.endswith("1, 2 og 3")


def test_a_joint_answer_is_as_fresh_as_its_oldest_confirmation():
    days = [dt.date(2026, 11, 1), dt.date(2025, 9, 5), dt.date(2026, 10, 1)]
    found = matrix(
        positions=[position(n, confirmed=day) for n, day in enumerate(days, 1)],
        places=shared(effort(1)),
    )
    assert found.cells[1, 1].confirmed_text.endswith("09.2025")
    assert found.cells[1, 1].is_unconfirmed


@pytest.mark.parametrize(
    ("day", "is_old", "words"),
    [
        (dt.date(2026, 10, 12), False, "12.10.2026"),
        (dt.date(2026, 5, 21), False, "21.05.2026"),
        (dt.date(2026, 5, 20), True, "05.2026"),
        (dt.date(2021, 3, 2), True, "03.2021"),
        (None, True, ""),
    ],
)
def test_a_confirmation_lasts_for_the_clusters_interval(day, is_old, words):
    cell = matrix(positions=[position(1, confirmed=day)]).cells[1, 1]
    assert cell.is_unconfirmed is is_old
    assert cell.confirmed_text.endswith(words)
    assert cell.confirmed_text


@pytest.mark.parametrize(
    ("until", "expired"),
    [(dt.date(2021, 5, 31), True), (TODAY, False), (TODAY - dt.timedelta(days=1), True)],
)
def test_an_effort_expires_the_day_after_its_last(until, expired):
    found = matrix(positions=[position(1)], places=[place(effort(1, valid_until=until), 1)])
    cell = found.cells[1, 1]
    assert cell.has_expired is expired
    texts = [tag.text for tag in cell.lines[0].tags]
    assert texts == ([f"Udløbet {until:%d.%m.%Y}"] if expired else [])
    assert cell.is_outdated


@pytest.mark.parametrize("state", [EffortState.PLANNED, EffortState.POSTPONED])
def test_an_effort_that_does_not_run_says_so_and_also_that_it_has_expired(state):
    one = effort(1, state=state, valid_until=dt.date(2021, 1, 1))
    found = matrix(positions=[position(1)], places=[place(one, 1)])
    texts = [tag.text for tag in found.cells[1, 1].lines[0].tags]
    assert texts == [state.label, "Udløbet 01.01.2021"]


def test_a_discontinued_effort_needs_no_expiry_and_a_coming_one_says_from_when():
    gone = effort(1, state=EffortState.DISCONTINUED, valid_until=dt.date(2016, 1, 1))
    coming = effort(2, valid_from=dt.date(2027, 1, 1))
    found = matrix(positions=[position(1)], places=[place(gone, 1), place(coming, 1)])
    lines = found.cells[1, 1].lines
    assert [[tag.text for tag in line.tags] for line in lines] == [
        [EffortState.DISCONTINUED.label],
        ["Fra 01.01.2027"],
    ]


def test_planned_and_discontinued_answers_carry_their_date():
    day = dt.date(2027, 1, 1)
    found = matrix(
        positions=[
            position(1, PositionState.PLANNED, day=day),
            position(2, PositionState.DISCONTINUED, day=day),
            position(3, PositionState.ESTABLISHED, day=day),
        ]
    )
    shown = [found.cells[n, 1].state_text for n in (1, 2, 3)]
    assert [("01.01.2027" in text) for text in shown] == [True, True, False]


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (["Rebild", "Mariagerfjord", "Vesthimmerland", "Region Nordjylland"], "R M V N"),
        (["Rebild", "Randers", "Morsø"], "Re Ra M"),
        (["Mariagerfjord", "Marstal"], "Mari Mars"),
        (["Ærø", "Aarhus", "Åkirkeby"], "Æ A Å"),
        (["Thisted", "Thisted"], "T1. T2."),
    ],
)
def test_letters_tell_authorities_apart(names, letters):
    assert unique_letters(names) == letters.split()


def test_notes_are_numbered_by_authority_the_undivided_first():
    explained = effort(1, explained_by_id=12, note="Mere")
    found = matrix(
        positions=[position(1)],
        places=[place(explained, 1), place(explained, 2)],
        notes=[note(11, division="psychiatric"), note(12), note(13, REGION)],
    )
    entries = found.columns[0].entries
    assert [(entry.label, entry.anchor) for entry in entries] == [
        ("R1", "u-12"),
        ("R2", "i-1"),
        ("R3", "u-11"),
    ]
    assert [entry.label for entry in found.columns[1].entries] == ["N1"]
    assert [entry.label for entry in found.cells[1, 1].lines[0].entries] == ["R1", "R2"]


def test_lines_say_where_another_division_begins():
    parts = ["somatic", "somatic", "psychiatric", ""]
    places = [place(effort(n, REGION, division=d), 1) for n, d in enumerate(parts, 1)]
    found = matrix(positions=[position(1, authority=REGION)], places=places)
    assert [bool(line.part) for line in found.cells[1, 2].lines] == [True, False, True, True]


def test_numbers_are_spoken():
    assert numbers([proposal(7)]) == "7"
    assert numbers([proposal(7), proposal(8)]) == "7 og 8"
    assert numbers([proposal(7), proposal(8), proposal(9)]) == "7, 8 og 9"


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2024, 3, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 11, 21), 60, dt.date(2021, 11, 21)),
        (dt.date(2026, 12, 31), 1, dt.date(2026, 11, 30)),
    ],
)
def test_months_before_stays_in_its_month(day, months, before):
    assert months_before(day, months) == before
