"""Counts of few people are hidden. Every number here is made up."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.privacy.small_counts import (
    HIDDEN,
    average_is_small,
    in_portions,
    share_is_small,
    total_share,
)


class TestShareIsSmall:
    @pytest.mark.parametrize("share", [(2, 14), (4, 9), (13, 14), (10, 14), (2, 4), (0, 3), (3, 3)])
    def test_few_in_it_or_few_others(self, share):
        assert share_is_small(*share)

    @pytest.mark.parametrize("share", [(5, 10), (5, 18), (13, 18), (0, 5), (5, 5), (0, 14), (0, 0)])
    def test_many_or_none(self, share):
        assert not share_is_small(*share)

    def test_the_threshold_is_the_municipality_s(self):
        assert not share_is_small(2, 14, threshold=2)
        assert share_is_small(9, 30, threshold=10)

    @pytest.mark.parametrize("share", [(-1, 3), (4, 3)])
    def test_what_is_no_share_is_refused(self, share):
        with pytest.raises(ValueError, match="between"):
            share_is_small(*share)


@pytest.mark.parametrize(
    ("people", "places", "is_small"),
    [
        (4, None, True),
        (4, 40, True),
        (5, None, False),
        (5, 4, False),
        (None, 4, True),
        (None, 5, False),
        (None, None, True),
    ],
)
def test_an_average_is_of_its_n_or_at_most_of_all_places(people, places, is_small):
    assert average_is_small(people, places) == is_small


SMALL = [
    share
    for whole in range(1, 9)
    for share in [(part, whole) for part in range(whole + 1)]
    if share_is_small(*share)
]
shares = st.lists(
    st.none()
    | st.tuples(st.integers(0, 30), st.integers(0, 30))
    .filter(any)
    .map(lambda pair: (pair[0], sum(pair))),
    max_size=6,
)


def shown(each):
    return [one if one is None or not share_is_small(*one) else HIDDEN for one in each]


class TestTotalShare:
    @pytest.mark.parametrize(
        ("each", "total"),
        [
            ([(9, 18), (6, 12)], (15, 30)),
            ([HIDDEN, (6, 12), (9, 18)], (15, 30)),
            ([HIDDEN, (6, 12)], (6, 12)),
            ([HIDDEN, None], HIDDEN),
            ([HIDDEN, HIDDEN], HIDDEN),
            ([None, None], None),
            ([], None),
            ([(0, 12), None], (0, 12)),
        ],
    )
    def test_examples(self, each, total):
        assert total_share(each) == total

    @given(shares)
    def test_it_is_of_few_people_no_more_than_its_parts(self, each):
        total = total_share(shown(each))
        assert total in (None, HIDDEN) or not share_is_small(*total)


class TestInPortions:
    @pytest.mark.parametrize(
        ("weeks", "told"),
        [
            ([], []),
            ([(1, 6), (1, 9)], [6, 9]),
            ([(0, 0), (1, 6), (0, 0)], [0, 6, 0]),
            # Three wait for the next week.
            ([(1, 3), (1, 9)], [None, 12]),
            ([(1, 3), (1, 1), (1, 7)], [None, None, 11]),
            # What is left over at the end waits for a week that may never come.
            ([(1, 6), (1, 3)], [6, HIDDEN]),
            ([(1, 6), (1, 3), (1, 1)], [6, HIDDEN, HIDDEN]),
            # One each time: the times would tell it.
            ([(5, 5)], [HIDDEN]),
            ([(5, 6)], [HIDDEN]),
            ([(5, 7)], [7]),
            # Nothing held inside of a portion hides nobody and ends nothing.
            ([(1, 3), (0, 0), (1, 9)], [None, None, 12]),
        ],
    )
    def test_examples(self, weeks, told):
        assert in_portions(weeks) == told

    def test_the_threshold_is_the_municipality_s(self):
        assert in_portions([(1, 3)], threshold=3) == [3]
        assert in_portions([(1, 9)], threshold=10) == [HIDDEN]

    def test_negative_counts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            in_portions([(1, -1)])

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=13))
    def test_a_later_week_changes_nothing_that_was_told(self, weeks):
        """Neighbouring periods: who looked a week ago and looks today can subtract nothing."""
        weeks = [(times, people if times else 0) for times, people in weeks]
        for until in range(len(weeks)):
            then, now = in_portions(weeks[:until]), in_portions(weeks)[:until]
            for before, today in zip(then, now, strict=True):
                assert before == today or before is HIDDEN


class TestEveryCourseOfWeeks:
    """All courses of four weeks with few people each: no case is left out.

    The reader knows the rule to the letter and how often something was held each week, as the log
    shows, and that somebody took part each time; and has looked at the end of every week.
    """

    MOST, WEEKS = 4, 4

    @pytest.mark.parametrize("threshold", [3, 5])
    def test_two_answers_are_left_for_every_week_that_tells_no_number(self, threshold):
        answers = defaultdict(lambda: [set() for _week in range(self.WEEKS)])
        for times in product(range(3), repeat=self.WEEKS):
            each = [range(n, n + self.MOST + 1) if n else (0,) for n in times]
            for people in product(*each):
                weeks = list(zip(times, people, strict=True))
                told = [
                    tuple(in_portions(weeks[:until], threshold))
                    for until in range(1, len(weeks) + 1)
                ]
                for found, count in zip(answers[times, *told], people, strict=True):
                    found.add(count)
        asked = 0
        for (times, *_earlier, told), found in answers.items():
            for week in range(self.WEEKS):
                if times[week] and self.is_within(times, told, week):
                    asked += 1
                    assert len(found[week]) > 1, (times, told, week)
        assert asked > 500

    def is_within(self, times, told, week):
        """One of several weeks that are told together, by a number so small that all other answers
        were tried, or not at all."""
        first, last = week, week
        while first and told[first - 1] is None:
            first -= 1
        while last < self.WEEKS and told[last] is None:
            last += 1
        if told[last] is HIDDEN:
            return True
        return first < last and told[last] <= sum(times[first : last + 1]) + self.MOST
