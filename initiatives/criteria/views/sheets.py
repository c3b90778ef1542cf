"""Measurements taken in from a spreadsheet."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from krams.people.requests import Request
from krams.sheets.views import respond, template_file

from ...access import readable_initiative
from ..forms.measurement_sheet import MeasurementSheet

PAGE = "initiatives/sheet.html"


@require_http_methods(["GET", "POST"])
def measurement_sheet(request: Request, pk: int) -> HttpResponse:
    """Of the facilities that the person manages; whoever manages none gets 403."""
    found = readable_initiative(request.user, pk)
    sheet = MeasurementSheet(found, request.user)
    return respond(request, sheet, page=PAGE, here="initiatives", initiative=found)


@require_GET
def measurement_template(request: Request, pk: int, kind: str) -> HttpResponse:
    found = readable_initiative(request.user, pk)
    return template_file(MeasurementSheet(found, request.user), kind)
