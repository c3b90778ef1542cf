"""What is shown and what is judged are rounded alike, and a change is more than one person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.criteria.bounds import Bounds
from initiatives.criteria.chart import chart
from initiatives.criteria.figures import figure_text
from initiatives.criteria.status import Point, judge, rounded
from initiatives.enums import CriterionStatus, IndicatorKind
from initiatives.sustain.thresholds import LeastChange

from ..making_criteria import QUARTERS, TODAY
from .test_status import facts, points


def share(part, whole, day=QUARTERS[-1]):
    return Point(day, Decimal(100 * part) / whole, part, whole)


def test_what_is_shown_as_the_target_has_reached_it():
    """16 of 23 is 69.57 per cent: shown as 70, so judged as 70."""
    case = facts(target=Decimal(70), points=(share(16, 23),))
    assert judge(case, TODAY).status is CriterionStatus.REACHED


@given(
    st.sampled_from([IndicatorKind.SHARE, IndicatorKind.VALUE]),
    st.decimals(0, 100, places=3),
    st.decimals(0, 100, places=3),
)
def test_the_same_text_is_the_same_judgement(kind, value, target):
    shown = [figure_text(one, "", kind) for one in (value, target)]
    case = facts(kind=kind, target=target, baseline=Decimal(0), points=points(value))
    if shown[0] == shown[1]:
        assert judge(case, TODAY).status is CriterionStatus.REACHED


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("0.04", IndicatorKind.VALUE, "0.04"),
        ("-0.004", IndicatorKind.VALUE, "-0.004"),
        ("0", IndicatorKind.VALUE, "0"),
        ("2.25", IndicatorKind.VALUE, "2.3"),
        ("0.3333", IndicatorKind.SHARE, "0.3"),
        ("99.67", IndicatorKind.SHARE, "99.7"),
        ("69.5", IndicatorKind.SHARE, "70"),
    ],
)
def test_only_nothing_is_shown_as_nothing(value, kind, shown):
    assert rounded(Decimal(value), kind) == Decimal(shown)


@pytest.mark.parametrize(
    ("before", "latest", "least", "is_worse", "is_better"),
    [
        ((6, 15), (5, 15), LeastChange(), False, False),
        ((6, 15), (4, 15), LeastChange(), True, False),
        ((4, 15), (6, 15), LeastChange(), False, True),
        ((60, 100), (55, 100), LeastChange(), False, False),
        ((60, 100), (50, 100), LeastChange(), True, False),
        ((5, 10), (4, 10), LeastChange(), False, False),
        ((6, 15), (5, 15), LeastChange(people=1, points=5), True, False),
    ],
)
def test_a_change_is_people_and_points(before, latest, least, is_worse, is_better):
    """Either alone is not enough: one person in a small place, or a point in a large one."""
    two = (share(*before, QUARTERS[-2]), share(*latest))
    found = judge(facts(points=two, least_change=least), TODAY)
    assert (found.is_worse, found.is_better) == (is_worse, is_better)


@pytest.mark.parametrize("kind", [IndicatorKind.VALUE, IndicatorKind.LOG])
@pytest.mark.parametrize(
    ("before", "latest", "least", "is_worse", "is_better"),
    [
        ("6", "5", LeastChange(), False, False),
        ("6", "4", LeastChange(), True, False),
        ("4", "6", LeastChange(), False, True),
        ("100", "95", LeastChange(), False, False),
        ("0", "2", LeastChange(), False, True),
        ("0", "0", LeastChange(), False, False),
        ("2.5", "2.4", LeastChange(), False, False),
        ("2.5", "1.5", LeastChange(), True, False),
        ("6", "5", LeastChange(people=1, points=5), True, False),
    ],
)
def test_one_person_is_no_change_of_a_count_or_an_average(
    kind, before, latest, least, is_worse, is_better
):
    points = (Point(QUARTERS[-2], Decimal(before)), Point(QUARTERS[-1], Decimal(latest)))
    found = judge(facts(kind=kind, points=points, least_change=least), TODAY)
    assert (found.is_worse, found.is_better) == (is_worse, is_better)


PERCENT = Bounds(Decimal(0), Decimal(100))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=4), st.none() | st.integers(0, 100))
def test_the_axis_of_a_share_lies_within_0_and_100(values, target):
    drawn = chart(
        points(*values),
        width=720,
        target=None if target is None else Decimal(target),
        bounds=PERCENT,
    )
    ticks = [tick.value for tick in drawn.ticks]
    assert len(ticks) > 1
    assert min(ticks) >= 0
    assert max(ticks) <= 100
    assert min(ticks) <= min(values)
    assert max(ticks) >= max(values)
