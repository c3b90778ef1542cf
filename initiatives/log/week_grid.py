"""The week grid: planned activities by days, for those who write the whole week up on Friday.

Pure. Plans and registrations of a week go in, a :class:`Grid` of cells comes out. A cell holds what
is registered, what somebody typed into it, or why nothing can be typed there.
"""

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.danish.weeks import Week

from ..enums import CancellationReason
from ..sustain.expected import Pause, Plan, expected_in_week, house_pause
from ..sustain.rows import PlanRow

CANCELLED = "A"
_BASE = re.compile(r"(\d{1,18})\.(\d{1,9})\.(\d{1,9}|a-[a-z_]{1,20}(?::[0-9a-f]{8})?)", re.ASCII)

Key = tuple[int, dt.date]


class Shut(Enum):
    """Why a cell takes nothing: the day has not come, the plan or the facility did not run, or
    the day has several registrations, which only the log can tell apart."""

    FUTURE = "future"
    NOT_RUNNING = "not_running"
    CLOSED = "closed"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says: held with so many, or cancelled for a reason, "other" in own ``words``."""

    count: int | None = None
    reason: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        return CANCELLED if self.count is None else str(self.count)

    @property
    def label(self) -> str:
        if self.count is None:
            reason = self.words or CancellationReason(self.reason).label
            return _("cancelled, %(reason)s") % {"reason": reason}
        text = ngettext("%(number)s participant", "%(number)s participants", self.count)
        return text % {"number": self.count}

    def is_lost_to(self, other: Self | None) -> bool:
        """Whether ``other`` in its place removes something that a corrected number would not."""
        if other is None or (self.count is None) != (other.count is None):
            return True
        return bool(self.words) and not other.words

    def __str__(self) -> str:
        if self.count is not None:
            return str(self.count)
        # Own words are compared by a checksum: they may hold any sign, and a base may not.
        words = f":{zlib.crc32(self.words.encode()):08x}" if self.words else ""
        return f"a-{self.reason}{words}"


@dataclass(frozen=True, slots=True)
class Base:
    """Which registration a cell showed when it was filled in, at which version, and what it said.

    Travels with the form, so that a cell nobody touched changes nothing, and one that somebody
    else has changed since is noticed.
    """

    pk: int
    version: int
    said: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for an empty cell, and for anything that :meth:`__str__` has not written."""
        match = _BASE.fullmatch(text)
        return cls(int(match[1]), int(match[2]), match[3]) if match else None

    def __str__(self) -> str:
        return f"{self.pk}.{self.version}.{self.said}"


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration of a plan and day."""

    pk: int
    version: int
    said: Said
    by: str = ""

    @property
    def base(self) -> Base:
        return Base(self.pk, self.version, str(self.said))

    def yes_to(self, said: Said | None) -> str:
        """What is sent by whoever agrees that just this gives way to ``said``."""
        return f"{self.base}={said or ''}"


@dataclass(slots=True)
class Cell:
    """One plan on one day; ``text``, ``reason`` and ``base`` are what its fields hold.

    ``planned``: a fixed day of the plan. ``possible``: any day of a plan without fixed days.
    ``losing`` is what is registered and would give way to what was typed; ``yes`` agrees to that,
    or says that what is planned for later (``start_time``) has been held already.
    """

    plan_id: int
    day: dt.date
    planned: bool = False
    possible: bool = False
    paused: bool = False
    is_past: bool = False
    shut: Shut | None = None
    registered: Sequence[Registered] = ()
    text: str = ""
    reason: str = ""
    words: str = ""
    base: str = ""
    error: str = ""
    clash: Registered | None = None
    is_clash: bool = False
    losing: Registered | None = None
    yes: str = ""
    start_time: dt.time | None = None
    # How many took part on that day of the week before: offered, never a registration by itself.
    proposal: int | None = None

    @property
    def key(self) -> Key:
        return self.plan_id, self.day

    @property
    def name(self) -> str:
        return f"{self.plan_id}-{self.day.isoweekday()}"

    @property
    def is_cancelled_otherwise(self) -> bool:
        return self.reason == CancellationReason.OTHER

    @property
    def is_troubled(self) -> bool:
        return bool(self.error or self.is_clash or self.losing)

    @property
    def is_missing(self) -> bool:
        """Planned, past, and nothing is known of it."""
        return self.planned and self.is_past and not self.shut and not self.registered


@dataclass(frozen=True, slots=True)
class Change:
    """What a cell shall say, and what it was based on.

    ``yes`` is the person's answer where something registered is lost (:meth:`Registered.yes_to`).
    """

    cell: Cell
    said: Said | None
    base: Base | None
    yes: str = ""


@dataclass(slots=True)
class Row:
    """A plan's week."""

    planned: PlanRow
    cells: list[Cell]
    expected: int

    @property
    def held(self) -> int:
        return sum(one.said.count is not None for cell in self.cells for one in cell.registered)


