"""Counts of few people are hidden, so that nobody is found by them or by subtracting.

What is shown is put together from nothing but what is shown: a total of places leaves out the
hidden ones, and a sum over weeks takes its weeks in portions that are large enough each. So no
filter, no neighbouring period and no page beside it has anything that could be subtracted. A total
that covered hidden cells would have to hide further ones to protect them (complementary cell
suppression; Hundepool et al., *Statistical Disclosure Control*, 2012), and even so it would give
one away as soon as one of the others is measured again: docs/decisions/14-small-numbers.md.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from django.utils.translation import gettext


class Hidden(Enum):
    """The one value that stands where a count of few people is hidden."""

    FEW_PEOPLE = "few people"

    def __str__(self) -> str:
        return gettext("Hidden (few people)")


HIDDEN: Final = Hidden.FEW_PEOPLE


Share = tuple[int, int]
# How often something was held, and how many took part in all.
Held = tuple[int, int]


def share_is_small(part: int, whole: int, threshold: int = 5) -> bool:
    """Tell whether a share is about few people: those in it, or the others of the group.

    Who knows the share and the size of the group knows both counts, so both must bear to be
    shown. A count of 1 to ``threshold - 1`` does not, and a 0 does: nobody is found behind it, and
    the other count is then the whole group, which is asked as well (0 of 3 is hidden, 0 of 18 is
    not).

    Raises ValueError where ``part`` does not lie between 0 and ``whole``.
    """
    if not 0 <= part <= whole:
        raise ValueError("a part lies between 0 and its whole")
    return any(0 < count < threshold for count in (part, whole - part, whole))


def average_is_small(people: int | None, places: int | None, threshold: int = 5) -> bool:
    """Tell whether an average is about few people: ``people`` is its n.

    One without is of those who live there, so of as many as there are ``places`` at most. Where
    neither is known, nothing says that they are many.
    """
    most = places if people is None else people
    return most is None or most < threshold


def total_share(shares: Sequence[Share | Hidden | None]) -> Share | Hidden | None:
    """Return the shares that are shown added up; None where nobody was measured.

    ``HIDDEN`` where all of them are hidden. It tells nothing that the shown ones do not.
    """
    measured = [share for share in shares if share is not None]
    shown = [share for share in measured if not isinstance(share, Hidden)]
    if not shown:
        return HIDDEN if measured else None
    return sum(part for part, _whole in shown), sum(whole for _part, whole in shown)


def in_portions(weeks: Sequence[Held], threshold: int = 5) -> list[int | Hidden | None]:
    """Return how many took part as it may be told: a number in the last week of each portion.

    ``weeks`` follow each other in time. A week in which nothing was held is a 0 of its own, as
    everybody sees that nobody took part. From the first week with something held on, weeks are
    added up until together they are no small count; the week that makes them so tells the sum of
    all of them, and those before it are None. What is left at the end is ``HIDDEN``, each of them.

    A sum is small below ``threshold``, and below two more than the times held: somebody takes part
    each time, so that one participant each time would be told by the sum. What a later week brings
    changes nothing that an earlier one told: who looks every week learns no more than who looks
    once. Raises ValueError for a negative count.
    """
    if any(times < 0 or people < 0 for times, people in weeks):
        raise ValueError("a count cannot be negative")
    told: list[int | Hidden | None] = []
    times = people = waiting = 0
    for held, came in weeks:
        times, people = times + held, people + came
        if not times:
            told.append(0)
        elif people < max(threshold, times + 2):
            told.append(None)
            waiting += 1
        else:
            told.append(people)
            times = people = waiting = 0
    told[len(told) - waiting :] = [HIDDEN] * waiting
    return told
