"""A department's facilities and people: pasted from a spreadsheet, or one by one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.danish.names import ALREADY_THERE
from krams.models import Department
from krams.organisations.actions.department import give_role
from krams.organisations.forms.facility_sheet import FacilitySheet
from krams.organisations.forms.people_sheet import PeopleSheet
from krams.organisations.queries import administered_by, facilities_in, seen_department
from krams.people.requests import Request
from krams.roles.views.people import tell
from krams.sheets.forms import FileForm
from krams.sheets.views import respond, template_file

from ..actions import NameTaken, add_facility
from ..forms import OneFacilityForm, OnePersonForm
from ..queries import people_in
from .steps import steps_of

BACK_LABEL = gettext_lazy("Getting started")
FACILITIES = "initiatives/getting_started/facilities.html"
PEOPLE = "initiatives/getting_started/people.html"


def department_of(request: Request, slug: str) -> Department:
    """A department of a municipality that the person administers.

    Raises ``Http404`` and ``PermissionDenied``.
    """
    found = seen_department(request.user, slug)
    if not administered_by(request.user).filter(pk=found.municipality_id).exists():
        raise PermissionDenied
    department: Department = found
    return department


def _facility_sheet(request: Request, department: Department) -> FacilitySheet:
    sheet = FacilitySheet(department, request.user)
    sheet.back, sheet.back_label = steps_of(department.municipality), BACK_LABEL
    return sheet


def _people_sheet(request: Request, department: Department) -> PeopleSheet:
    sheet = PeopleSheet(department, request.user)
    sheet.back, sheet.back_label = steps_of(department.municipality), BACK_LABEL
    return sheet


@require_http_methods(["GET", "POST"])
def facilities(request: Request, slug: str) -> HttpResponse:
    department = department_of(request, slug)
    sheet = _facility_sheet(request, department)
    return respond(request, sheet, page=FACILITIES, **_facilities(department, OneFacilityForm()))


@require_GET
def facility_template(request: Request, slug: str, kind: str) -> HttpResponse:
    return template_file(_facility_sheet(request, department_of(request, slug)), kind)


@require_POST
def facility(request: Request, slug: str) -> HttpResponse:
    """One facility; the page comes back for the next."""
    department = department_of(request, slug)
    form = OneFacilityForm(request.POST)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "kind", "place_count")}
        try:
            made = add_facility(department=department, by=request.user, **values)
        except NameTaken:
            form.add_error("name", ALREADY_THERE % {"name": values["name"]})
        else:
            messages.success(request, _("%(name)s is there.") % {"name": made})
            return redirect(f"{_page('facilities', department)}#en")
    sheet = _facility_sheet(request, department)
    return _again(request, sheet, FACILITIES, _facilities(department, form))


@require_http_methods(["GET", "POST"])
def people(request: Request, slug: str) -> HttpResponse:
    department = department_of(request, slug)
    sheet = _people_sheet(request, department)
    more = _people(department, _person_form(sheet))
    return respond(request, sheet, page=PEOPLE, **more)


@require_GET
def people_template(request: Request, slug: str, kind: str) -> HttpResponse:
    return template_file(_people_sheet(request, department_of(request, slug)), kind)


@require_POST
def person(request: Request, slug: str) -> HttpResponse:
    """One person; the page comes back for the next."""
    department = department_of(request, slug)
    sheet = _people_sheet(request, department)
    form = _person_form(sheet, request.POST)
    if form.is_valid():
        try:
            given = give_role(department=department, by=request.user, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, given)
            return redirect(f"{_page('people', department)}#en")
    return _again(request, sheet, PEOPLE, _people(department, form))


def _person_form(sheet: PeopleSheet, sent: QueryDict | None = None) -> OnePersonForm:
    places = [place for place in sheet.places.values() if place.closed_on is None]
    return OnePersonForm(sent, roles=sheet.roles, places=places)


def _facilities(department: Department, form: OneFacilityForm) -> dict[str, Any]:
    there = [place for place in facilities_in(department) if place.closed_on is None]
    return {"department": department, "one": form, "there": there}


def _people(department: Department, form: OnePersonForm) -> dict[str, Any]:
    return {"department": department, "one": form, "there": people_in(department)}


def _page(name: str, department: Department) -> str:
    return reverse(f"initiatives:getting-started-{name}", args=[department.slug])


def _again(
    request: Request, sheet: FacilitySheet | PeopleSheet, page: str, more: dict[str, Any]
) -> HttpResponse:
    """The page with the form of one that was not right, at the address of the page."""
    name = "facilities" if page == FACILITIES else "people"
    context = {"sheet": sheet, "form": FileForm(sheet=sheet), "report": None, **more}
    context["action"] = _page(name, more["department"])
    return render(request, page, context, status=422)
