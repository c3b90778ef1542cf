"""The activity types of a municipality: read by its staff, kept by its managers."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from krams.danish.names import ALREADY_THERE
from krams.history.actions.locking import StaleVersion
from krams.models import Authority
from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ...access import visible_municipality
from ...form_page import clash, on_top
from ...models import ActivityType
from ..actions import activity_types as actions
from ..forms.activity_types import PlaceForm, TypeForm
from ..queries.activity_types import read_types


@require_http_methods(["GET", "POST"])
def types(request: Request, slug: str) -> HttpResponse:
    """The list, and a form below it that adds to it."""
    municipality = visible_municipality(request.user, slug, change=request.method == "POST")
    if request.method == "GET":
        return _render(request, municipality, focus=number_of(request, "fokus"))
    form = _add_form(request.POST)
    if not form.is_valid():
        return _render(request, municipality, status=422, form=form)
    try:
        kind = actions.add_type(
            municipality=municipality,
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
    except actions.NameTaken as taken:
        form.add_error("name", _taken(taken.kind))
        return _render(request, municipality, status=422, form=form)
    return _saved(request, municipality, kind, _("Added: %(type)s."))


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    kind = _type(municipality, pk)
    if request.method == "GET":
        return _render_form(request, municipality, kind, _edit_form(kind))
    form = _edit_form(kind, request.POST)
    if not form.is_valid():
        return _render_form(request, municipality, kind, form, status=422)
    try:
        kind = actions.edit_type(
            municipality=municipality,
            type_id=pk,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        current = stale.current
        again = _edit_form(current, on_top(form, current.version))
        more = clash(form, current, TypeForm.initial_of(current))
        return _render_form(request, municipality, current, again, **more)
    except actions.NameTaken as taken:
        form.add_error("name", _taken(taken.kind))
        return _render_form(request, municipality, kind, form, status=422)
    return _saved(request, municipality, kind, _("Saved: %(type)s."))


@require_POST
def move(request: Request, slug: str, pk: int) -> HttpResponse:
    municipality = visible_municipality(request.user, slug, change=True)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is no place in the list."))
        return _render(request, municipality, status=422)
    kind = actions.move_type(
        municipality=municipality,
        type_id=_type(municipality, pk).pk,
        place=form.cleaned_data["place"],
        by=request.user,
    )
    return _saved(request, municipality, kind, _("Moved: %(type)s."))


@require_POST
def retire(request: Request, slug: str, pk: int) -> HttpResponse:
    """No longer offered; ``tilbage`` in the form offers it again."""
    municipality = visible_municipality(request.user, slug, change=True)
    retired = "tilbage" not in request.POST
    try:
        kind = actions.retire_type(
            municipality=municipality,
            type_id=_type(municipality, pk).pk,
            retired=retired,
            by=request.user,
        )
    except actions.LastType:
        messages.error(request, _("The list cannot be empty. Add another activity type first."))
        return _render(request, municipality, status=422)
    message = _("No longer offered: %(type)s.") if retired else _("Offered again: %(type)s.")
    return _saved(request, municipality, kind, message)


def _type(municipality: Authority, pk: int) -> ActivityType:
    """A type of the municipality, or a common one that its list is still made of."""
    kinds = ActivityType.objects.filter(Q(municipality=municipality) | Q(municipality=None))
    kind = get_object_or_404(kinds, pk=pk)
    if kind.municipality_id is None:
        own = municipality.activity_types.filter(copied_from=kind).first()
        if own is None and municipality.activity_types.exists():
            raise Http404
        return own or kind
    return kind


def _taken(kind: ActivityType) -> str:
    if kind.retired:
        return _("There is one of that name among those no longer offered: take it back instead.")
    return ALREADY_THERE % {"name": kind.name}


def _add_form(data: QueryDict | None = None) -> TypeForm:
    return TypeForm(data, auto_id="type-ny-%s")


def _edit_form(kind: ActivityType, data: QueryDict | None = None) -> TypeForm:
    return TypeForm(data, kind=kind, auto_id=f"type{kind.pk}-%s")


def _saved(
    request: Request, municipality: Authority, kind: ActivityType, message: str
) -> HttpResponse:
    messages.success(request, message % {"type": kind})
    if not is_partial(request):
        anchor = f"type-{kind.pk}"
        return redirect(reverse("initiatives:types", args=[municipality.slug], fragment=anchor))
    response = _render(request, municipality, focus=kind.pk, saved=True)
    return reswap(retarget(response, "#typer"), "outerHTML")


def _render(
    request: Request,
    municipality: Authority,
    *,
    status: int = 200,
    form: TypeForm | None = None,
    **more: Any,
) -> HttpResponse:
    kinds = read_types(municipality)
    context = {
        "municipality": municipality,
        "types": [kind for kind in kinds if not kind.retired],
        "retired": [kind for kind in kinds if kind.retired],
        "is_common": all(kind.municipality_id is None for kind in kinds),
        "form": form or _add_form(),
        **more,
    }
    name = "types.html#list" if is_partial(request) else "types.html"
    response = render(request, f"initiatives/plans/{name}", context, status=status)
    if is_partial(request):
        response = reswap(retarget(response, "#typer"), "outerHTML")
    return response


def _render_form(
    request: Request,
    municipality: Authority,
    kind: ActivityType,
    form: BaseForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    if status == 200:
        form.fields["name"].widget.attrs["data-focus"] = ""
    in_place = is_partial(request)
    context = {"municipality": municipality, "kind": kind, "form": form, **more}
    context["heading"] = "h3" if in_place else "h2"
    name = "_type_form" if in_place else "type_form"
    return render(request, f"initiatives/plans/{name}.html", context, status=status)
