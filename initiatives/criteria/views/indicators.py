"""The pages where managers say what is measured for a criterion."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.danish.numbers import format_decimal
from krams.history.actions.locking import StaleVersion
from krams.models import User
from krams.people.requests import Request

from ...access import readable_initiative
from ...enums import IndicatorKind
from ...form_page import clash, on_top, render_form
from ...models import Indicator, Initiative, SuccessCriterion
from ..actions import indicators as actions
from ..compound import is_compound
from ..forms.indicators import IndicatorForm, KindForm
from ..queries.criteria import indicator_of
from ..ready_made import offer_of, offers_for
from .criteria import address, guarded_criterion


@require_http_methods(["GET", "POST"])
def indicator_new(request: Request, pk: int, criterion: int) -> HttpResponse:
    """Two steps: GET asks for the kind or offers ready-made ones, then for the rest.

    The first step is a GET form, so that "back" and a reload do no harm.
    """
    found, mine = guarded_criterion(request.user, pk, criterion)
    if "slags" not in request.GET and "klar" not in request.GET:
        status = 422 if request.method == "POST" else 200
        return _first_step(request, found, mine, KindForm(), status=status)
    data = request.GET.copy()
    offer = offer_of(data.get("klar", ""))
    if offer and "slags" not in data:
        data["slags"] = offer.kind
    first = KindForm(data)
    if not first.is_valid():
        return _first_step(request, found, mine, first, status=422)
    kind = first.cleaned_data["slags"]
    initial = offer.initial() if offer and offer.kind == kind else {"log_factor": mine.factors[0]}
    form = IndicatorForm(request.POST or None, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.add_indicator(
            criterion=mine,
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
        messages.success(
            request, _("Added: %(name)s. Each facility sets its own target.") % {"name": made.name}
        )
        return redirect(address(found, f"maal-{made.pk}"))
    return _indicator_form(
        request,
        found,
        mine,
        form,
        _("Add an indicator"),
        action=request.get_full_path(),
        offer=offer,
        is_new=True,
    )


def _first_step(
    request: Request, found: Initiative, mine: SuccessCriterion, form: BaseForm, status: int = 200
) -> HttpResponse:
    context = {
        "initiative": found,
        "criterion": mine,
        "form": form,
        "offers": offers_for(mine.factors),
        "splits": is_compound(mine.title),
    }
    return render(request, "initiatives/criteria/indicator_kind.html", context, status=status)


@require_http_methods(["GET", "POST"])
def indicator_edit(request: Request, pk: int, indicator: int) -> HttpResponse:
    found, mine = _guarded_indicator(request.user, pk, indicator)
    form, more = IndicatorForm(request.POST or None, kind=mine.kind, indicator=mine), {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_indicator(
                indicator=mine,
                version=form.cleaned_data["version"],
                values=form.values(),
                by=request.user,
            )
        except StaleVersion as stale:
            current = stale.current
            more = clash(form, current, IndicatorForm.initial_of(current))
            data = on_top(form, current.version)
            form = IndicatorForm(data, kind=mine.kind, indicator=current)
        except actions.FiguresOfOthers as refused:
            form.refuse_to_uncover(refused.field, refused.number)
        except actions.FiguresOutside as refused:
            form.refuse_range(_worded(refused.figures, mine.unit), refused.others)
        except actions.WrongWay as refused:
            form.refuse_direction(refused.places, refused.others)
        except actions.StartsTooLate as refused:
            form.refuse_start(refused.first)
        else:
            messages.success(request, _("The indicator is saved."))
            return redirect(address(found, f"maal-{mine.pk}"))
    more["history"] = reverse("history", args=["indikator", mine.pk])
    return _indicator_form(request, found, mine.criterion, form, mine.name, **more)


def _worded(
    figures: Iterable[tuple[str, str | dt.date, Decimal]], unit: str
) -> list[tuple[Decimal, str]]:
    """Each figure's value, and how it is named: place, what it is, value."""
    names = {"baseline": _("baseline"), "target": _("target")}
    worded = []
    for place, what, value in figures:
        name = date_format(what, "SHORT_DATE_FORMAT") if isinstance(what, dt.date) else names[what]
        worded.append((value, f"{place}, {name}: {format_decimal(value)} {unit}".rstrip()))
    return worded


def _indicator_form(
    request: Request,
    found: Initiative,
    criterion: SuccessCriterion,
    form: IndicatorForm,
    heading: str,
    **more: Any,
) -> HttpResponse:
    more.setdefault("status", 422 if form.is_bound else 200)
    more.setdefault("action", request.path)
    return render_form(
        request,
        form,
        heading=heading,
        lead=f"{criterion.number}. {criterion.title}",
        intro="initiatives/criteria/_indicator_intro.html",
        kind=IndicatorKind(form.kind),
        back=address(found, f"kriterium-{criterion.pk}"),
        back_label=_("Criteria"),
        submit=_("Save"),
        **more,
    )


@require_POST
def indicator_retire(request: Request, pk: int, indicator: int) -> HttpResponse:
    """Measured no longer; ``tilbage`` in the form takes it up again."""
    found, mine = _guarded_indicator(request.user, pk, indicator)
    retired = "tilbage" not in request.POST
    actions.retire_indicator(indicator=mine, retired=retired, by=request.user)
    message = _("No longer measured: %(name)s.") if retired else _("Measured again: %(name)s.")
    messages.success(request, message % {"name": mine.name})
    return redirect(address(found, f"kriterium-{mine.criterion_id}"))


def _guarded_indicator(user: User, pk: int, indicator: int) -> tuple[Initiative, Indicator]:
    found = readable_initiative(user, pk)
    mine = indicator_of(found, indicator)
    if not found.may_edit:
        raise PermissionDenied
    return found, mine
