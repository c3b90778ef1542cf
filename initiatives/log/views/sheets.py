"""Registrations taken in from a spreadsheet."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from krams.people.requests import Request
from krams.sheets.views import respond, template_file

from ...access import loggable_facility
from ..forms.log_sheet import LogSheet

PAGE = "initiatives/sheet.html"


@require_http_methods(["GET", "POST"])
def log_sheet(request: Request, slug: str) -> HttpResponse:
    facility = loggable_facility(request.user, slug)
    sheet = LogSheet(facility, request.user)
    return respond(request, sheet, page=PAGE, here="log", facility=facility)


@require_GET
def log_template(request: Request, slug: str, kind: str) -> HttpResponse:
    facility = loggable_facility(request.user, slug)
    return template_file(LogSheet(facility, request.user), kind)
