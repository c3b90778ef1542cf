"""The page where managers add, change, move and retire an initiative's criteria."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import User
from krams.people.requests import Request

from ...access import editable_initiative, readable_initiative
from ...form_page import clash, on_top, render_form
from ...models import Initiative, SuccessCriterion
from ..actions import criteria as actions
from ..forms.criteria import CriterionForm, PlaceForm
from ..queries.criteria import criterion_of, read_criteria


@require_GET
def criteria(request: Request, pk: int) -> HttpResponse:
    """All criteria with their indicators, and what may be done with each."""
    return _render_criteria(request, readable_initiative(request.user, pk))


def _render_criteria(request: Request, found: Initiative, status: int = 200) -> HttpResponse:
    rows = read_criteria(found)
    context = {
        "initiative": found,
        "rows": [row for row in rows if not row["criterion"].retired],
        "retired": [row for row in rows if row["criterion"].retired],
    }
    return render(request, "initiatives/criteria/criteria.html", context, status=status)


def address(found: Initiative, anchor: str = "") -> str:
    url = reverse("initiatives:criteria", args=[found.pk])
    return f"{url}#{anchor}" if anchor else url


@require_http_methods(["GET", "POST"])
def criterion_new(request: Request, pk: int) -> HttpResponse:
    found = editable_initiative(request.user, pk)
    form = CriterionForm(request.POST or None, criterion=None)
    if request.method == "POST" and form.is_valid():
        made = actions.add_criterion(
            initiative=found,
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
        messages.success(request, _("The criterion is added. Say next what is measured for it."))
        return redirect(address(found, f"kriterium-{made.pk}"))
    return _criterion_form(request, found, form, _("Add a criterion"))


@require_http_methods(["GET", "POST"])
def criterion_edit(request: Request, pk: int, criterion: int) -> HttpResponse:
    found, mine = guarded_criterion(request.user, pk, criterion)
    form, more = CriterionForm(request.POST or None, criterion=mine), {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_criterion(
                criterion=mine,
                version=form.cleaned_data["version"],
                values=form.values(),
                by=request.user,
            )
        except StaleVersion as stale:
            current = stale.current
            more = clash(form, current, CriterionForm.initial_of(current))
            form = CriterionForm(on_top(form, current.version), criterion=current)
        else:
            messages.success(request, _("The criterion is saved."))
            return redirect(address(found, f"kriterium-{mine.pk}"))
    more["history"] = reverse("history", args=["succeskriterium", mine.pk])
    return _criterion_form(request, found, form, mine.short_title, **more)


def _criterion_form(
    request: Request, found: Initiative, form: CriterionForm, heading: str, **more: Any
) -> HttpResponse:
    more.setdefault("status", 422 if form.is_bound else 200)
    return render_form(
        request,
        form,
        heading=heading,
        lead=found.title,
        intro="initiatives/criteria/_criterion_intro.html",
        back=address(found),
        back_label=_("Criteria"),
        submit=_("Save"),
        **more,
    )


@require_POST
def criterion_move(request: Request, pk: int, criterion: int) -> HttpResponse:
    found, mine = guarded_criterion(request.user, pk, criterion)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is no place in the list."))
        return _render_criteria(request, found, status=422)
    try:
        actions.move_criterion(criterion=mine, place=form.cleaned_data["place"], by=request.user)
    except SuccessCriterion.DoesNotExist:
        messages.error(request, _("The criterion is no longer followed, so it has no place."))
        return _render_criteria(request, found, status=422)
    messages.success(request, _("Moved: %(criterion)s.") % {"criterion": mine.short_title})
    return redirect(address(found, f"kriterium-{mine.pk}"))


@require_POST
def criterion_retire(request: Request, pk: int, criterion: int) -> HttpResponse:
    """Followed no longer; ``tilbage`` in the form takes it up again."""
    found, mine = guarded_criterion(request.user, pk, criterion)
    retired = "tilbage" not in request.POST
    actions.retire_criterion(criterion=mine, retired=retired, by=request.user)
    message = _("No longer followed: %(name)s.") if retired else _("Followed again: %(name)s.")
    messages.success(request, message % {"name": mine.short_title})
    return redirect(address(found, f"kriterium-{mine.pk}"))


def guarded_criterion(user: User, pk: int, criterion: int) -> tuple[Initiative, SuccessCriterion]:
    """The initiative and its criterion, for who may change them."""
    found = readable_initiative(user, pk)
    mine = criterion_of(found, criterion)
    if not found.may_edit:
        raise PermissionDenied
    return found, mine
