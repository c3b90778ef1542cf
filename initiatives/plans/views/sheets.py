"""The weekly plan and the activity types taken in from a spreadsheet."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from krams.people.requests import Request
from krams.sheets.views import respond, template_file

from ...access import managed_facility, visible_municipality
from ..forms.plan_sheet import PlanSheet
from ..forms.type_sheet import TypeSheet

PAGE = "initiatives/sheet.html"


@require_http_methods(["GET", "POST"])
def plan_sheet(request: Request, slug: str) -> HttpResponse:
    facility = managed_facility(request.user, slug)
    sheet = PlanSheet(facility, request.user)
    return respond(request, sheet, page=PAGE, here="plan", facility=facility)


@require_GET
def plan_template(request: Request, slug: str, kind: str) -> HttpResponse:
    facility = managed_facility(request.user, slug)
    return template_file(PlanSheet(facility, request.user), kind)


@require_http_methods(["GET", "POST"])
def type_sheet(request: Request, slug: str) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    sheet = TypeSheet(municipality, request.user)
    return respond(request, sheet, page=PAGE, here="types", municipality=municipality)


@require_GET
def type_template(request: Request, slug: str, kind: str) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    return template_file(TypeSheet(municipality, request.user), kind)
