"""Reads who registered what was expected, week by week; two queries for any number of facilities.

Registered is what was held or cancelled: both tell what became of the plan.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from krams.danish.weeks import Week
from krams.models import Department, Facility, User

from ...models import PlannedActivity, WeekSummary
from ...sustain.expected import expected_in_week, plans_of_activities
from ...sustain.queries import read_plans
from ..completeness import WEEKS, Completeness, Filled, Row, filled, total


def read_completeness(department: Department, user: User, today: dt.date) -> Completeness:
    """The department's open facilities that ``user`` may see; each knows ``may_log``."""
    weeks = tuple(Week.of(today) - back for back in range(WEEKS, 0, -1))
    mine = Facility.objects.loggable_by(user).filter(pk=OuterRef("pk"))
    facilities = Facility.objects.visible_to(user).open().filter(department=department)
    plans_of = PlannedActivity.objects.in_force(weeks[0].monday, weeks[-1].sunday).filter(
        facility__in=facilities
    )
    plan_rows, plans = read_plans(plans_of, today)
    registered, late = _read_log(facilities, weeks)
    cells: dict[tuple[int, Week], list[Filled]] = defaultdict(list)
    for line in plans_of_activities({pk: row.replaces_id for pk, row in plan_rows.items()}):
        for week in weeks:
            expected = sum(expected_in_week(plans[pk], week) for pk in line)
            if expected:
                # A rhythm that changed within the week is one activity all the same.
                times = [sum(found[pk, week] for pk in line) for found in (registered, late)]
                cells[plan_rows[line[0]].facility_id, week].append(filled(expected, *times))
    rows = []
    for facility in facilities.annotate(may_log=Exists(mine)).order_by("name", "pk"):
        by_week = tuple((week, total(cells[facility.pk, week])) for week in weeks)
        rows.append(Row(facility, by_week, total(cell for _week, cell in by_week)))
    totals = tuple(total(row.weeks[place][1] for row in rows) for place in range(WEEKS))
    return Completeness(weeks, tuple(rows), totals, total(totals))


def _read_log(
    facilities: QuerySet[Facility], weeks: Sequence[Week]
) -> tuple[Counter[tuple[int, Week]], Counter[tuple[int, Week]]]:
    """Registrations by plan and week, and how many of them were late."""
    summaries = WeekSummary.objects.planned().filter(
        facility__in=facilities, monday__range=(weeks[0].monday, weeks[-1].monday)
    )
    registered: Counter[tuple[int, Week]] = Counter()
    late: Counter[tuple[int, Week]] = Counter()
    by_monday = {week.monday: week for week in weeks}
    for plan, monday, times, of_them_late in summaries.values_list(
        "plan", "monday", "times", "late"
    ):
        registered[plan, by_monday[monday]] += times
        late[plan, by_monday[monday]] += of_them_late
    return registered, late
