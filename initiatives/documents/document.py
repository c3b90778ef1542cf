"""An initiative as a document, of rows that were read. Pure.

``queries/document.py`` reads it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from krams.models import Facility

from ..enums import Factor
from .sections import ATTENTION, CRITERIA, ECONOMY, FACTORS, GOALS, Section

if TYPE_CHECKING:
    from ..models import Initiative


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the document; which columns mean something depends on ``kind``."""

    kind: str
    pk: int
    position: int
    text: str
    short: str
    factors: str
    place: int | None
    place_name: str | None
    amount: int | None
    due: date | None
    closed: date | None

    @property
    def facility(self) -> Facility | None:
        return Facility(pk=self.place, name=self.place_name or "") if self.place else None

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return tuple(Factor(letter) for letter in self.factors)


@dataclass
class FactorPart:
    """What the initiative does for one factor, and what single facilities do.

    ``mine`` are the facilities whose text the reader may write, with the text; ``local`` are the
    others' texts.
    """

    factor: Factor
    text: str = ""
    local: list[Line] = field(default_factory=list)
    mine: list[tuple[Facility, str]] = field(default_factory=list)

    @property
    def mine_to_begin(self) -> list[Facility]:
        """Facilities of mine that have not said yet what they do."""
        return [place for place, text in self.mine if not text]


@dataclass
class Document:
    """``initiative`` has its department, municipality, facility and policy fetched.

    ``writable`` are the participating facilities whose own texts the reader may write.
    """

    initiative: "Initiative"
    lines: dict[str, list[Line]]
    writable: list[Facility] = field(default_factory=list)

    @property
    def goals(self) -> list[Line]:
        return self.lines[GOALS]

    @property
    def economy_lines(self) -> list[Line]:
        return self.lines[ECONOMY]

    @property
    def criteria(self) -> list[Line]:
        return self.lines[CRITERIA]

    @property
    def attention_points(self) -> list[Line]:
        return self.lines[ATTENTION]

    @property
    def factor_parts(self) -> list[FactorPart]:
        parts = {factor: FactorPart(factor) for factor in Factor}
        own = {place.pk for place in self.writable}
        written = {(line.factors, line.place): line.text for line in self.lines[FACTORS]}
        for line in self.lines[FACTORS]:
            part = parts[Factor(line.factors)]
            if line.place is None:
                part.text = line.text
            elif line.text and line.place not in own:
                part.local.append(line)
        for part in parts.values():
            part.local.sort(key=lambda line: line.place_name or "")
            part.mine = [
                (place, written.get((part.factor.value, place.pk), "")) for place in self.writable
            ]
        return list(parts.values())

    def values(self, section: Section) -> dict[str, Any]:
        """What the section holds, in the shape that its form takes and gives back."""
        values = {name: getattr(self.initiative, name) for name in section.fields}
        if section.part == GOALS:
            values["goals"] = self.goals
        elif section.part == FACTORS:
            values |= {f"factor_{part.factor.value}": part.text for part in self.factor_parts}
        elif section.has_lines:
            values["rows"] = [_ROWS[section.part](line) for line in self.lines[section.part]]
        return values


def _economy_row(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk,
        "what": line.text,
        "facility": line.facility,
        "amount_dkk": line.amount,
    }


def _criterion_row(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk,
        "number": line.position,
        "title": line.text,
        "short_title": line.short,
        "factors": list(line.factors),
    }


def _attention_row(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk,
        "text": line.text,
        "factor": line.factors,
        "follow_up_on": line.due,
        "closed_on": line.closed,
    }


_ROWS = {ECONOMY: _economy_row, CRITERIA: _criterion_row, ATTENTION: _attention_row}
