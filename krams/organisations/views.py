"""A department's facilities and people taken in from a spreadsheet."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from ..models import Department
from ..people.requests import Request
from ..sheets.views import respond, template_file
from .forms.facility_sheet import FacilitySheet
from .forms.people_sheet import PeopleSheet
from .queries import seen_department

PAGE = "krams/sheets/sheet.html"


def managed_department(request: Request, slug: str) -> Department:
    """The department, if the person manages all of it. Raises ``Http404``, ``PermissionDenied``."""
    found = seen_department(request.user, slug)
    if not found.may_manage:
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
def facility_sheet(request: Request, slug: str) -> HttpResponse:
    sheet = FacilitySheet(managed_department(request, slug), request.user)
    return respond(request, sheet, page=PAGE)


@require_GET
def facility_template(request: Request, slug: str, kind: str) -> HttpResponse:
    sheet = FacilitySheet(managed_department(request, slug), request.user)
    return template_file(sheet, kind)


def _people(request: Request, slug: str) -> PeopleSheet:
    department = managed_department(request, slug)
    return PeopleSheet(department, request.user)


@require_http_methods(["GET", "POST"])
def people_sheet(request: Request, slug: str) -> HttpResponse:
    return respond(request, _people(request, slug), page=PAGE)


@require_GET
def people_template(request: Request, slug: str, kind: str) -> HttpResponse:
    return template_file(_people(request, slug), kind)
