"""Reads a facility's year: its factors and activities week by week, in two queries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from krams.danish.weeks import Week

from ...access import OwnFacility
from ...enums import Factor
from ...models import PlannedActivity
from ...sustain.queries import thresholds_of
from ...sustain.thresholds import Thresholds
from ...sustain.week_strip import week_words
from ...sustain.weeks import beats_together
from ...sustain.year import YEAR_WEEKS, Year, unplanned_beats, year_of
from .plans_with_log import Records, read_records


@dataclass(kw_only=True)
class FacilityYear:
    """``factors`` without those of which nothing was planned or held; ``plans`` of today."""

    first: Week
    last: Week
    thresholds: Thresholds
    factors: list[tuple[Factor, Year]]
    plans: list[tuple[PlannedActivity, Year]]

    @property
    def weeks(self) -> Iterator[tuple[Week, list[str]]]:
        """Newest first, each with what is said of the factors."""
        for number in reversed(range(YEAR_WEEKS)):
            beats = [year.beats[number] for _factor, year in self.factors]
            yield (
                self.first + number,
                [
                    week_words(beat.expected, beat.held, beat.missing, paused=beat.paused)
                    for beat in beats
                ],
            )


def read_year(facility: OwnFacility, today: dt.date) -> FacilityYear:
    """Two queries, which read no more of the log than its sums by week."""
    thresholds = thresholds_of(facility)
    records = read_records(facility, today, thresholds, weeks=YEAR_WEEKS)
    running = Week.of(today)
    return FacilityYear(
        first=running - (YEAR_WEEKS - 1),
        last=running,
        thresholds=thresholds,
        factors=list(_factors(records, today, thresholds)),
        plans=list(_plans(records, today, thresholds)),
    )


def _factors(
    records: Records, today: dt.date, thresholds: Thresholds
) -> Iterator[tuple[Factor, Year]]:
    for factor in Factor:
        beats = beats_together(records.lines_of(factor), today, YEAR_WEEKS)
        year = year_of(beats or unplanned_beats(records.unplanned_of(factor), today), thresholds)
        if not year.is_empty:
            yield factor, year


def _plans(
    records: Records, today: dt.date, thresholds: Thresholds
) -> Iterator[tuple[PlannedActivity, Year]]:
    for record in records.plans:
        if record.plan.is_current(today):
            line = [(one.plan, one.log) for one in records.line_of(record)]
            yield record.planned, year_of(beats_together([line], today, YEAR_WEEKS), thresholds)
