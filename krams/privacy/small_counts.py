"""Counts of few people are hidden, so that nobody is found by them or by subtracting."""

from collections.abc import Collection, Sequence
from enum import Enum
from itertools import groupby
from typing import Final

from django.utils.translation import gettext


class Hidden(Enum):
    """The one value that stands where a count of few people is hidden."""

    FEW_PEOPLE = "few people"

    def __str__(self) -> str:
        return gettext("Hidden (few people)")


HIDDEN: Final = Hidden.FEW_PEOPLE


Share = tuple[int, int]


# A count by place in the list that was given; places without a figure are left out.
_Line = dict[int, int]


def share_is_small(part: int, whole: int, threshold: int = 5) -> bool:
    """Tell whether a share is about few people: those in it, or the others of the group.

    Who knows the share and the size of the group knows both counts, so both must bear to be
    shown. As in :func:`suppress`, a count of 1 to ``threshold - 1`` does not, and a 0 does: nobody
    is found behind it, and the other count is then the whole group, which is asked as well (0 of 3
    is hidden, 0 of 18 is not).

    Raises ValueError where ``part`` does not lie between 0 and ``whole``.
    """
    return any(_is_small(count, threshold) for count in _counts_of((part, whole)))


def suppress(
    counts: Sequence[int | None], threshold: int = 5, total_shown: bool = True
) -> list[int | Hidden | None]:
    """Return the counts as they may be shown: those of few people replaced by ``HIDDEN``.

    *First* every count from 1 to ``threshold - 1`` is hidden. Nobody is found behind a 0, so it
    is shown; None means that there is no figure, and stays None.

    *Then*, where the total is shown as well, a reader can subtract the shown counts from it. So
    the smallest shown count is hidden too, and the next, until what is left over by subtraction

    - covers at least two counts, so that it is none of them,
    - is itself no small count, and
    - is not the lowest or highest sum that so many small counts can have (two counts of 1 to 4
      that make 8 are both 4).

    Counts above 0 go first: a hidden 0 adds nothing to the sum and so protects least. Where even
    hiding everything does not help, the total is hidden instead (:func:`shown_total`), and nothing
    but the small counts. This is cell suppression (Hundepool et al., *Statistical Disclosure
    Control*, 2012) on one line of a table; where the same counts appear in several tables, hide
    the same ones in each.

    Raises ValueError for a negative count.
    """
    hidden, _total_holds = _protect(_lines_of_counts(counts), threshold, total_shown)
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)]


def shown_total(counts: Sequence[int | None], threshold: int = 5) -> int | Hidden:
    """Return the total of the counts, or ``HIDDEN`` where it is small or gives a count away.

    Belongs to ``suppress(counts, threshold)`` with the same counts.
    """
    _hidden, total_holds = _protect(_lines_of_counts(counts), threshold, total_shown=True)
    return sum(count or 0 for count in counts) if total_holds else HIDDEN


def suppress_shares(
    shares: Sequence[Share | None],
    threshold: int = 5,
    total_shown: bool = True,
    known: Collection[int] = (),
) -> list[Share | Hidden | None]:
    """Return the shares of people, (part, whole) each, as they may be shown; see ``suppress``.

    *First* those that :func:`share_is_small` are hidden. *Then*, where the share of all of them
    together is shown as well, so are further ones, until none can be worked out by subtraction:
    neither the parts, nor the rests, nor the wholes. The same shares are hidden in each.

    ``known`` are places whose own pages show the reader everything. They protect no other place
    from her: what is left over must stay uncertain without them.

    Raises ValueError where a part does not lie between 0 and its whole.
    """
    hidden, _total_holds = _protect(_lines_of_shares(shares), threshold, total_shown, known)
    return [HIDDEN if place in hidden else share for place, share in enumerate(shares)]


def shown_total_share(
    shares: Sequence[Share | None], threshold: int = 5, known: Collection[int] = ()
) -> Share | Hidden:
    """Return the share of all together, or ``HIDDEN`` where it is small or gives one away.

    Belongs to ``suppress_shares(shares, threshold, known=known)`` with the same shares.
    """
    _hidden, total_holds = _protect(_lines_of_shares(shares), threshold, True, known)
    if not total_holds:
        return HIDDEN
    measured = [share for share in shares if share is not None]
    return sum(part for part, _whole in measured), sum(whole for _part, whole in measured)


def _counts_of(share: Share) -> tuple[int, int, int]:
    """Those in the share, the others, and all of them."""
    part, whole = share
    if not 0 <= part <= whole:
        raise ValueError("a part lies between 0 and its whole")
    return part, whole - part, whole


def _lines_of_counts(counts: Sequence[int | None]) -> list[_Line]:
    if any(count is not None and count < 0 for count in counts):
        raise ValueError("a count cannot be negative")
    return [{place: count for place, count in enumerate(counts) if count is not None}]


def _lines_of_shares(shares: Sequence[Share | None]) -> list[_Line]:
    known = {place: _counts_of(share) for place, share in enumerate(shares) if share is not None}
    return [{place: counts[line] for place, counts in known.items()} for line in range(3)]


def _is_small(count: int, threshold: int) -> bool:
    return 0 < count < threshold


def _protect(
    lines: list[_Line], threshold: int, total_shown: bool, known: Collection[int] = ()
) -> tuple[frozenset[int], bool]:
    """Return the places to hide in every line, and whether the totals may be shown then."""
    places = lines[0].keys()
    small = frozenset(
        place for place in places if any(_is_small(line[place], threshold) for line in lines)
    )
    if not total_shown or any(_is_small(sum(line.values()), threshold) for line in lines):
        return small, False

    def protects_least(place: int) -> tuple[bool, int]:
        counts = [line[place] for line in lines]
        return 0 in counts, sum(counts)

    hidden = small
    # Equal ones together: else their order would tell which of the hidden ones is small.
    may_help = sorted(places - small - set(known), key=protects_least)
    for _key, equal in groupby(may_help, protects_least):
        if _withstand_subtraction(lines, hidden - set(known), threshold):
            break
        hidden |= set(equal)
    if _withstand_subtraction(lines, hidden - set(known), threshold):
        return hidden, True
    return small, False


def _withstand_subtraction(lines: list[_Line], hidden: frozenset[int], threshold: int) -> bool:
    """Tell whether total minus shown counts leaves every hidden count of every line uncertain."""
    return not hidden or all(
        _leaves_uncertain([line[place] for place in hidden], threshold) for line in lines
    )


def _leaves_uncertain(values: Sequence[int], threshold: int) -> bool:
    left_over = sum(values)
    if len(values) < 2 or left_over < threshold:
        return False
    if any(value >= threshold for value in values):
        return True
    return len(values) < left_over < len(values) * (threshold - 1)
