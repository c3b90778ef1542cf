"""The weekly plan as a file for a spreadsheet."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.documents.spreadsheets import WRITERS, download

from ... import access
from ...sustain.queries import thresholds_of
from .. import spreadsheet
from ..queries.week_plan import read_week_plan


@require_GET
def plan_export(request, slug: str, kind: str):
    """The weekly plan of a facility with whether it holds."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    today = timezone.localdate()
    found = read_week_plan(facility, today, thresholds_of(facility))
    return download(spreadsheet.plan_table(facility, found, today), kind)
