"""The beat strip: what is drawn, and what is said for who does not see it."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import translation

from initiatives.enums import Verdict
from initiatives.sustain.expected import Pause, Plan
from initiatives.sustain.week_strip import draw, strip_of, unplanned_strip
from initiatives.sustain.weeks import Log, WeekBeat
from krams.danish.weeks import Week

TODAY = date(2026, 11, 21)
NOW = Week.of(TODAY)
START = TODAY - timedelta(weeks=26)


@pytest.fixture(autouse=True)
def in_danish():
    with translation.override("da"):
        yield


def beat(expected, held, paused=False, running=False):
    return WeekBeat(NOW, expected, held, paused, running)


def blocks(path: str) -> int:
    return path.count("M")


@pytest.mark.parametrize(("expected", "held"), [(1, 0), (1, 1), (2, 1), (3, 3), (5, 2), (6, 4)])
def test_a_block_for_each_planned_time_filled_when_held(expected, held):
    cell = draw(beat(expected, held), tallest=expected)
    assert (blocks(cell.on), blocks(cell.off)) == (held, expected - held)
    assert cell.text == f"{held} af {expected}"


def test_held_more_often_than_planned_shows_every_time():
    cell = draw(beat(2, 3), tallest=3)
    assert (blocks(cell.on), blocks(cell.off)) == (3, 0)


def test_the_lowest_block_stands_on_the_ground_and_the_highest_ends_within():
    cell = draw(beat(6, 6), tallest=6)
    tops = [float(path.split("h")[0].split()[1]) for path in cell.on.split("M")[1:]]
    assert tops[0] + 23 / 6 == pytest.approx(33, abs=0.01)
    assert min(tops) >= 0
    assert tops == sorted(tops, reverse=True)


def test_more_blocks_than_can_be_told_apart_become_one_bar():
    for times in (7, 10, 11, 20):
        cell = draw(beat(times, times), tallest=times)
        assert (cell.on, cell.off) == ("M0 0h18v33H0z", "")
    cell = draw(beat(20, 10), tallest=20)
    assert (cell.on, blocks(cell.off)) == ("M0 16.5h18v16.5H0z", 1)
    assert draw(beat(20, 20), tallest=20).off == ""
    assert draw(beat(20, 0), tallest=20).on == ""


def test_a_pause_is_two_bars_and_says_so():
    cell = draw(beat(0, 0, paused=True), tallest=3)
    assert (blocks(cell.pause), cell.on, cell.off, cell.text) == (2, "", "", "på pause")


def test_a_week_without_a_plan_draws_nothing():
    cell = draw(beat(0, 0), tallest=0)
    assert (cell.on, cell.off, cell.pause, cell.text) == ("", "", "", "intet planlagt")


def plan(times=2, pauses=()):
    return Plan(START, None, (), times, pauses)


def log(held_by_weeks_ago: dict, cancelled=None) -> Log:
    return Log(
        Counter({NOW - ago: held for ago, held in held_by_weeks_ago.items()}),
        {NOW - ago: Counter(reasons) for ago, reasons in (cancelled or {}).items()},
    )


def test_a_strip_ends_with_the_running_week():
    strip = strip_of([(plan(), log(dict.fromkeys(range(13), 2)))], TODAY)
    assert len(strip.cells) == 12
    assert [cell.running for cell in strip.cells] == [False] * 11 + [True]
    assert strip.assessment.verdict == Verdict.HOLDING
    assert strip.figures == "8 af 8 gange i de seneste 4 uger"


def test_the_reasons_of_the_judged_weeks_are_summed():
    held = dict.fromkeys(range(5, 13), 2) | {1: 1, 2: 1}
    lately = {1: {"staffing": 1}, 2: {"staffing": 1}, 3: {"staffing": 2}, 4: {"staffing": 2}}
    strip = strip_of([(plan(), log(held, lately | {9: {"weather": 1}}))], TODAY)
    assert strip.assessment.verdict == Verdict.FADING
    assert strip.cancelled == "6 af 8 aflyst: For få medarbejdere"


def test_several_reasons_are_told_with_how_often_each():
    logged = log({}, {1: {"staffing": 2}, 2: {"weather": 1}})
    assert strip_of([(plan(), logged)], TODAY).cancelled == (
        "3 af 8 aflyst: For få medarbejdere (2), Vejret (1)"
    )


def test_stalled_says_since_when_and_paused_until_when():
    stalled = strip_of([(plan(), log({6: 2}, {ago: {"weather": 2} for ago in range(1, 6)}))], TODAY)
    assert (stalled.assessment.verdict, stalled.figures) == (
        Verdict.STALLED,
        "Ingen siden uge 41",
    )
    pause = Pause(TODAY - timedelta(days=30), TODAY + timedelta(days=14))
    paused = strip_of([(plan(pauses=(pause,)), log({}))], TODAY)
    assert (paused.assessment.verdict, paused.figures) == (
        Verdict.PAUSED,
        "Starter igen i uge 49",
    )
    for_ever = Pause(TODAY - timedelta(days=30), None)
    assert strip_of([(plan(pauses=(for_ever,)), log({}))], TODAY).figures == (
        "Uden dato for start igen"
    )


def test_what_is_held_without_a_plan_is_shown_and_nothing_at_all_has_no_verdict():
    strip = unplanned_strip({NOW - 1: 2}, TODAY)
    assert (strip.assessment.verdict, strip.figures) == (
        Verdict.UNPLANNED,
        "2 gange i de seneste 4 uger",
    )
    assert strip.cells[-2].text == "2, ingen planlagt"
    assert unplanned_strip({}, TODAY).assessment is None


def test_what_is_not_registered_is_drawn_said_and_counted_apart():
    written = log(dict.fromkeys(range(5, 13), 2), {1: {"weather": 2}})
    strip = strip_of([(plan(), written)], TODAY)
    assert strip.assessment.verdict == Verdict.UNKNOWN
    assert strip.figures == strip.missing == "6 af 8 er ikke registreret"
    assert strip.cancelled == "2 af 8 aflyst: Vejret"
    assert (strip.assessment.since, strip.assessment.missing_week) == (NOW - 4, NOW - 2)
    known, unknown = strip.cells[-2], strip.cells[-3]
    assert (blocks(known.off), blocks(known.missing)) == (2, 0)
    assert (blocks(unknown.off), blocks(unknown.missing)) == (0, 2)
    assert unknown.text == "0 af 2, 2 ikke registreret"


@pytest.mark.parametrize("times", [2, 6, 7, 11])
def test_blocks_and_columns_tell_the_three_apart(times):
    cell = draw(WeekBeat(NOW, times, 0, False, False, missing=1), tallest=times)
    assert cell.on == ""
    assert cell.off
    assert cell.missing
    assert draw(WeekBeat(NOW, times, 1, False, False, missing=0), tallest=times).missing == ""
