"""Counts of few people are hidden. Every number here is made up."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krams.privacy.small_counts import (
    HIDDEN,
    share_is_small,
    shown_total,
    shown_total_share,
    suppress,
    suppress_shares,
)

counts_of_people = st.lists(st.none() | st.integers(0, 12) | st.integers(0, 200), max_size=8)


class TestSuppress:
    @pytest.mark.parametrize(
        ("counts", "shown", "total"),
        [
            ([6, 7], [6, 7], 13),
            ([0, 0], [0, 0], 0),
            ([], [], 0),
            ([3, 20, 30], [HIDDEN, HIDDEN, 30], 53),
            ([3, 0, 20], [HIDDEN, 0, HIDDEN], 23),
            ([None, 3, 7, 9], [None, HIDDEN, HIDDEN, 9], 19),
            ([2, 3, 9], [HIDDEN, HIDDEN, 9], 14),
            # Two small counts, but together still few people.
            ([1, 2, 50], [HIDDEN, HIDDEN, HIDDEN], 53),
            # Together 8, so both would have to be 4.
            ([4, 4, 20], [HIDDEN, HIDDEN, HIDDEN], 28),
            # Nothing left to hide behind: the total goes instead, and no further count.
            ([3], [HIDDEN], HIDDEN),
            ([3, 0], [HIDDEN, 0], HIDDEN),
            # Equal ones go together: their order would tell which one is small.
            ([3, 7, 7, 9], [HIDDEN, HIDDEN, HIDDEN, 9], 26),
            ([4, 4], [HIDDEN, HIDDEN], HIDDEN),
        ],
    )
    def test_examples(self, counts, shown, total):
        assert suppress(counts) == shown
        assert shown_total(counts) == total

    def test_without_a_total_only_small_counts_are_hidden(self):
        assert suppress([3, 0, 20], total_shown=False) == [HIDDEN, 0, 20]

    def test_threshold_is_the_municipality_s(self):
        assert suppress([3, 8, 20], threshold=3) == [3, 8, 20]
        assert suppress([3, 8, 20], threshold=10) == [HIDDEN, HIDDEN, 20]

    def test_negative_counts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            suppress([3, -1])

    @given(counts_of_people, st.integers(1, 10), st.booleans())
    def test_shows_only_true_values_and_no_small_one(self, counts, threshold, total_shown):
        for count, shown in zip(counts, suppress(counts, threshold, total_shown), strict=True):
            assert shown is HIDDEN or shown == count
            if count is None:
                assert shown is None
            elif 0 < count < threshold:
                assert shown is HIDDEN

    @given(counts_of_people, st.integers(2, 10))
    def test_subtraction_finds_neither_one_count_nor_few_people(self, counts, threshold):
        shown, total = suppress(counts, threshold), shown_total(counts, threshold)
        hidden_count = shown.count(HIDDEN)
        if total is HIDDEN or not hidden_count:
            return
        left_over = total - sum(value for value in shown if isinstance(value, int))
        assert hidden_count >= 2
        assert left_over >= threshold

    @given(st.lists(st.integers(1, 4), max_size=5), st.lists(st.integers(5, 9), max_size=2))
    def test_every_small_count_could_have_been_another(self, small, large):
        """Try all small counts that have the sum which subtraction leaves over."""
        counts = small + large
        hidden_count = suppress(counts).count(HIDDEN)
        if not small or shown_total(counts) is HIDDEN or hidden_count > len(small):
            return
        guesses = [
            guess for guess in product(range(1, 5), repeat=len(small)) if sum(guess) == sum(small)
        ]
        assert all(len(set(values)) > 1 for values in zip(*guesses, strict=True))

    @given(counts_of_people)
    def test_a_total_of_few_people_is_hidden(self, counts):
        if 0 < sum(count or 0 for count in counts) < 5:
            assert shown_total(counts) is HIDDEN


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


def shares_of_people(most, max_size):
    """Lists of (part, whole); None is a place without a figure."""
    counts = st.integers(0, most)
    share = st.tuples(counts, counts).filter(any).map(lambda pair: (pair[0], sum(pair)))
    return st.lists(st.none() | share | share | share, max_size=max_size)


def told(shares, threshold):
    """All that a reader of the table sees."""
    return suppress_shares(shares, threshold), shown_total_share(shares, threshold)


def splits(total, places):
    """Every way to share out a number among so many places."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in splits(total - first, places - 1))


def other_worlds(shares, threshold):
    """Tables that look the same so far: what is shown, and with a total shown, the sums too."""
    shown, total = told(shares, threshold)
    hidden = [place for place, share in enumerate(shown) if share is HIDDEN]
    if total is HIDDEN:
        few = [(part, whole) for whole in range(1, threshold + 1) for part in range(whole + 1)]
        guesses = product(few, repeat=len(hidden))
    else:
        part, whole = (sum(shares[place][n] for place in hidden) for n in (0, 1))
        guesses = (
            [(few, few + others) for few, others in zip(*two, strict=True)]
            for two in product(splits(part, len(hidden)), splits(whole - part, len(hidden)))
        )
    for guess in guesses:
        world = list(shares)
        for place, share in zip(hidden, guess, strict=True):
            world[place] = share
        if all(share is None or share[1] for share in world):
            yield world


