"""What is summed of the activity log, once for both databases. Pure.

Expressions are SQL over one row of the log, which they call ``{row}``. A row counts as long as it
stands, that is until it is removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..enums import ActivitySource, CancellationReason, Outcome
from ..sustain.weeks import HELD

LOG = "initiatives_activity"
STANDS = "{row}.removed_at IS NULL"
POSTGRESQL, SQLITE = "postgresql", "sqlite"


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL that may read otherwise on SQLite."""

    postgresql: str
    sqlite: str = ""

    def sql(self, vendor: str, row: str) -> str:
        text = self.sqlite if vendor == SQLITE and self.sqlite else self.postgresql
        return text.format(row=row)


@dataclass(frozen=True, slots=True)
class Summary:
    """A table with a row for each ``key`` of the log that has a standing row, and its ``sums``.

    The first sum is the number of rows: what has none is no row of the summary.
    """

    table: str
    key: Mapping[str, Expression]
    sums: Mapping[str, Expression]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.sums)

    @property
    def counter(self) -> str:
        return next(iter(self.sums))


def _case(condition: str, then: str = "1", otherwise: str = "0") -> str:
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


FACILITY = Expression("{row}.facility_id")
FACTORS = Expression("{row}.factors")
ONE = Expression("1")
MONDAY = Expression(
    "({row}.held_on - (extract(isodow from {row}.held_on)::integer - 1))",
    "date({row}.held_on, '-6 days', 'weekday 1')",
)
MONTH = Expression(
    "({row}.held_on - (extract(day from {row}.held_on)::integer - 1))",
    "date({row}.held_on, 'start of month')",
)
IS_HELD = f"{{row}}.outcome = '{Outcome.HELD}'"
CAME_NOBODY = f"{IS_HELD} AND {{row}}.participant_count = 0"
# As ``ActivityQuerySet.with_fate``.
FATE = Expression(
    _case(
        CAME_NOBODY,
        f"'{CancellationReason.NO_INTEREST}'",
        _case(IS_HELD, f"'{HELD}'", "{row}.cancellation_reason"),
    )
)
NOBODY = Expression(_case(CAME_NOBODY))
PARTICIPANTS = Expression("coalesce({row}.participant_count, 0)")
UNKNOWN = Expression(_case(f"{IS_HELD} AND {{row}}.participant_count IS NULL"))


def _late() -> Expression:
    """As ``followup.completeness.is_late``: from the second Monday after, by the clock in Denmark.

    SQLite knows no time zones. There the clock is that of the European Union: summer time from the
    last Sunday in March to the last one in October, which for a Monday is a comparison of days.
    """
    by_a_person = f"{{row}}.source <> '{ActivitySource.IMPORT}'"
    second = f"date({MONDAY.sqlite}, '+14 days')"
    year = f"strftime('%Y', {second})"
    summer = f"{second} > date({year} || '-03-25', 'weekday 0')"
    summer += f" AND {second} <= date({year} || '-10-25', 'weekday 0')"
    hours = _case(summer, "'-2 hours'", "'-1 hours'")
    midnight = f"datetime({second}, {hours})"
    return Expression(
        _case(
            f"{by_a_person} AND ({{row}}.registered_at AT TIME ZONE 'Europe/Copenhagen')::date"
            f" >= {MONDAY.postgresql} + 14"
        ),
        _case(f"{by_a_person} AND {{row}}.registered_at >= {midnight}"),
    )


BY_WEEK = Summary(
    table="initiatives_weeksummary",
    key={
        "facility_id": FACILITY,
        "monday": MONDAY,
        "plan": Expression("coalesce({row}.planned_activity_id, 0)"),
        "factors": FACTORS,
        "fate": FATE,
    },
    sums={
        "times": ONE,
        "nobody": NOBODY,
        "participants": PARTICIPANTS,
        "unknown": UNKNOWN,
        "late": _late(),
    },
)
BY_MONTH = Summary(
    table="initiatives_monthsummary",
    key={"facility_id": FACILITY, "month": MONTH, "factors": FACTORS},
    sums={
        "times": ONE,
        "held": Expression(_case(f"{FATE.postgresql} = '{HELD}'")),
        "nobody": NOBODY,
        "participants": PARTICIPANTS,
        "unknown": UNKNOWN,
    },
)
SUMMARIES = (BY_WEEK, BY_MONTH)
