"""The notes below the table: add, edit and remove in place or on a page of their own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.models import (
    ClusterMembership,
)
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import Sheet, get_editable, get_sheet
from ...form_page import renew_version
from ...models import AuthorityNote
from ..actions.notes import add_note, remove_note, save_note
from ..forms.note import NewNoteForm, OldNoteForm
from ..layout import Matrix
from ..notes_below import Entry
from ..queries.read_matrix import read_matrix

CONTENT = ("heading", "text", "link", "division")


def note_add(request: Request, slug: str, authority: str) -> HttpResponse:
    """A new note of one authority, at the end of its notes."""
    sheet = get_sheet(request.user, slug)
    column = get_editable(sheet, authority)
    context = {"authority": column.authority, "back": _anchor(sheet, f"un-{authority}")}
    context["close"] = reverse("clusters:note-add-close", args=[slug, authority])
    # Several notes may be open on one page; no two fields have one id.
    own: dict[str, Any] = {"authority": column.authority, "auto_id": f"un-{authority}-%s"}
    if request.method != "POST":
        form = NewNoteForm(**own)
        return _form(request, sheet, context | {"form": form})
    form = NewNoteForm(request.POST, **own)
    if not form.is_valid():
        return _form(request, sheet, context | {"form": form}, status=422)
    before = read_matrix(sheet, only=column)
    content = {name: form.cleaned_data[name] for name in CONTENT}
    submission_id = form.cleaned_data["submission_id"]
    note = add_note(column=column, submission_id=submission_id, by=request.user, **content)
    return _saved(request, sheet, column, before, note.pk)


@require_safe
def note_add_close(request: Request, slug: str, authority: str) -> HttpResponse:
    """No form: nothing was added."""
    sheet = get_sheet(request.user, slug)
    get_editable(sheet, authority)
    back = _anchor(sheet, f"un-{authority}")
    return HttpResponse() if is_partial(request) else redirect(back)


def note_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    """Edit one note or, ticked so, remove it."""
    sheet = get_sheet(request.user, slug)
    note, column = get_editable_note(sheet, pk)
    context = {"authority": column.authority, "note": note, "back": _anchor(sheet, f"u-{pk}")}
    context["close"] = reverse("clusters:note-close", args=[slug, pk])
    own: dict[str, Any] = {"authority": column.authority, "auto_id": f"u-{pk}-%s"}
    if request.method != "POST":
        initial = {name: getattr(note, name) for name in (*CONTENT, "version")}
        form = OldNoteForm(initial=initial, **own)
        return _form(request, sheet, context | {"form": form})
    form = OldNoteForm(request.POST, **own)
    if not form.is_valid():
        return _form(request, sheet, context | {"form": form}, status=422)
    before = read_matrix(sheet, only=column)
    key = {"column": column, "note_id": pk, "version": form.cleaned_data["version"]}
    content = {name: form.cleaned_data[name] for name in CONTENT}
    try:
        if form.cleaned_data["remove"]:
            remove_note(**key, by=request.user)
            _say_removed(request, note)
        else:
            save_note(**key, by=request.user, **content)
    except StaleVersion as stale:
        return _conflict(request, sheet, context, form, stale.current)
    except AuthorityNote.DoesNotExist as gone:
        raise Http404 from gone
    is_there = not form.cleaned_data["remove"]
    return _saved(request, sheet, column, before, pk, is_there=is_there)


@require_safe
def note_close(request: Request, slug: str, pk: int) -> HttpResponse:
    """The note without its form; nothing is saved."""
    sheet = get_sheet(request.user, slug)
    _note, column = get_editable_note(sheet, pk)
    return _shown(request, sheet, read_matrix(sheet, only=column), pk)


def _anchor(sheet: Sheet, anchor: str) -> str:
    return f"{reverse('clusters:matrix', args=[sheet.cluster.slug])}#{anchor}"


def _form(
    request: Request, sheet: Sheet, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    partial = is_partial(request)
    context |= {"cluster": sheet.cluster, "partial": partial, "here": request.path}
    template = "clusters/matrix/_note_form_item.html" if partial else "clusters/matrix/note.html"
    return render(request, template, context, status=status)


def _conflict(
    request: Request,
    sheet: Sheet,
    context: dict[str, Any],
    form: OldNoteForm,
    current: AuthorityNote,
) -> HttpResponse:
    """The saved note beside the person's text, which the next save puts in its place."""
    renew_version(form, current)
    marked = {
        name: word_differences.side_by_side(form.cleaned_data[name], getattr(current, name))[1]
        for name in ("heading", "text")
    }
    saved = current.history.select_related("history_user").first()
    context |= {"form": form, "theirs": marked, "saved": saved}
    return _form(request, sheet, context, status=409)


def _saved(
    request: Request,
    sheet: Sheet,
    column: ClusterMembership,
    before: Matrix,
    pk: int,
    *,
    is_there: bool = True,
) -> HttpResponse:
    """The note alone where it keeps its place; where others move along, the whole page."""
    if not is_partial(request):
        if is_there:
            messages.success(request, _("Saved."))
        return redirect(_anchor(sheet, f"u-{pk}"))
    after = read_matrix(sheet, only=column)
    old, new = _labels(before), _labels(after)
    is_last = all(
        column.entries[-1].anchor == f"u-{pk}"
        for column in after.columns
        if any(entry.anchor == f"u-{pk}" for entry in column.entries)
    )
    moved = any(new.get(anchor) != label for anchor, label in old.items())
    if moved or (len(new) > len(old) and not is_last):
        if is_there:
            messages.success(request, _("Saved."))
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _shown(request, sheet, after, pk, saved=True)


def _say_removed(request: Request, note: AuthorityNote) -> None:
    """With the way back: a note has no place of its own once it is gone."""
    text = _("“%(note)s” was removed. It can be brought back from its history.")
    link = format_html(
        ' <a href="{}">{}</a>', reverse("history", args=["uddybning", note.pk]), _("History")
    )
    messages.success(request, format_html("{}{}", text % {"note": note.heading}, link))


def _labels(matrix: Matrix) -> dict[str, tuple]:
    """Where each text below the table stands, and under what label."""
    return {
        entry.anchor: (entry.label, entry.division)
        for column in matrix.columns
        for entry in column.entries
    }


def _shown(
    request: Request, sheet: Sheet, matrix: Matrix, pk: int, *, saved: bool = False
) -> HttpResponse:
    if not is_partial(request):
        return redirect(_anchor(sheet, f"u-{pk}"))
    context = {"cluster": sheet.cluster, "entry": _entry(matrix, pk), "may_edit": True}
    return render(request, "clusters/matrix/_note.html", context | {"focus": True, "saved": saved})


def _entry(matrix: Matrix, pk: int) -> Entry:
    for column in matrix.columns:
        for entry in column.entries:
            if entry.note and entry.note.pk == pk:
                return entry
    raise Http404


def get_editable_note(sheet: Sheet, pk: int) -> tuple[AuthorityNote, ClusterMembership]:
    """A note of this cluster with its column; 404 and 403 as above."""
    note = get_object_or_404(
        AuthorityNote.objects.filter(cluster=sheet.cluster).select_related("authority"), pk=pk
    )
    return note, get_editable(sheet, note.authority.slug)
