"""The page of a department's success criteria, and above them what requires attention."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...enums import AssessmentLevel, Factor, Verdict
from ...models import FollowUpSettings
from ..curves import small_curves
from ..factor_matrix import factor_rows
from ..overview import Table
from ..queries.attention import read_concerns
from ..queries.overview import read_tables, visible_department

# More than a screenful is not acted upon; the oldest come first.
MOST_SHOWN = 50


@require_GET
def overview(request: Request, slug: str) -> HttpResponse:
    """Facilities by success criteria, and above them what requires attention."""
    department = visible_department(request.user, slug)
    allow_replica(request)
    today = timezone.localdate()
    tables = read_tables(department, request.user, today)
    thresholds = FollowUpSettings.of(department.municipality).thresholds()
    concerns, verdicts, courses = read_concerns(department, request.user, tables, today, thresholds)
    shows_all = "alle" in request.GET
    context = {
        "department": department,
        "tables": tables,
        "curves": small_curves(tables),
        "concerns": concerns if shows_all else concerns[:MOST_SHOWN],
        "concern_count": len(concerns),
        "verdicts": [(verdict, verdicts[verdict]) for verdict in Verdict if verdicts[verdict]],
        "all_is_well": _all_is_well(tables, verdicts),
        "factors": list(Factor),
        "factor_rows": factor_rows(courses, tables, thresholds),
        "facility_count": len({row.pk for table in tables for row in table.rows}),
        "levels": list(AssessmentLevel),
        "today": today,
    }
    return render(request, "initiatives/followup/overview.html", context)


def _all_is_well(tables: list[Table], verdicts: Counter[Verdict]) -> bool:
    """Whether "nothing requires attention" is good news: plans hold and something was measured.

    What is empty, new or paused has not been judged.
    """
    measured = any(
        one.latest for t in tables for row in t.rows for c in row.cells for one in c.tracked
    )
    return measured and verdicts[Verdict.HOLDING] > 0 and set(verdicts) == {Verdict.HOLDING}
