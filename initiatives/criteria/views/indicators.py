"""An initiative's criteria and what is measured for each: a guide for its managers."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.danish.numbers import format_decimal
from krams.history.actions.locking import StaleVersion

from ...documents.views.life_cycle import editable, readable
from ...enums import IndicatorKind
from ...form_page import clash, on_top, render_form
from ...models import Indicator, SuccessCriterion
from ..actions import indicators as actions
from ..forms.indicators import CriterionForm, IndicatorForm, KindForm, PlaceForm, is_compound
from ..ready_made import offer_of, offers_for


@require_GET
def criteria(request, pk: int):
    """All criteria with their indicators, and what may be done with each."""
    return _render_criteria(request, readable(request.user, pk))


def _render_criteria(request, found, status=200):
    counted = Count(
        "facility_indicators__measurements",
        filter=Q(facility_indicators__measurements__removed_at=None),
    )
    by_criterion: dict[int, list] = {}
    indicators = Indicator.objects.filter(criterion__initiative=found)
    for one in indicators.annotate(figure_count=counted):
        by_criterion.setdefault(one.criterion_id, []).append(one)
    rows = []
    for criterion in found.criteria.all():
        mine = by_criterion.get(criterion.pk, [])
        rows.append(
            {
                "criterion": criterion,
                "indicators": [one for one in mine if not one.retired],
                "retired": [one for one in mine if one.retired],
                "splits": is_compound(criterion.title) and len(mine) < 2,
            }
        )
    context = {
        "initiative": found,
        "rows": [row for row in rows if not row["criterion"].retired],
        "retired": [row for row in rows if row["criterion"].retired],
    }
    return render(request, "initiatives/criteria/criteria.html", context, status=status)


def address(found, anchor="") -> str:
    url = reverse("initiatives:criteria", args=[found.pk])
    return f"{url}#{anchor}" if anchor else url


@require_http_methods(["GET", "POST"])
def criterion_new(request, pk: int):
    found = editable(request.user, pk)
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
def criterion_edit(request, pk: int, criterion: int):
    found, mine = _guarded(request.user, pk, criterion)
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
            more = clash(form, stale, CriterionForm.initial_of(current))
            form = CriterionForm(on_top(form, current.version), criterion=current)
        else:
            messages.success(request, _("The criterion is saved."))
            return redirect(address(found, f"kriterium-{mine.pk}"))
    more["history"] = reverse("history", args=["succeskriterium", mine.pk])
    return _criterion_form(request, found, form, mine.short_title, **more)


def _criterion_form(request, found, form, heading, **more):
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
def criterion_move(request, pk: int, criterion: int):
    found, mine = _guarded(request.user, pk, criterion)
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
def criterion_retire(request, pk: int, criterion: int):
    """Followed no longer; ``tilbage`` in the form takes it up again."""
    found, mine = _guarded(request.user, pk, criterion)
    retired = "tilbage" not in request.POST
    actions.retire_criterion(criterion=mine, retired=retired, by=request.user)
    message = _("No longer followed: %(name)s.") if retired else _("Followed again: %(name)s.")
    messages.success(request, message % {"name": mine.short_title})
    return redirect(address(found, f"kriterium-{mine.pk}"))


@require_http_methods(["GET", "POST"])
def indicator_new(request, pk: int, criterion: int):
    """Two steps: GET asks for the kind or offers ready-made ones, then for the rest.

    The first step is a GET form, so that "back" and a reload do no harm.
    """
    found, mine = _guarded(request.user, pk, criterion)
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


def _first_step(request, found, mine, form, status=200):
    context = {
        "initiative": found,
        "criterion": mine,
        "form": form,
        "offers": offers_for(mine.factors),
        "splits": is_compound(mine.title),
    }
    return render(request, "initiatives/criteria/indicator_kind.html", context, status=status)


@require_http_methods(["GET", "POST"])
def indicator_edit(request, pk: int, indicator: int):
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
            more = clash(form, stale, IndicatorForm.initial_of(current))
            data = on_top(form, current.version)
            form = IndicatorForm(data, kind=mine.kind, indicator=current)
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


def _worded(figures, unit: str) -> list[tuple[Decimal, str]]:
    """Each figure's value, and how it is named: place, what it is, value."""
    names = {"baseline": _("baseline"), "target": _("target")}
    worded = []
    for place, what, value in figures:
        name = names.get(what) or date_format(what, "SHORT_DATE_FORMAT")
        worded.append((value, f"{place}, {name}: {format_decimal(value)} {unit}".rstrip()))
    return worded


def _indicator_form(request, found, criterion, form, heading, **more):
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
def indicator_retire(request, pk: int, indicator: int):
    """Measured no longer; ``tilbage`` in the form takes it up again."""
    found, mine = _guarded_indicator(request.user, pk, indicator)
    retired = "tilbage" not in request.POST
    actions.retire_indicator(indicator=mine, retired=retired, by=request.user)
    message = _("No longer measured: %(name)s.") if retired else _("Measured again: %(name)s.")
    messages.success(request, message % {"name": mine.name})
    return redirect(address(found, f"kriterium-{mine.criterion_id}"))


def _guarded(user, pk: int, criterion: int):
    """The initiative and its criterion, for who may change them."""
    found = readable(user, pk)
    mine = get_object_or_404(found.criteria.select_related("initiative"), pk=criterion)
    if not found.may_edit:
        raise PermissionDenied
    return found, mine


def _guarded_indicator(user, pk: int, indicator: int):
    found = readable(user, pk)
    indicators = Indicator.objects.filter(criterion__initiative=found)
    mine = indicators.select_related("criterion__initiative").filter(pk=indicator).first()
    if mine is None:
        raise Http404
    if not found.may_edit:
        raise PermissionDenied
    return found, mine
