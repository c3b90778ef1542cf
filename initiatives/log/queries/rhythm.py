"""Reads whether what is planned at a facility holds: the strips of twelve weeks."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from krams.danish.weeks import Week

from ...access import OwnFacility
from ...enums import Factor
from ...sustain.queries import thresholds_of
from ...sustain.thresholds import STRIP_WEEKS, Thresholds
from ...sustain.week_strip import Strip
from .plans_with_log import Record, Records, read_records

MOST_SLIPPING = 3


@dataclass(kw_only=True)
class Rhythm:
    """The plans of a facility with their logs, and what is drawn of them."""

    facility: OwnFacility
    today: dt.date
    records: Records
    thresholds: Thresholds

    @property
    def running_week(self) -> Week:
        return Week.of(self.today)

    @property
    def strip_weeks(self) -> list[Week]:
        return [self.running_week - back for back in reversed(range(STRIP_WEEKS))]

    @cached_property
    def strips(self) -> list[tuple[Factor, Strip]]:
        return list(self.records.by_factor(self.today, self.thresholds))

    @cached_property
    def plan_strips(self) -> list[tuple[Record, Strip]]:
        return list(self.records.by_plan(self.today, self.thresholds))

    @property
    def slipping(self) -> list[tuple[Record, Strip]]:
        """The first few plans that fade or have stalled: to be talked about."""
        return [pair for pair in self.plan_strips if pair[1].is_slipping][:MOST_SLIPPING]


def read_rhythm(facility: OwnFacility, today: dt.date) -> Rhythm:
    """Two queries, which read no more of the log than its sums by week."""
    thresholds = thresholds_of(facility)
    records = read_records(facility, today, thresholds)
    return Rhythm(facility=facility, today=today, records=records, thresholds=thresholds)
