"""Measurements of a facility added, corrected, removed and brought back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.forms import VersionForm
from krams.web.htmx import is_partial

from ...enums import IndicatorKind
from ...form_page import clash, on_top, render_form
from ...models import Indicator, Measurement, SuccessCriterion
from ..actions import measurements as actions
from ..criterion import CriterionPage, IndicatorPart, OwnPlace
from ..figures import figure_text
from ..forms.measurements import MeasurementEditForm, MeasurementForm, range_problem
from ..queries.criterion_page import (
    indicator_measured,
    visible_criterion,
    visible_place,
)
from ..queries.measurements import earlier_measurements, measurement_of
from .criterion import address, fresh, guarded_page, render_page


def managed_indicator(
    request: Request, slug: str, pk: int, facility: str, indicator: int
) -> tuple[SuccessCriterion, OwnPlace, Indicator]:
    """Criterion, facility and indicator, for who manages the facility."""
    place = visible_place(request.user, facility)
    criterion = visible_criterion(request.user, slug, pk, place)
    mine = indicator_measured(criterion, indicator)
    if not place.may_manage:
        raise PermissionDenied
    return criterion, place, mine


def indicator_address(criterion: SuccessCriterion, place: OwnPlace, indicator: Indicator) -> str:
    where = [criterion.initiative.department.slug, criterion.pk, place.slug]
    return reverse("initiatives:criterion", args=where, fragment=f"maal-{indicator.pk}")


@require_http_methods(["GET", "POST"])
def measurement_edit(
    request: Request, slug: str, pk: int, facility: str, indicator: int, measurement: int
) -> HttpResponse:
    """Correct a measurement; below it stands what it was before."""
    criterion, place, mine = managed_indicator(request, slug, pk, facility, indicator)
    found = measurement_of(mine, place, measurement)
    if found.removed_at:
        raise Http404
    form = MeasurementEditForm(request.POST or None, indicator=mine, measurement=found)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_measurement(measurement=found, by=request.user, **form.values())
        except StaleVersion as stale:
            found = stale.current
            stands = {name: getattr(found, name) for name in form.measured()}
            more = clash(form, stale.current, stands)
            data = on_top(form, found.version)
            form = MeasurementEditForm(data, indicator=mine, measurement=found)
        except actions.AlreadyMeasured:
            form.add_error("measured_on", _("There is already a measurement on that day."))
        except actions.OutOfRange as refused:
            form.add_error(refused.field, range_problem(refused.indicator))
        except Measurement.DoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, _("The measurement is corrected."))
            return redirect(indicator_address(criterion, place, mine))
    return _render_edit(request, criterion, place, mine, found, form, **more)


def _render_edit(
    request: Request,
    criterion: SuccessCriterion,
    place: OwnPlace,
    mine: Indicator,
    found: Measurement,
    form: BaseForm,
    **more: Any,
) -> HttpResponse:
    return render_form(
        request,
        form,
        heading=_("Correct a measurement"),
        lead=f"{place}: {mine.name}",
        after="initiatives/criteria/_measurement_after.html",
        here="overview",
        back=indicator_address(criterion, place, mine),
        back_label=criterion.short_title,
        submit=_("Save the correction"),
        measurement=found,
        action=_url("measurement-edit", criterion, place, mine, found),
        remove_url=_url("measurement-remove", criterion, place, mine, found),
        records=_records(mine, found),
        **more,
    )


@require_POST
def measurement_remove(
    request: Request, slug: str, pk: int, facility: str, indicator: int, measurement: int
) -> HttpResponse:
    """Take a measurement out; the criterion's page offers to bring it back."""
    criterion, place, mine = managed_indicator(request, slug, pk, facility, indicator)
    found = measurement_of(mine, place, measurement)
    form, problem = VersionForm(request.POST), 0
    if not form.is_valid():
        messages.error(request, _("The page was out of date. Look at the figure, then remove it."))
        problem = 422
    else:
        try:
            actions.remove_measurement(
                measurement=found, version=form.cleaned_data["version"], by=request.user
            )
        except StaleVersion as stale:
            messages.error(request, _("Somebody corrected the figure meanwhile. Look at it first."))
            found, problem = stale.current, 409
    if problem:
        again = MeasurementEditForm(indicator=mine, measurement=found)
        return _render_edit(request, criterion, place, mine, found, again, status=problem)
    messages.success(request, _("The measurement is removed. It can be brought back."))
    return redirect(indicator_address(criterion, place, mine))


@require_POST
def measurement_restore(
    request: Request, slug: str, pk: int, facility: str, indicator: int, measurement: int
) -> HttpResponse:
    """Bring a removed measurement back."""
    criterion, place, mine = managed_indicator(request, slug, pk, facility, indicator)
    try:
        actions.restore_measurement(
            measurement=measurement_of(mine, place, measurement), by=request.user
        )
    except actions.AlreadyMeasured:
        messages.error(request, _("There is already a measurement on that day."))
    except actions.OutOfRange as refused:
        messages.error(request, range_problem(refused.indicator))
    else:
        messages.success(request, _("The measurement is back."))
    return redirect(indicator_address(criterion, place, mine))


def _url(
    name: str,
    criterion: SuccessCriterion,
    place: OwnPlace,
    indicator: Indicator,
    measurement: Measurement,
) -> str:
    where = [criterion.initiative.department.slug, criterion.pk, place.slug]
    return reverse(f"initiatives:{name}", args=[*where, indicator.pk, measurement.pk])


def _records(indicator: Indicator, measurement: Measurement) -> list[dict[str, Any]]:
    """What it was before, newest first; only who manages the facility gets here."""
    return [
        {
            "record": record,
            "text": figure_text(record.value, indicator.unit, indicator.kind),
        }
        for record in earlier_measurements(measurement)
    ]


@require_http_methods(["GET", "POST"])
def measurement_add(
    request: Request, slug: str, pk: int, facility: str, indicator: int
) -> HttpResponse:
    """Add a measurement of one indicator."""
    page = guarded_page(request, slug, pk, facility, managing=True)
    part = next((part for part in page.parts if part.indicator.pk == indicator), None)
    if part is None or part.indicator.kind == IndicatorKind.LOG:
        raise Http404
    if request.method == "GET":
        form = MeasurementForm(indicator=part.indicator)
        return render_page(request, page, "_indicator", part=part, measurement_form=form)
    form = MeasurementForm(request.POST, indicator=part.indicator)
    if form.is_valid() and _added(request, page, part, form):
        messages.success(request, _("The measurement is saved."))
        if not is_partial(request):
            return redirect(f"{address(page)}#maal-{indicator}")
        page = fresh(request, page)
        part = next(part for part in page.parts if part.indicator.pk == indicator)
        return render_page(request, page, "_indicator", part=part, saved=True)
    return render_page(request, page, "_indicator", status=422, part=part, measurement_form=form)


def _added(
    request: Request, page: CriterionPage, part: IndicatorPart, form: MeasurementForm
) -> bool:
    try:
        actions.add_measurement(
            indicator=part.indicator, facility=page.facility, by=request.user, **form.values()
        )
    except (actions.AlreadyMeasured, IntegrityError):
        form.add_error("measured_on", _("There is already a measurement on that day."))
        return False
    except actions.OutOfRange as refused:
        form.add_error(refused.field, range_problem(refused.indicator))
        return False
    return True
