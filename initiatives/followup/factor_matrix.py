"""Facility by factor: how each factor stands at each facility, judged as one by its plans' sums.

Pure. The ladder is that of ``sustain.verdict``, so a facility's factor says the same here as on its
own pages.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from krams.danish.collation import sort_key

from ..enums import Factor
from ..sustain.rows import Place
from ..sustain.thresholds import Thresholds
from ..sustain.verdict import Assessment, Course, combined_verdict
from .overview import Table


@dataclass
class Courses:
    """What the plans of today are judged by; a plan for two factors counts in both."""

    names: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], list[Course]] = field(default_factory=lambda: defaultdict(list))

    def add(self, facility: Place, factors: str, courses: Iterable[Course]) -> None:
        self.names[facility.slug] = facility.name
        for letter in factors:
            self.found[facility.slug, letter].extend(courses)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A facility; ``cells`` has each factor with its assessment, None where nothing is planned."""

    slug: str
    name: str
    cells: tuple[tuple[Factor, Assessment | None], ...]


def factor_rows(
    courses: Courses, tables: Iterable[Table], thresholds: Thresholds
) -> list[FactorRow]:
    """The facilities by name: those with a plan, and those of ``tables`` that have none."""
    names = {row.slug: row.name for table in tables for row in table.rows} | courses.names
    return [
        FactorRow(
            slug, name, tuple((one, _judged(courses, slug, one, thresholds)) for one in Factor)
        )
        for slug, name in sorted(names.items(), key=lambda pair: sort_key(pair[1]))
    ]


def _judged(
    courses: Courses, slug: str, factor: Factor, thresholds: Thresholds
) -> Assessment | None:
    found = courses.found.get((slug, factor.value))
    return combined_verdict(found, thresholds) if found else None