@dataclass(slots=True)
class Grid:
    week: Week
    today: dt.date
    rows: list[Row] = field(default_factory=list)
    unplanned: Sequence[object] = field(default_factory=list)
    house_pause: Pause | None = None

    @property
    def cells(self) -> dict[Key, Cell]:
        return {cell.key: cell for row in self.rows for cell in row.cells}

    @property
    def days(self) -> tuple[dt.date, ...]:
        return self.week.days

    @property
    def before(self) -> Week:
        return self.week - 1

    @property
    def after(self) -> Week | None:
        """The next week, unless it has not begun."""
        following = self.week + 1
        return following if following.monday <= self.today else None

    @property
    def missing(self) -> int:
        return sum(cell.is_missing for row in self.rows for cell in row.cells)

    @property
    def has_proposals(self) -> bool:
        return any(cell.proposal is not None for row in self.rows for cell in row.cells)

    @property
    def first_day(self) -> int:
        """The weekday that a phone shows first: today, or the first with something missing."""
        if Week.of(self.today) == self.week:
            return self.today.isoweekday()
        days = [c.day.isoweekday() for row in self.rows for c in row.cells if c.is_missing]
        return min(days, default=1)


def build(
    week: Week,
    today: dt.date,
    plans: Iterable[tuple[PlanRow, Plan]],
    registered: Mapping[Key, Sequence[Registered]],
    closed_on: dt.date | None = None,
    last_week: Mapping[Key, int] | None = None,
) -> Grid:
    """Lay a week out. ``plans`` are model rows (``pk``, ``replaces_id``) with their plans.

    ``closed_on`` is the facility's last day, where it has one; ``last_week`` says how many took
    part in the week before.
    """
    plans = list(plans)
    resting = house_pause((plan for _planned, plan in plans), week.monday, week.sunday)
    grid = Grid(week, today, house_pause=resting)
    for planned, plan in plans:
        cells = [
            _cell(planned, plan, day, today, registered.get((planned.pk, day), ()), closed_on)
            for day in week.days
        ]
        if last_week:
            _propose(planned, cells, last_week)
        grid.rows.append(Row(planned, cells, expected_in_week(plan, week)))
    return grid


def _propose(planned: PlanRow, cells: Iterable[Cell], last_week: Mapping[Key, int]) -> None:
    """Offer the number of the same weekday, of the rhythm before too, where nothing is known."""
    for cell in cells:
        if cell.planned and not cell.shut and not cell.registered:
            day = cell.day - dt.timedelta(weeks=1)
            keys = ((pk, day) for pk in (planned.pk, planned.replaces_id) if pk)
            cell.proposal = next((last_week[key] for key in keys if key in last_week), None)


def _cell(
    planned: PlanRow,
    plan: Plan,
    day: dt.date,
    today: dt.date,
    registered: Sequence[Registered],
    closed_on: dt.date | None,
) -> Cell:
    runs = plan.runs_on(day)
    cell = Cell(
        planned.pk,
        day,
        planned=runs and plan.falls_on(day),
        possible=runs and not plan.weekdays,
        is_past=day < today,
        paused=plan.is_current(day) and plan.pause_on(day) is not None,
        registered=registered,
        start_time=getattr(planned, "start_time", None),
    )
    if day > today:
        cell.shut = Shut.FUTURE
    elif len(registered) > 1:
        cell.shut = Shut.SEVERAL
    elif closed_on and day > closed_on:
        cell.shut = Shut.CLOSED
    elif not registered and not plan.is_current(day):
        cell.shut = Shut.NOT_RUNNING
    elif registered:
        [one] = registered
        said, cell.base = one.said, str(one.base)
        cell.text, cell.reason, cell.words = said.text, said.reason, said.words
    return cell
