"""What the made-up country is thought out of, without a database."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.country import matrix_words
from clusters.country.actions.figures import ends_of_periods
from clusters.country.draws import in_proportion, stream
from clusters.country.places import INHABITANTS, MOST_IN_A_DEPARTMENT, Map
from clusters.country.plan_kinds import KINDS, UNPLANNED
from clusters.country.plans import LEAST_PLANS, MOST_PLANS, lines_of
from clusters.country.weeks import COLUMNS, Place, Planned, Type, count, rows
from krams.seeding.facts_files import FIXTURES

TODAY = dt.date(2026, 11, 26)
NAMES = {kind.type for kind in KINDS} | {name for name, _titles in UNPLANNED}
HELD_ON, WRITTEN, PLAN = (
    COLUMNS.index(name) for name in ("held_on", "registered_at", "planned_activity_id")
)


def place(number: int, weeks: int = 30) -> Place:
    """A facility whose plans have the key 100 × line + row."""
    lines = lines_of(7, number, weeks)
    planned = {
        (index, row): Planned(100 * index + row, 1, None, "Gåtur", "M")
        for index, line in enumerate(lines)
        for row in range(len(line.stretches))
    }
    types = {name: Type(1, name, "M") for name in NAMES}
    return Place(number, number, lines, planned, types, (1, 2, 3))


@given(st.integers(0, 5000), st.lists(st.integers(1, 700), min_size=1, max_size=120))
def test_what_is_divided_is_divided_whole_and_fairly(total, weights):
    parts = in_proportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(
        abs(part - total * one / whole) < 1 for part, one in zip(parts, weights, strict=True)
    )


def test_chance_is_the_same_for_the_same_thing_only():
    first, again, other = (stream(1, "week", number).random() for number in (1, 1, 2))
    assert first == again != other


def test_all_municipalities_have_inhabitants():
    lines = (FIXTURES / "municipalities.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == set(INHABITANTS)


def test_all_types_of_plans_are_common_ones():
    lines = (FIXTURES / "activity_types.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in lines} >= NAMES


def test_places_have_names_and_addresses_of_their_own():
    on_the_map = Map(7)
    made = [*on_the_map.departments_of("aarhus", 95), *on_the_map.departments_of("odense", 700)]
    assert [len(one.facilities) for one in made[:4]] == [30, 30, 30, 5]
    assert max(len(one.facilities) for one in made) == MOST_IN_A_DEPARTMENT
    places = [place for one in made for place in one.facilities]
    assert [one.number for one in places] == list(range(1, 796))
    for slugs in ([one.slug for one in made], [one.slug for one in places]):
        assert len(set(slugs)) == len(slugs)
    assert list(on_the_map.departments_of("laesoe", 0)) == []


def test_proposals_fill_a_matrix_of_forty_rows():
    titles = [title for group in matrix_words.PROPOSALS.values() for title in group]
    assert len(set(titles)) == 40


@pytest.mark.parametrize("last_weekday", [1, 4, 7])
def test_rows_are_as_many_as_were_counted(last_weekday):
    today = dt.date(2026, 11, 22) + dt.timedelta(days=last_weekday)
    for number in range(1, 30):
        one = place(number)
        for weeks_ago in (0, 1, 5, 20, 29):
            last = 7 if weeks_ago else last_weekday
            assert len(rows(one, 7, weeks_ago, today)) == count(one, 7, weeks_ago, last)


def test_the_latest_weeks_are_the_same_however_far_the_log_reaches():
    for number, weeks in zip(range(1, 40), range(20, 137, 3), strict=True):
        short, long = place(number, weeks), place(number, 300)
        for weeks_ago in (*range(4), *range(weeks - 8, weeks + 1)):
            assert rows(short, 7, weeks_ago, TODAY) == rows(long, 7, weeks_ago, TODAY)


def test_the_log_is_as_dense_in_all_years():
    places = [place(number, 530) for number in range(1, 61)]
    weekly = [
        sum(count(one, 7, weeks_ago, 7) for one in places) / len(places)
        for weeks_ago in (10, 60, 150, 300, 500)
    ]
    assert all(11 < one < 15 for one in weekly)


def test_nothing_lies_ahead_and_a_plan_is_registered_once_a_day():
    latest = dt.datetime.combine(TODAY, dt.time(9), dt.UTC)
    for number in range(1, 30):
        found = [row for weeks_ago in (1, 0) for row in rows(place(number), 7, weeks_ago, TODAY)]
        assert all(row[HELD_ON] <= TODAY and row[WRITTEN] <= latest for row in found)
        once = Counter((row[PLAN], row[HELD_ON]) for row in found if row[PLAN] is not None)
        assert max(once.values()) == 1


def test_plans_of_a_line_follow_one_another_without_gaps():
    for number in range(1, 40):
        lines = lines_of(7, number, 400)
        assert LEAST_PLANS <= len(lines) <= MOST_PLANS
        for line in lines:
            newest, *_rest, oldest = (*line.stretches, line.stretches[-1])
            assert (newest.newest, oldest.oldest, oldest.continues) == (0, 400, False)
            for later, earlier in zip(line.stretches, line.stretches[1:], strict=False):
                assert later.oldest + 1 == earlier.newest
                assert not later.continues or later.kind == earlier.kind


def test_periods_end_before_today():
    ends = ends_of_periods(dt.date(2025, 11, 1), dt.date(2026, 10, 1), 3)
    assert [one.isoformat()[:7] for one in ends] == ["2025-12", "2026-03", "2026-06", "2026-09"]
