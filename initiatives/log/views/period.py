"""Held of planned in any period: a page, and the same as a file for a spreadsheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from krams.documents.spreadsheets import WRITERS, download
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ... import access
from ..forms.period import PeriodForm
from ..period import Period, quick_choices, total
from ..queries.period import read_period
from ..spreadsheet import period_table

NAMES = {
    "this-quarter": gettext_lazy("This quarter"),
    "last-quarter": gettext_lazy("Last quarter"),
    "this-half": gettext_lazy("This half-year"),
    "last-half": gettext_lazy("Last half-year"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
}


@require_GET
def period(request: Request, slug: str) -> HttpResponse:
    facility = access.visible_facility(request.user, slug)
    allow_replica(request)
    today = timezone.localdate()
    form = PeriodForm(request.GET, today=today)
    chosen = form.period if form.is_valid() else None
    rows = read_period(facility, chosen, today) if chosen else []
    context = {
        "facility": facility,
        "form": form,
        "period": chosen,
        "rows": rows,
        "total": total(rows),
        "query": _query(chosen) if chosen else "",
        "choices": [
            (NAMES[name], _query(one), one == chosen) for name, one in quick_choices(today)
        ],
    }
    return render(request, "initiatives/log/period.html", context)


@require_GET
def period_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """What the page shows; a period that means nothing goes back to the page, which says so."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    allow_replica(request)
    today = timezone.localdate()
    form = PeriodForm(request.GET, today=today)
    if not form.is_valid():
        return redirect(f"{reverse('initiatives:period', args=[slug])}?{request.GET.urlencode()}")
    rows = read_period(facility, form.period, today)
    days = form.period.first.isoformat(), form.period.last.isoformat()
    title = _("Held of planned %(facility)s %(first)s %(last)s") % {
        "facility": facility,
        "first": days[0],
        "last": days[1],
    }
    return download(period_table(title, rows), kind)


def _query(one: Period) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (one.first, one.last))
    return f"fra={first}&til={last}"
