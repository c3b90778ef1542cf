"""A whole column in one form: saved field by field, or all at once, and handed in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ...access import get_editable, get_sheet
from ...matrix.actions.refused_saves import keep_refused
from ...matrix.queries.cell_history import last_save
from ...matrix.wording import expired_text
from ...models import AskedColumn
from ..actions.hand_in import Withdrawn, hand_in, take_back
from ..actions.save_fields import FieldInput, Outcome, save_fields
from ..forms.column import FieldEditor
from ..queries.open_column import OpenColumn, open_column


@require_http_methods(["GET", "POST"])
def column(request: Request, slug: str, authority: str) -> HttpResponse:
    """The answers of an authority below each other; ``bed`` names the ask whose fields are shown.

    A POST saves what was touched. ``only`` names one field for htmx, ``done`` hands in too.
    """
    opened = open_column(request.user, slug, authority, number_of(request, "bed"))
    if request.method != "POST":
        editors = [_editor(opened, cell.proposal.pk) for cell in opened.cells]
        return _show(request, opened, editors)
    sent = [
        FieldEditor(opened.matrix, cell, opened.mine[cell.proposal.pk], request.POST)
        for cell in opened.cells
    ]
    only = request.POST.get("only", "") if is_partial(request) else ""
    touched = [
        one
        for one in sent
        if one.is_touched and not one.drops_mine and only in ("", str(one.cell.proposal.pk))
    ]
    valid = [one for one in touched if one.is_valid()]
    inputs = [
        FieldInput(one.cell, one.version, one.answer()) for one in valid if not one.has_lost_lines
    ]
    done = save_fields(column=opened.column, inputs=inputs, by=request.user)
    done.stale |= {one.cell.proposal.pk for one in valid if one.has_lost_lines}
    keep_refused(column=opened.column, proposals=done.stale, by=request.user)
    after = opened.read_again()
    kept = {one.cell.proposal.pk: one for one in touched if one.cell.proposal.pk not in done.saved}
    editors = [_after(after, cell.proposal.pk, kept, done) for cell in after.cells]
    status = 422 if len(valid) < len(touched) or done.expired else 409 if done.stale else 200
    if only:
        return _show_one(request, after, editors, only, status)
    if status == 200:
        return _settled(request, after, len(done.saved))
    return _show(request, after, editors, status=status, saved=len(done.saved))


def _editor(opened: OpenColumn, key: int) -> FieldEditor:
    cell = opened.matrix.cells[key, opened.column.authority_id]
    return FieldEditor(opened.matrix, cell, opened.mine[key])


def _after(
    opened: OpenColumn, key: int, kept: dict[int, FieldEditor], done: Outcome
) -> FieldEditor:
    """The field as it stands; with what was typed where that could not be saved."""
    now = _editor(opened, key)
    sent = kept.get(key)
    if sent is None:
        now.is_saved = key in done.saved
        return now
    version = now.cell.version if key in done.stale else sent.sent_version
    if key not in done.stale and version is not None:
        version = done.version_now(sent.cell, version)
    editor = sent.upon(opened.matrix, now.cell, opened.mine[key], version)
    if key in done.stale:
        editor.conflict = last_save(now.cell.position)
    elif effort := done.expired.get(key):
        editor.head.add_error(None, expired_text(effort))
    return editor


def _settled(request: Request, opened: OpenColumn, saved: int) -> HttpResponse:
    """All that was touched is saved; with ``done`` it is handed in."""
    if saved:
        text = ngettext("%(number)s answer is saved.", "%(number)s answers are saved.", saved)
        messages.success(request, text % {"number": saved})
    if "done" in request.POST:
        _hand_in(request, opened)
    elif not saved:
        messages.info(request, _("Nothing was changed, so nothing is saved."))
    return redirect(column_path(opened))


def _hand_in(request: Request, opened: OpenColumn) -> None:
    """What the page showed as waiting (``seen``): of an ask that came since, nobody knows yet."""
    shown = request.POST.get("seen", "").split(",")
    parts = [part for part in opened.to_hand_in if str(part.pk) in shown]
    try:
        for part in parts:
            hand_in(column=opened.column, asked=part.pk, by=request.user)
    except Withdrawn:
        messages.warning(
            request, _("The coordinator has withdrawn the ask: nothing is waited for.")
        )
        return
    if parts:
        messages.success(request, _("You have handed in. The coordinator can see it."))
    if len(parts) < len(opened.to_hand_in):
        messages.warning(
            request, _("You were asked for more while you were writing. Look at that first.")
        )


def column_path(opened: OpenColumn) -> str:
    args = [opened.sheet.cluster.slug, opened.column.authority.slug]
    path = reverse("clusters:column", args=args)
    return f"{path}?bed={opened.asked.pk}" if opened.asked else path


@require_POST
def column_undone(request: Request, slug: str, authority: str, asked: int) -> HttpResponse:
    """Take back that it was done."""
    sheet = get_sheet(request.user, slug)
    mine = get_editable(sheet, authority)
    try:
        part = take_back(column=mine, asked=asked, by=request.user)
    except AskedColumn.DoesNotExist as none:
        raise Http404 from none
    except Withdrawn:
        messages.warning(
            request, _("The coordinator has withdrawn the ask: nothing is waited for.")
        )
    else:
        messages.success(request, _("You are not done any more. Hand in when you are."))
        return redirect(part.form_path())
    return redirect("clusters:column", slug, authority)


def _show(
    request: Request,
    opened: OpenColumn,
    editors: list[FieldEditor],
    *,
    status: int = 200,
    saved: int = 0,
) -> HttpResponse:
    context = _context(opened) | {
        "editors": editors,
        "wrong": [one for one in editors if one.errors],
        "clashing": [one for one in editors if one.conflict],
        "saved": saved,
        "is_done_wanted": "done" in request.POST,
    }
    return render(request, "clusters/asking/column.html", context, status=status)


def _show_one(
    request: Request, opened: OpenColumn, editors: list[FieldEditor], only: str, status: int
) -> HttpResponse:
    editor = next((one for one in editors if str(one.cell.proposal.pk) == only), None)
    if editor is None:
        # It was joined with another field, or its proposal retired: the page as a whole shows it.
        return HttpResponse(headers={"HX-Redirect": column_path(opened)})
    context = _context(opened) | {"editor": editor}
    return render(request, "clusters/asking/_field_swapped_in.html", context, status=status)


def _context(opened: OpenColumn) -> dict[str, Any]:
    return {
        "cluster": opened.sheet.cluster,
        "opened": opened,
        "authority": opened.column.authority,
        "asked": opened.asked,
        "path": column_path(opened),
        "today": opened.sheet.today,
    }
