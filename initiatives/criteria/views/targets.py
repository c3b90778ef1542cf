"""The page where a facility sets its baseline and target."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from ...form_page import clash, on_top, render_form
from ..actions import targets as actions
from ..actions.measurements import OutOfRange
from ..forms.measurements import range_problem
from ..forms.targets import TargetForm
from ..queries.measurements import followed_at
from .measurements import indicator_address, managed_indicator


@require_http_methods(["GET", "POST"])
def target(request: Request, slug: str, pk: int, facility: str, indicator: int) -> HttpResponse:
    """The facility's baseline and target for an indicator."""
    criterion, place, mine = managed_indicator(request, slug, pk, facility, indicator)
    followed = followed_at(mine, place)
    form = TargetForm(request.POST or None, indicator=mine, followed=followed)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_target(
                indicator=mine,
                facility=place,
                version=form.cleaned_data["version"],
                values=form.values(),
                by=request.user,
            )
        except StaleVersion as stale:
            current = stale.current
            more = clash(form, current, TargetForm.initial_of(current))
            data = on_top(form, current.version if current.pk else 0)
            form = TargetForm(data, indicator=mine, followed=followed)
        except OutOfRange as refused:
            form.add_error(refused.field, range_problem(refused.indicator))
        else:
            messages.success(request, _("Baseline and target are saved."))
            return redirect(indicator_address(criterion, place, mine))
    return render_form(
        request,
        form,
        heading=_("Baseline and target"),
        lead=f"{place}: {mine.name}",
        body="initiatives/criteria/_target_form.html",
        here="overview",
        back=indicator_address(criterion, place, mine),
        back_label=criterion.short_title,
        submit=_("Save"),
        direction=mine.get_direction_display(),
        **more,
    )
