"""Which days a pause of the whole facility adds to the pauses that a plan has already. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from ..sustain.expected import Pause


class Days(NamedTuple):
    """From the first day to the one before ``until``; without that there is no end."""

    first: dt.date
    until: dt.date | None


def common_days(one: Days, other: Days) -> Days | None:
    """The days that both have; None where there are none."""
    ends = [days.until for days in (one, other) if days.until]
    found = Days(max(one.first, other.first), min(ends, default=None))
    return found if found.until is None or found.first < found.until else None


def free_days(wanted: Days, taken: Iterable[Pause]) -> list[Days]:
    """What of the ``wanted`` days no pause has taken, in order."""
    found, first = [], wanted.first
    for pause in sorted(taken, key=lambda pause: pause.starts_on):
        if wanted.until and pause.starts_on >= wanted.until:
            break
        if pause.starts_on > first:
            found.append(Days(first, pause.starts_on))
        if pause.restarts_on is None:
            return found
        first = max(first, pause.restarts_on)
    if wanted.until is None or first < wanted.until:
        found.append(Days(first, wanted.until))
    return found
