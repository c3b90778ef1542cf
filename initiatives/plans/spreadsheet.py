"""Which columns the exported weekly plan has. Pure."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from krams.documents.spreadsheets import Table as Sheet

from ..sustain.spreadsheet import judged, judged_columns
from ..weekdays import repeats_name
from .week_plan import Standing, WeekPlan


def plan_table(facility: object, found: WeekPlan, day: dt.date) -> Sheet:
    """The weekly plan with whether it holds; figures are those of the weeks that decide."""
    columns = [
        _("Activity"),
        _("KRAMS factors"),
        _("Weekdays"),
        _("Times a week"),
        _("How often?"),
        _("Every other week, counted from"),
        _("Also on public holidays"),
        _("Time"),
        _("Minutes"),
        _("Start"),
        _("End"),
        _("Does it hold?"),
        *judged_columns(),
        _("Cancelled"),
    ]
    rows = (_plan_line(one) for one in found.current)
    title = _("Weekly plan %(place)s %(day)s") % {"place": facility, "day": day.isoformat()}
    return Sheet(title, columns, rows)


def _plan_line(one: Standing) -> list[Any]:
    planned = one.planned
    return [
        str(planned),
        ", ".join(str(factor.label) for factor in planned.factor_list),
        planned.weekday_names or None,
        planned.times_per_week,
        repeats_name(planned.repeats),
        planned.anchor,
        _("yes") if planned.on_holidays else _("no"),
        planned.start_time,
        planned.duration_minutes,
        planned.starts_on,
        planned.ends_on,
        *judged(one.strip.assessment),
        one.strip.cancelled_count,
    ]
