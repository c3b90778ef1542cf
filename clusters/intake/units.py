"""A cell or note of a document beside what is stored, and what somebody decided about it. Pure."""

import datetime as dt
import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from ..enums import Division, PositionState
from ..matrix.answer import Answer, EffortInput
from ..matrix.cell_status import Cell
from ..matrix.layout import Column
from ..matrix.wording import numbers
from .reading import Doubt, ReadAnswer, ReadNote

if TYPE_CHECKING:
    from ..matrix.rows import NoteRow


class Kind(enum.StrEnum):
    """How what was read stands to what is stored. An empty cell of a document answers nothing:
    what stands in the portal stays (``MISSING``)."""

    NEW = "new"
    CHANGED = "changed"
    MISSING = "missing"
    SAME = "same"

    @property
    def label(self) -> str:
        return {
            Kind.NEW: _("New"),
            Kind.CHANGED: _("Changed"),
            Kind.MISSING: _("Not in the document"),
            Kind.SAME: _("The same"),
        }[self]

    @property
    def tone(self) -> str:
        return {"new": "is-ok", "changed": "is-warn"}.get(self.value, "is-flat")

    @property
    def symbol(self) -> str:
        return {"new": "i-check", "changed": "i-pen", "missing": "i-open"}.get(
            self.value, "i-equal"
        )


class Decided(Protocol):
    """What somebody decided about a cell or note; ``seen`` are the versions that stood there."""

    choice: str
    edited: Any
    seen: str
    version: int


ACCEPT, SKIP = "accept", "skip"


@dataclass
class Unit:
    """A cell of the document, over all proposals that it answers, or a note.

    ``efforts`` are those that it should hold, and what becomes of others; ``seen`` the versions of
    what stands there now.
    """

    key: str
    column: Column
    kind: Kind
    seen: str
    cells: list[Cell] = field(default_factory=list)
    read: ReadAnswer | None = None
    state: PositionState = PositionState.NOT_FILLED
    state_from: dt.date | None = None
    efforts: list[EffortInput] = field(default_factory=list)
    note: ReadNote | None = None
    stored_note: "NoteRow | None" = None
    doubts: list[Doubt] = field(default_factory=list)
    decision: Decided | None = None

    @property
    def title(self) -> str:
        if self.note:
            return _("Note: %(heading)s") % {"heading": self.note.heading}
        if len(self.cells) == 1:
            return str(self.cells[0].proposal)
        return _("Proposals %(numbers)s") % {
            "numbers": numbers([cell.proposal for cell in self.cells])
        }

    @property
    def division_text(self) -> str:
        division = self.note.division if self.note else ""
        return str(Division(division).label) if division else ""

    @property
    def answer(self) -> Answer:
        """What the cell should hold, as :mod:`clusters.matrix.conflict` shows it."""
        here = {cell.proposal.pk for cell in self.cells}
        efforts = (
            one if here & one.proposals else replace(one, removed=True) for one in self.efforts
        )
        return Answer(self.state, self.state_from, efforts=tuple(efforts))

    @property
    def is_blocked(self) -> bool:
        return any(doubt.blocks for doubt in self.doubts)

    @property
    def differs(self) -> bool:
        return self.kind in (Kind.NEW, Kind.CHANGED)

    @property
    def may_decide(self) -> bool:
        return self.differs and self.column.may_edit

    @property
    def may_accept(self) -> bool:
        return self.may_decide and not self.is_blocked

    @property
    def is_sure(self) -> bool:
        """New, and nothing in it needs somebody's eyes: taken in with all others of its kind."""
        return self.kind == Kind.NEW and self.may_accept and not self.doubts

    @property
    def choice(self) -> str:
        return self.decision.choice if self.decision else ""

    @property
    def is_accepted(self) -> bool:
        return self.choice == ACCEPT and self.may_accept

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody has changed what stands there since it was accepted."""
        return (
            self.choice == ACCEPT
            and self.decision is not None
            and (self.decision.seen != self.seen)
        )


@dataclass
class Preview:
    """All that a document says, against the matrix. ``absent`` are proposals and authorities that
    it does not name at all, ``left`` notes of the portal that it does not have."""

    units: list[Unit]
    absent: list[str] = field(default_factory=list)
    left: list["NoteRow"] = field(default_factory=list)

    def of_kind(self, kind: Kind) -> list[Unit]:
        return [unit for unit in self.units if unit.kind == kind]

    @property
    def by_key(self) -> dict[str, Unit]:
        return {unit.key: unit for unit in self.units}

    @property
    def accepted(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_accepted]

    @property
    def sure(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_sure and not unit.decision]

    @property
    def waiting(self) -> list[Unit]:
        return [unit for unit in self.units if unit.may_decide and not unit.decision]
