"""The weekly plan as a file for a spreadsheet."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.documents.spreadsheets import WRITERS, download
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ... import access
from ...sustain.queries import thresholds_of
from .. import spreadsheet
from ..queries.week_plan import read_week_plan


@require_GET
def plan_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """The weekly plan of a facility with whether it holds."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    allow_replica(request)
    today = timezone.localdate()
    found = read_week_plan(facility, today, thresholds_of(facility))
    return download(spreadsheet.plan_table(facility, found, today), kind)