class TestSuppressShares:
    @pytest.mark.parametrize(
        ("shares", "hidden", "total"),
        [
            ([(9, 18), (6, 12)], [], (15, 30)),
            ([(2, 14), (6, 12), (9, 18)], [0, 1], (17, 44)),
            # The others are few: 1 of 14 could be worked out just as well.
            ([(13, 14), (6, 12), (9, 18)], [0, 1], (28, 44)),
            # 4 and 6 make 10, but their others make 2.
            ([(4, 5), (6, 7), (9, 18), (9, 20)], [0, 1, 2], (28, 50)),
            # Both parts are 4, or they would not make 8.
            ([(4, 10), (4, 20), (9, 30)], [0, 1, 2], (17, 60)),
            # Too few to hide behind: the total goes, and no further share.
            ([(1, 10), (0, 12), (0, 14)], [0], HIDDEN),
            ([(2, 14), (0, 12)], [0], HIDDEN),
            ([(2, 14), None, (3, 14)], [0, 2], (5, 28)),
            ([(2, 14)], [0], HIDDEN),
            ([None, None], [], (0, 0)),
        ],
    )
    def test_examples(self, shares, hidden, total):
        shown = suppress_shares(shares)
        assert [place for place, share in enumerate(shown) if share is HIDDEN] == hidden
        assert shown_total_share(shares) == total

    def test_without_a_total_only_small_shares_are_hidden(self):
        shown = suppress_shares([(2, 14), (6, 12), None], total_shown=False)
        assert shown == [HIDDEN, (6, 12), None]

    @given(shares_of_people(30, 6), st.integers(1, 10), st.booleans())
    def test_shows_only_true_shares_and_no_small_one(self, shares, threshold, total_shown):
        shown = suppress_shares(shares, threshold, total_shown)
        for share, seen in zip(shares, shown, strict=True):
            assert seen is HIDDEN or seen == share
            if share and share_is_small(*share, threshold):
                assert seen is HIDDEN

    @given(shares_of_people(12, 6), st.integers(2, 8))
    def test_subtraction_finds_no_few_people_in_any_line(self, shares, threshold):
        shown, total = told(shares, threshold)
        if total is HIDDEN or HIDDEN not in shown:
            return
        known = [share for share in shown if share not in (None, HIDDEN)]
        part, whole = (total[n] - sum(share[n] for share in known) for n in (0, 1))
        assert shown.count(HIDDEN) >= 2
        assert min(part, whole - part) >= threshold
        assert not share_is_small(*total, threshold)

    @settings(max_examples=200)
    @given(shares_of_people(6, 3), st.integers(2, 4))
    def test_no_hidden_count_can_be_determined(self, shares, threshold):
        """Whoever knows this very rule and all that is shown still finds two possible answers."""
        seen = told(shares, threshold)
        hidden = {place for place, shown in enumerate(seen[0]) if shown is HIDDEN}
        if not hidden:
            return
        answers = {(place, n): set() for place in hidden for n in ("part", "others")}
        for world in other_worlds(shares, threshold):
            if all(len(found) > 1 for found in answers.values()):
                break
            if told(world, threshold) == seen:
                for place in hidden:
                    part, whole = world[place]
                    answers[place, "part"].add(part)
                    answers[place, "others"].add(whole - part)
        assert all(len(found) > 1 for found in answers.values()), answers


class TestEveryTable:
    """All tables of three places with few people each, for every reader: no case is left out."""

    MOST = 6

    @pytest.mark.parametrize("threshold", [3, 4])
    @pytest.mark.parametrize("known", [(), (0,), (1,), (0, 2)])
    def test_what_a_reader_sees_leaves_two_answers_for_every_hidden_count(self, threshold, known):
        """She sees the table, the total, her own places, and knows the rule to the letter."""
        places = [(part, whole) for whole in range(1, self.MOST + 1) for part in range(whole + 1)]
        answers = defaultdict(lambda: [set() for _place in range(6)])
        for table in product(places, repeat=3):
            view = self.view(table, threshold, known)
            for number, (part, whole) in enumerate(table):
                answers[view][2 * number].add(part)
                answers[view][2 * number + 1].add(whole - part)
        asked = 0
        for (shown, total, _own), found in answers.items():
            hidden = [n for n, one in enumerate(shown) if one is HIDDEN and n not in known]
            if not self.is_within(shown, total, _own, hidden):
                continue
            asked += bool(hidden)
            for place in hidden:
                assert min(len(found[2 * place]), len(found[2 * place + 1])) > 1, (shown, total)
        assert asked > 20

    def view(self, table, threshold, known):
        shown = tuple(suppress_shares(table, threshold, known=known))
        total = shown_total_share(table, threshold, known)
        return shown, total, tuple(table[place] for place in known)

    def is_within(self, shown, total, own, hidden):
        """Other answers need no place larger than those that were tried."""
        if total is HIDDEN or not hidden:
            return True
        seen = [one for one in shown if one is not HIDDEN]
        return total[1] - sum(whole for _part, whole in [*seen, *own]) <= self.MOST
