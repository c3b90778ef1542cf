"""Which registrations of a facility's log are asked for. Pure."""

import datetime as dt
from typing import NamedTuple

from krams.enums import Role

from ..enums import ActivitySource, Factor, Outcome


class Chosen(NamedTuple):
    """What a filter lets through; None is everything. Both days are included.

    ``role`` is one of today that whoever registered has at the facility.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    factor: Factor | None = None
    activity_type: int | None = None
    outcome: Outcome | None = None
    role: Role | None = None
    source: ActivitySource | None = None

    @property
    def leaves_gaps(self) -> bool:
        """Whether it lets only some registrations of a day through, perhaps none for years."""
        return any(one is not None for one in self[2:])
