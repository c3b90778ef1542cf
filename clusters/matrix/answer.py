"""What somebody wants a cell to hold: a state with efforts, and the choices there are. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rows import ThemeRow

EFFORT_FIELDS = (
    "text",
    "state",
    "valid_from",
    "valid_until",
    "division",
    "link",
    "note",
    "explained_by_id",
    "initiative_id",
    "responsible",
    "next_step",
    "next_step_on",
)


@dataclass(frozen=True)
class EffortInput:
    """One line of the cell as it should be; without ``effort_id`` a new effort.

    ``proposals`` are the keys of all proposals that it serves, ``themes`` those of its themes;
    ``new_theme`` is the name of one more, which may not be known yet. ``removed`` takes the effort
    out of all of them.
    """

    text: str
    state: str
    proposals: frozenset[int]
    effort_id: int | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    division: str = ""
    link: str = ""
    note: str = ""
    explained_by_id: int | None = None
    initiative_id: int | None = None
    responsible: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    themes: frozenset[int] = frozenset()
    new_theme: str = ""
    removed: bool = False

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whatever row keeps it."""
        return (*(getattr(self, name) for name in EFFORT_FIELDS), self.themes, self.proposals)


@dataclass(frozen=True)
class Answer:
    """What a cell should hold. Efforts of the cell that ``efforts`` does not name stay.

    ``same_for`` are the keys of other proposals that get the same state.
    """

    state: str
    state_from: dt.date | None = None
    same_for: frozenset[int] = frozenset()
    efforts: tuple[EffortInput, ...] = ()


@dataclass(frozen=True)
class Choices:
    """What the efforts of one authority can be given, in alphabetical order.

    ``initiatives`` are keys and titles.
    """

    themes: "list[ThemeRow]"
    initiatives: list[tuple[int, str]]
