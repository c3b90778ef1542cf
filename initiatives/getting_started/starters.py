"""Templates for whoever begins: lines of a weekly plan, and initiatives.

They stand in ``fixtures/starters.toml`` and are offered, never facts: each place that takes one
over makes it its own.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from krams.seeding.facts_files import FIXTURES, Entry, read_facts

from ..documents.sections import ATTENTION, BY_SLUG, CRITERIA, ECONOMY, FACTORS, Section
from ..enums import FACTOR_SETS, WEEKDAY_SETS, Factor
from ..fields import factors_of
from ..weekdays import weekday_names

_LINE = ("type", "title", "factors", "days", "times", "time", "minutes", "role", "suggested")
_TEXTS = (
    *("introduction", "purpose", "target_group", "actors", "timeline", "economy"),
    *("criteria_note", "follow_up"),
)
_TAKEN_OVER = (
    *("beskrivelse", "formaal", "maalgruppe", "aktoerer", "tidsplan", "oekonomi"),
    *("succeskriterier", "opfoelgning"),
)


@dataclass(frozen=True, slots=True)
class StarterLine:
    """A line of a weekly plan; ``type`` is the name of a common activity type."""

    key: str
    type: str
    title: str
    factors: str
    weekdays: str
    times_per_week: int | None
    start_time: dt.time | None
    duration_minutes: int
    responsible_role: str
    is_suggested: bool

    def __str__(self) -> str:
        return self.title or self.type

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)

    @property
    def weekday_names(self) -> str:
        return weekday_names(self.weekdays)

    @property
    def rhythm_days(self) -> str:
        """A template is of every week."""
        return self.weekday_names

    def values(self) -> dict[str, Any]:
        """What a planned activity takes from it, without its type and its dates."""
        names: tuple[str, ...] = ("title", "factors", "weekdays", "times_per_week", "start_time")
        names += ("duration_minutes", "responsible_role")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class StarterInitiative:
    """A draft's sections; ``about`` says for whom it is."""

    key: str
    title: str
    about: str
    factors: str
    _texts: dict[str, str]
    _factor_texts: dict[str, str]
    _criteria: tuple[dict[str, Any], ...]
    _attention: tuple[str, ...]

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)

    def sections(self) -> list[tuple[Section, dict[str, Any]]]:
        """What each section says, in the shape that its form gives."""
        return [(BY_SLUG[slug], self._values(BY_SLUG[slug])) for slug in _TAKEN_OVER]

    def _values(self, section: Section) -> dict[str, Any]:
        values: dict[str, Any] = {name: self._texts.get(name) for name in section.fields}
        if section.part == FACTORS:
            texts = self._factor_texts
            values |= {f"factor_{one}": texts.get(one, "") for one in Factor.values}
        elif section.part == ECONOMY:
            values["rows"] = []
        elif section.part == CRITERIA:
            values["rows"] = [
                {"id": None, "number": number, **row}
                for number, row in enumerate(self._criteria, start=1)
            ]
        elif section.part == ATTENTION:
            empty = {"id": None, "factor": "", "follow_up_on": None, "closed_on": None}
            values["rows"] = [{**empty, "text": text} for text in self._attention]
        return values


@cache
def starter_lines() -> tuple[StarterLine, ...]:
    """In the file's order: by factor. Raises ``FactsError`` for a slip in the file."""
    rows = _facts().tables("plans")
    return tuple(_line(number, row) for number, row in enumerate(rows, start=1))


@cache
def starter_initiatives() -> tuple[StarterInitiative, ...]:
    """Raises ``FactsError`` for a slip in the file."""
    return tuple(_initiative(row) for row in _facts().tables("initiatives"))


@cache
def _facts() -> Entry:
    return read_facts(FIXTURES / "starters.toml").only("plans", "initiatives")


def _line(number: int, row: Entry) -> StarterLine:
    row.only(*_LINE)
    line = StarterLine(
        key=str(number),
        type=row["type"],
        title=row.get("title"),
        factors=row["factors"],
        weekdays=row.get("days"),
        times_per_week=row.get("times", None),
        start_time=row.get("time", None),
        duration_minutes=row["minutes"],
        responsible_role=row["role"],
        is_suggested=row.get("suggested", False),
    )
    has_days = line.weekdays in WEEKDAY_SETS
    if line.factors not in FACTOR_SETS or has_days == (line.times_per_week is not None):
        raise row.refuse("factors, and either days or times")
    return line


def _initiative(row: Entry) -> StarterInitiative:
    row.only("key", "title", "about", "factor_texts", "criteria", "attention", *_TEXTS)
    texts = row.table("factor_texts").only(*Factor.values)
    criteria = []
    for criterion in row.tables("criteria"):
        criterion.only("title", "short_title", "factors")
        letters = list(criterion["factors"])
        criteria.append({**criterion.values, "factors": letters})
    return StarterInitiative(
        key=row["key"],
        title=row["title"],
        about=row["about"],
        factors="".join(letter for letter in Factor.values if letter in texts),
        _texts={name: row[name].strip() for name in _TEXTS},
        _factor_texts={letter: text.strip() for letter, text in texts.values.items()},
        _criteria=tuple(criteria),
        _attention=tuple(row["attention"]),
    )
