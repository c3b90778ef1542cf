"""Which columns the exported log has, and the table of a period. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from krams.danish.weeks import Week
from krams.documents.spreadsheets import Table

from ..enums import FACTOR_SETS, ActivitySource, CancellationReason, Outcome
from ..fields import factors_of
from .period import Row, total


class LogRow(NamedTuple):
    """A registration as it is exported; ``by_name`` is None where the account is gone."""

    pk: int
    held_on: dt.date
    started_at: dt.time | None
    title: str
    factors: str
    outcome: str
    participant_count: int | None
    duration_minutes: int | None
    cancellation_reason: str
    cancellation_text: str
    note: str
    planned_activity_id: int | None
    initiative_title: str | None
    by_name: str | None
    by_email: str | None
    source: str


def log_columns() -> list[str]:
    return [
        _("Date"),
        _("Week"),
        _("Time"),
        _("Activity"),
        _("KRAMS factors"),
        _("Outcome"),
        _("Participants"),
        _("Minutes"),
        _("Reason for cancelling"),
        _("Remark"),
        _("Planned"),
        _("Initiative"),
        _("Registered by"),
        _("Source"),
    ]


def log_rows(rows: Iterable[LogRow], *, with_people: bool) -> Iterator[list[Any]]:
    """Each registration in its columns; ``with_people``: how many took part each time.

    All words are looked up now, in the reader's language: there may be a million rows, and they
    are written when the request is over.
    """
    factors = {
        letters: ", ".join(str(factor.label) for factor in factors_of(letters))
        for letters in FACTOR_SETS
    }
    outcomes = {one.value: str(one.label) for one in Outcome}
    reasons = {"": ""} | {one.value: str(one.label) for one in CancellationReason}
    sources = {one.value: str(one.label) for one in ActivitySource}
    planned = {True: _("yes"), False: _("no")}

    @cache
    def week(day: dt.date) -> str:
        return str(Week.of(day))

    def columns(row: LogRow) -> list[Any]:
        reason = reasons[row.cancellation_reason]
        if row.cancellation_text:
            reason = f"{reason}: {row.cancellation_text}"
        return [
            *(row.held_on, week(row.held_on), row.started_at, row.title, factors[row.factors]),
            outcomes[row.outcome],
            row.participant_count if with_people else None,
            *(row.duration_minutes, reason),
            *(row.note, planned[row.planned_activity_id is not None], row.initiative_title or ""),
            *(row.by_name or row.by_email or "", sources[row.source]),
        ]

    return map(columns, rows)


def period_table(title: str, rows: list[Row]) -> Table:
    """Held of planned, an activity a row, and all of them below."""
    columns = [
        _("Activity"),
        _("KRAMS factors"),
        _("Planned"),
        _("Held"),
        _("Not held"),
        _("Not registered"),
        _("Held beyond the plan"),
        _("Left out: on pause"),
        _("Left out: public holidays"),
    ]
    lines = [
        (str(row.planned), ", ".join(str(one.label) for one in row.factor_list), row.figures)
        for row in rows
    ]
    if len(rows) > 1:
        lines.append((_("All activities"), "", total(rows)))
    return Table(
        title,
        columns,
        (
            [
                *(name, factors, one.planned, one.held, one.not_held, one.missing),
                *(one.extra, one.paused, one.on_holidays),
            ]
            for name, factors, one in lines
        ),
    )
