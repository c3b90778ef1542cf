"""Confirm answers as they stand, one or a column; see who must, and ask them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import Authority, ClusterMembership
from krams.people.requests import Request
from krams.web.addresses import portal_address

from ..access import Sheet, get_editable, get_sheet, may_coordinate
from ..matrix.actions.save_cell import ExpiredEffort
from ..matrix.forms.seen_versions import SeenVersionsForm
from ..matrix.queries.open_cell import open_cell
from ..matrix.queries.read_matrix import read_matrix
from ..matrix.views.cell_page import query_tail, show_confirmed, show_refused
from ..matrix.wording import expired_text, numbers, short_date
from ..models import Position
from .actions.ask_editors import AskedLately, ColumnIsClosed, NobodyToAsk, ask_editors
from .actions.confirm import Confirmed, confirm_answer, confirm_column
from .queries.waiting import Waiting, waiting_columns


@require_POST
def cell_confirm(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """Confirm one answer; the cell comes back, changed meanwhile (409) or not to be so (422)."""
    opened = open_cell(request.user, slug, proposal, authority, with_cited=True)
    cell, form = opened.cell, SeenVersionsForm(request.POST)
    if not form.is_valid():
        return show_refused(request, opened, 422, str(form.errors["v"][0]))
    versions = form.cleaned_data["v"]
    try:
        if proposal not in versions:
            raise PermissionDenied
        if not versions.keys() <= {one.pk for one in cell.joint}:
            raise StaleVersion(Position(proposal_id=proposal))
        confirm_answer(column=opened.column, versions=versions, by=request.user)
    except StaleVersion:
        text = _("The answer was changed meanwhile. Read it, then confirm it.")
        if not cell.is_filled:
            text = _("There is no answer to confirm yet.")
        return show_refused(request, opened, 409, text)
    except ExpiredEffort as error:
        return show_refused(request, opened, 422, expired_text(error.effort))
    return show_confirmed(request, opened.read_again(with_cited=True))


@require_POST
def column_confirm(request: Request, slug: str, authority: str) -> HttpResponse:
    """Confirm all answers of a column that are as the person saw them; the others are named."""
    sheet = get_sheet(request.user, slug)
    column = get_editable(sheet, authority)
    back = redirect(f"{sheet.cluster.get_absolute_url()}{query_tail(request)}")
    form = SeenVersionsForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["v"][0]))
        return back
    done = confirm_column(column=column, versions=form.cleaned_data["v"], by=request.user)
    _tell(request, column.authority, done)
    return back


def _tell(request: Request, authority: Authority, done: Confirmed) -> None:
    number = len(done.confirmed)
    if number:
        text = ngettext(
            "%(authority)s: %(number)s answer is confirmed.",
            "%(authority)s: %(number)s answers are confirmed.",
            number,
        )
        messages.success(request, text % {"authority": authority, "number": number})
    if done.changed:
        text = _("Not confirmed, because they were changed meanwhile: proposals %(numbers)s.")
        messages.warning(request, text % {"numbers": numbers(done.changed)})
    for proposal, effort in done.expired:
        text = _("Proposal %(number)s is not confirmed: %(why)s")
        why = expired_text(effort)
        messages.warning(request, text % {"number": proposal.number, "why": why})
    if not (number or done.changed or done.expired):
        messages.warning(request, _("There is no answer to confirm yet."))


def confirmations(request: Request, slug: str) -> HttpResponse:
    """Per authority how much waits to be confirmed; a POST asks the editors of one by e-mail."""
    sheet = get_sheet(request.user, slug)
    if not may_coordinate(request.user, sheet.cluster):
        raise PermissionDenied
    waiting = waiting_columns(sheet.cluster, read_matrix(sheet, with_notes=False), timezone.now())
    if request.method == "POST":
        return _ask(request, sheet, waiting)
    context = {"cluster": sheet.cluster, "waiting": waiting}
    return render(request, "clusters/confirmations/confirmations.html", context)


def _ask(request: Request, sheet: Sheet, waiting: list[Waiting]) -> HttpResponse:
    slug = request.POST.get("authority", "")
    asked = next((one for one in waiting if one.column.authority.slug == slug), None)
    if asked is None:
        raise Http404
    column = next(one for one in sheet.columns if one.authority.slug == slug)
    name = {"authority": column.authority}
    if not asked.outdated:
        messages.warning(request, _("%(authority)s has nothing that waits.") % name)
    else:
        _send(request, column, asked.outdated, name)
    return redirect(reverse("clusters:confirmations", args=[sheet.cluster.slug]))


def _send(
    request: Request, column: ClusterMembership, outdated: int, name: dict[str, Authority]
) -> None:
    try:
        asked = ask_editors(
            column=column, outdated=outdated, portal=portal_address(request), by=request.user
        )
    except AskedLately as error:
        day = short_date(timezone.localdate(error.request.asked_at))
        text = _("The editors of %(authority)s were asked %(date)s. Wait a week between requests.")
        messages.warning(request, text % {**name, "date": day})
        return
    except NobodyToAsk:
        text = _("%(authority)s has no editor to ask. Give somebody the role first.")
        messages.warning(request, text % name)
        return
    except ColumnIsClosed:
        text = _("%(authority)s cannot fill in this matrix today, so nobody is asked.")
        messages.warning(request, text % name)
        return
    if asked.sent:
        text = ngettext(
            "%(number)s editor of %(authority)s has been asked.",
            "%(number)s editors of %(authority)s have been asked.",
            len(asked.sent),
        )
        messages.success(request, text % {**name, "number": len(asked.sent)})
    for text, people in (
        (_("The e-mail may not have reached: %(who)s."), asked.uncertain),
        (_("The e-mail could not be sent to: %(who)s. Tell them in another way."), asked.failed),
    ):
        if people:
            messages.error(request, text % {"who": ", ".join(map(str, people))})
