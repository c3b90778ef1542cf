"""What pure modules need to know of rows that are read for them. Pure."""

from datetime import date, time
from typing import Protocol

from ..enums import Factor


class HasSlug(Protocol):
    @property
    def slug(self) -> str: ...


class Place(HasSlug, Protocol):
    """A facility, or a department."""

    @property
    def name(self) -> str: ...


class Replacing(Protocol):
    """A plan that may have taken over from another one, whose key is ``replaces_id``."""

    @property
    def pk(self) -> int: ...
    @property
    def replaces_id(self) -> int | None: ...


class PlanRow(Replacing, Protocol):
    """A line of a weekly plan; as text it is its name."""

    @property
    def facility_id(self) -> int: ...
    @property
    def facility(self) -> Place: ...
    @property
    def factors(self) -> str: ...
    @property
    def factor_list(self) -> tuple[Factor, ...]: ...
    @property
    def weekdays(self) -> str: ...
    @property
    def weekday_list(self) -> tuple[int, ...]: ...
    @property
    def weekday_names(self) -> str: ...
    @property
    def times_per_week(self) -> int | None: ...
    @property
    def start_time(self) -> time | None: ...
    @property
    def duration_minutes(self) -> int | None: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    def get_absolute_url(self) -> str: ...


class JudgedRow(PlanRow, Protocol):
    """With what the reader may do with it, and the id and version of the pause that it is in."""

    @property
    def may_log(self) -> bool: ...
    @property
    def may_manage(self) -> bool: ...
    @property
    def current_pause(self) -> tuple[int, int]: ...
