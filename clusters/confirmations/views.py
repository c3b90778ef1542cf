"""Confirm answers as they stand, one or a column; see who must."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from krams.history.actions.locking import StaleVersion
from krams.models import Authority
from krams.people.requests import Request

from ..access import get_editable, get_sheet, may_coordinate
from ..matrix.actions.save_cell import ExpiredEffort
from ..matrix.forms.seen_versions import SeenVersionsForm
from ..matrix.queries.open_cell import open_cell
from ..matrix.queries.read_matrix import read_matrix
from ..matrix.views.cell_page import query_tail, show_confirmed, show_refused
from ..matrix.wording import expired_text, numbers
from ..models import Position
from .actions.confirm import Confirmed, confirm_answer, confirm_column
from .queries.waiting import waiting_columns


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


@require_safe
def confirmations(request: Request, slug: str) -> HttpResponse:
    """Per authority how much waits to be confirmed, and when its editors were asked last."""
    sheet = get_sheet(request.user, slug)
    if not may_coordinate(request.user, sheet.cluster):
        raise PermissionDenied
    waiting = waiting_columns(sheet.cluster, read_matrix(sheet, with_notes=False))
    context = {"cluster": sheet.cluster, "waiting": waiting}
    return render(request, "clusters/confirmations/confirmations.html", context)
