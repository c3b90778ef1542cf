"""The page of a municipality's thresholds for "Holder det?" and for hidden figures."""

from typing import Any

from django.contrib import messages
from django.db.models import Field
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.models import Authority
from krams.people.requests import Request

from ..access import visible_municipality
from ..form_page import clash, on_top
from ..models import FollowUpSettings
from . import actions
from .forms import FIELDS, FollowUpForm


@require_http_methods(["GET", "POST"])
def thresholds(request: Request, slug: str) -> HttpResponse:
    """For managers and administrators of the municipality or of one of its departments."""
    municipality = visible_municipality(request.user, slug, change=True)
    current = FollowUpSettings.of(municipality)
    if request.method == "GET":
        form = FollowUpForm(initial=FollowUpForm.initial_of(current))
        return _render(request, municipality, current, form)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _render(request, municipality, current, form, status=422)
    try:
        actions.save_follow_up(
            municipality=municipality,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        current = stale.current
        more = clash(form, current, FollowUpForm.initial_of(current))
        again = FollowUpForm(on_top(form, current.version))
        return _render(request, municipality, current, again, **more)
    messages.success(request, _("Saved. Every page and e-mail uses the new thresholds from now."))
    return redirect(reverse("initiatives:thresholds", args=[slug]))


def _render(
    request: Request,
    municipality: Authority,
    current: FollowUpSettings,
    form: BaseForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "municipality": municipality,
        "current": current,
        "form": form,
        "defaults": [(form.fields[name].label, _default(name)) for name in FIELDS],
        **more,
    }
    return render(request, "initiatives/sustain/thresholds.html", context, status=status)


def _default(name: str) -> int:
    field = FollowUpSettings._meta.get_field(name)
    assert isinstance(field, Field)
    default: int = field.default
    return default
