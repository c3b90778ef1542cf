"""Which columns the exported overview, comparison and completeness have. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from krams.danish.quarters import Quarter
from krams.documents.spreadsheets import Table as Sheet
from krams.privacy.small_counts import HIDDEN, Hidden

from ..sustain.spreadsheet import judged, judged_columns
from .comparison import Comparison
from .completeness import Completeness
from .factor_matrix import FactorRow
from .overview import Cell, Row, Table


def completeness_table(department: object, found: Completeness, day: dt.date) -> Sheet:
    columns = [
        _("Facility"),
        _("Week"),
        _("Expected"),
        _("Registered"),
        _("Not registered"),
        _("Per cent"),
        _("Written down late"),
    ]
    rows = (
        [
            row.facility.name,
            str(week),
            filled.expected,
            filled.registered,
            filled.expected - filled.registered,
            filled.percent,
            filled.late,
        ]
        for row in found.rows
        for week, filled in row.weeks
    )
    title = _("Registered %(place)s %(day)s") % {"place": department, "day": day.isoformat()}
    return Sheet(title, columns, rows)


def factors_table(department: object, found: Iterable[FactorRow], day: dt.date) -> Sheet:
    """Whether each factor holds at each facility, as the overview shows it."""
    columns = [_("Facility"), _("Factor"), _("Does it hold?"), *judged_columns()]
    rows = (
        [row.name, str(factor.label), *judged(assessment)]
        for row in found
        for factor, assessment in row.cells
    )
    title = _("Does it hold? %(place)s %(day)s") % {"place": department, "day": day.isoformat()}
    return Sheet(title, columns, rows)


def comparison_table(department: object, quarter: Quarter, found: Comparison) -> Sheet:
    columns = [
        _("Facility"),
        _("Places"),
        _("Factor"),
        _("Activities held"),
        _("Activities per week"),
        _("Participations"),
        _("Participations per place and week"),
    ]
    title = _("Comparison %(place)s %(period)s") % {"place": department, "period": quarter}
    return Sheet(title, columns, _comparison_rows(found))


def _comparison_rows(found: Comparison) -> Iterator[list[Any]]:
    lines = [(one.name, one.place_count) for one in found.facilities]
    rates = list(found.rates)
    if found.totals:
        lines.append((_("All of them"), None))
        rates.append(found.totals)
    for (name, places), of_place in zip(lines, rates, strict=True):
        for factor, rate in zip(found.factors, of_place, strict=True):
            yield [
                name,
                places,
                str(factor.label),
                rate.sessions,
                rate.sessions_per_week,
                _shown(rate.participations),
                _shown(rate.per_place),
            ]


def _shown(value: Decimal | int | Hidden | None) -> Decimal | int | str | None:
    return str(value) if value is HIDDEN else value


def criteria_table(department: object, found: Iterable[Table], day: dt.date) -> Sheet:
    columns = [
        _("Initiative"),
        _("Criterion"),
        _("Facility"),
        _("Assessment"),
        _("Assessed on"),
        _("What is measured"),
        _("Status"),
        _("Latest figure"),
        _("Unit"),
        _("n"),
        _("Measured on"),
        _("Baseline"),
        _("Target"),
        _("Measurement is due"),
    ]
    rows = (
        [table.title, cell.column.title, row.name, *line]
        for table in found
        for row in table.rows
        for cell in row.cells
        for line in _cell_lines(row, cell)
    )
    title = _("Criteria %(place)s %(day)s") % {"place": department, "day": day.isoformat()}
    return Sheet(title, columns, rows)


def _cell_lines(row: Row, cell: Cell) -> Iterator[list[Any]]:
    assessed = [str(cell.level.label), cell.assessed_on]
    if not cell.tracked:
        yield [*assessed, *[None] * 9]
    for one in cell.tracked:
        latest = one.latest
        figures: list[Any] = (
            [_number(latest.value), one.unit, latest.n, latest.day]
            if latest
            else [
                None,
                one.unit,
                None,
                None,
            ]
        )
        if one.is_hidden and latest:
            figures = [str(HIDDEN), one.unit, None, latest.day]
        yield [
            *assessed,
            one.name,
            str(one.status.label) if one.status else None,
            *figures,
            str(HIDDEN) if one.baseline_is_hidden else _number(one.baseline),
            _number(one.facts.target),
            one.judgement.due_on,
        ]


def _number(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the database keeps behind the comma."""
    if value is None:
        return None
    short = value.quantize(Decimal("0.01"))
    return short.to_integral_value() if short == short.to_integral_value() else short
