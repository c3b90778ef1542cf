"""What editors are asked for: all asks of a cluster, one of them, a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krams.database.paging import Pager, place_of
from krams.history.actions.locking import StaleVersion
from krams.models import Cluster
from krams.people.requests import Request

from ...access import get_coordinated, get_sheet, may_coordinate
from ...enums import AskScope
from ...form_page import renew_version, status_of
from ...matrix.queries.read_matrix import read_matrix
from ...models import Ask
from ..actions.ask import NobodyToAsk, ask_editors, parts_of, prolong, withdraw
from ..actions.remind import remind_now
from ..forms.ask import AskForm, ProlongForm, prepared_ask
from ..queries.asks import ASKS, SIZE, ask_rows
from ..queries.progress import read_progress
from ..queries.recipients import askable_columns, without_anybody


@require_safe
def asks(request: Request, slug: str) -> HttpResponse:
    """Per ask and authority how far it has come, the newest first."""
    cluster = get_coordinated(request.user, slug)
    page = ASKS.read(place_of(ASKS, request), SIZE, lambda *edge: ask_rows(cluster, *edge))
    context = {
        "cluster": cluster,
        "progress": read_progress(page.rows),
        "pages": Pager.of(page),
        "today": timezone.localdate(),
    }
    return render(request, "clusters/asking/asks.html", context)


@require_http_methods(["GET", "POST"])
def ask_new(request: Request, slug: str) -> HttpResponse:
    """The form, with everybody chosen who misses something; ``vis`` shows who will get what."""
    sheet = get_sheet(request.user, slug)
    if not may_coordinate(request.user, sheet.cluster):
        raise PermissionDenied
    matrix = read_matrix(sheet, with_notes=False, with_themes=False)
    askable = askable_columns(sheet)
    offered: dict[str, Any] = {"askable": askable, "matrix": matrix}
    if request.method == "POST":
        form = AskForm(request.POST, **offered)
    else:
        initial = prepared_ask(request.GET, askable, matrix, sheet.today)
        form = AskForm(initial=initial, **offered)
    context: dict[str, Any] = {
        "cluster": sheet.cluster,
        "form": form,
        "matrix": matrix,
        "askable": askable,
        "others": without_anybody(sheet, askable),
        "nobody_lacks": _nobody_lacks(form),
    }
    if request.method == "POST" and form.is_valid():
        if "vis" not in request.POST:
            try:
                made = ask_editors(
                    cluster=sheet.cluster,
                    wanted=form.wanted(),
                    submission_id=form.cleaned_data["submission_id"],
                    by=request.user,
                )
            except NobodyToAsk:
                form.add_error("people", _("None of those chosen has anything of this to do."))
            else:
                return _asked(request, made)
        else:
            context["parts"] = parts_of(matrix, form.wanted(), askable)
    return render(request, "clusters/asking/ask_new.html", context, status=status_of(form))


def _nobody_lacks(form: AskForm) -> bool:
    """Whether the form comes with nobody chosen, though it asks for what is missing."""
    if form.is_bound:
        return False
    return form.initial["scope"] == AskScope.MISSING and not form.initial["people"]


def _asked(request: Request, ask: Ask) -> HttpResponse:
    number = ask.columns.count()
    text = ngettext(
        "%(number)s authority is asked. The e-mails are on their way.",
        "%(number)s authorities are asked. The e-mails are on their way.",
        number,
    )
    messages.success(request, text % {"number": number})
    return redirect(ask)


@require_safe
def ask(request: Request, slug: str, pk: int) -> HttpResponse:
    """One ask: per authority what was answered since, and what can be done about it."""
    found = _ask_of(get_coordinated(request.user, slug), pk)
    form = ProlongForm(initial={"version": found.version, "deadline": found.deadline})
    return _show(request, found, form)


@require_POST
def ask_prolong(request: Request, slug: str, pk: int) -> HttpResponse:
    """Another deadline; changed meanwhile it is asked about (409)."""
    found = _ask_of(get_coordinated(request.user, slug), pk)
    form = ProlongForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    try:
        prolong(ask=found, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        renew_version(form, stale.current)
        return _show(request, stale.current, form, status=409)
    except Ask.DoesNotExist:
        messages.warning(request, _("The ask is withdrawn, so its deadline is of no matter."))
    else:
        messages.success(request, _("The new deadline is saved."))
    return redirect(found)


@require_POST
def ask_withdraw(request: Request, slug: str, pk: int) -> HttpResponse:
    """Nothing more is waited for, and nobody reminded."""
    found = _ask_of(get_coordinated(request.user, slug), pk)
    withdraw(ask=found, by=request.user)
    messages.success(request, _("The ask is withdrawn. Nobody is reminded of it."))
    return redirect(found)


@require_POST
def ask_remind(request: Request, slug: str, pk: int) -> HttpResponse:
    """Write once more to those who have not handed in: of one authority, or all."""
    found = _ask_of(get_coordinated(request.user, slug), pk)
    authority = request.POST.get("authority", "")
    part = found.columns.filter(authority__slug=authority).first() if authority else None
    if authority and part is None:
        raise Http404
    number = remind_now(ask=found, authority=part.authority_id if part else None, by=request.user)
    if number:
        text = ngettext(
            "%(number)s editor is reminded.", "%(number)s editors are reminded.", number
        )
        messages.success(request, text % {"number": number})
    else:
        text = _(
            "Nobody is reminded: everybody has handed in, was written to today, or has no role "
            "there any more."
        )
        messages.warning(request, text)
    return redirect(found)


def _ask_of(cluster: Cluster, pk: int) -> Ask:
    found = get_object_or_404(Ask, cluster=cluster, pk=pk)
    # Its address is asked for again and again.
    found.cluster = cluster
    return found


def _show(request: Request, found: Ask, form: ProlongForm, status: int = 0) -> HttpResponse:
    [progress] = read_progress([found])
    context = {
        "cluster": found.cluster,
        "one": progress,
        "form": form,
        "is_stale": status == 409,
        "today": timezone.localdate(),
        "back": reverse("clusters:asks", args=[found.cluster.slug]),
    }
    status = status or status_of(form)
    return render(request, "clusters/asking/ask.html", context, status=status)
