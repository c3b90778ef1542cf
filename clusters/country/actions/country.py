"""What the makers of the parts hand each other: the order, the store, and what stands so far."""

import datetime as dt
from dataclasses import dataclass, field

from initiatives.models import ActivityType, Indicator, Initiative, SuccessCriterion
from krams.models import Authority, Cluster, Department, Facility, User

from ..places import MadeDepartment
from .store import Store

FACILITIES, MATRICES, SEED = 1500, 17, 2026
REASON = "Opdigtet land"
# An initiative is followed for so long, however far the log reaches.
YEARS_OF_AN_INITIATIVE = 4


@dataclass(frozen=True, slots=True)
class Order:
    """How large a country is wanted, and on which day it ends."""

    activities: int
    today: dt.date
    facilities: int = FACILITIES
    matrices: int = MATRICES
    seed: int = SEED


@dataclass(slots=True)
class Site:
    """A facility with its people: two who register, and who leads it."""

    number: int
    facility: Facility
    staff: tuple[User, User]
    manager: User


@dataclass(slots=True)
class Branch:
    """A department with what is made for it."""

    made: MadeDepartment
    department: Department
    manager: User
    sites: list[Site]
    initiative: Initiative | None = None
    criteria: list[tuple[SuccessCriterion, list[Indicator]]] = field(default_factory=list)


@dataclass(slots=True)
class Country:
    order: Order
    store: Store
    # The Monday of the first week of the log, and how many weeks ago that was.
    first_monday: dt.date
    weeks: int
    # So many of the first week's registrations would be more than were ordered.
    surplus: int
    branches: list[Branch] = field(default_factory=list)
    editors: dict[int, User] = field(default_factory=dict)
    coordinators: dict[int, User] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)
    # By municipality, 0 the common ones; each by the name of the common type that it is.
    types: dict[int, dict[str, ActivityType]] = field(default_factory=dict)

    @property
    def founded(self) -> dt.datetime:
        """When its places and people were entered: before anything that they did."""
        followed = self.order.today - dt.timedelta(days=365 * YEARS_OF_AN_INITIATIVE)
        day = min(self.first_monday, followed) - dt.timedelta(days=60)
        return dt.datetime.combine(day, dt.time(9), dt.UTC)

    def types_of(self, municipality: Authority | int) -> dict[str, ActivityType]:
        key = municipality if isinstance(municipality, int) else municipality.pk
        return self.types.get(key) or self.types[0]
