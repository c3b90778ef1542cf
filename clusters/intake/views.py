"""Imports of a matrix: hand a document in, go through what was read, take it in, undo it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krams.documents.reading import Remark
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ..access import get_coordinated, get_editable, get_sheet
from ..enums import Division
from ..form_page import status_of
from ..matrix.actions.save_cell import ExpiredEffort
from ..matrix.answer import Choices
from ..matrix.conflict import find_conflict
from ..matrix.wording import expired_text
from .actions.apply import NothingAccepted, apply_draft
from .actions.drafts import (
    Closed,
    Overtaken,
    accept_sure,
    decide,
    drop_draft,
    keep_draft,
    place,
)
from .actions.undo import undo_draft
from .forms import DecisionForm, EditForm, IntakeForm, PasteForm, PlaceForm
from .queries import OpenDraft, drafts_of, get_draft, sought_in
from .units import ACCEPT, Kind, Unit

UNITS_A_PAGE = 20
# What the page shows; the first is what there is to do.
SHOWN: dict[str, tuple[Kind, ...]] = {
    "": (Kind.NEW, Kind.CHANGED),
    "nye": (Kind.NEW,),
    "aendret": (Kind.CHANGED,),
    "mangler": (Kind.MISSING,),
    "ens": (Kind.SAME,),
}


@require_http_methods(["GET", "POST"])
def imports(request: Request, slug: str) -> HttpResponse:
    """The form for a document or a copied table, and the imports of the cluster."""
    cluster = get_coordinated(request.user, slug)
    sheet = get_sheet(request.user, slug)
    data, files = _sent(request)
    form = IntakeForm(data, files, sought=lambda: sought_in(sheet))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        return redirect(
            keep_draft(
                cluster=cluster,
                authority=None,
                reading=form.reading,
                file_name=upload.name if upload else "",
                submission_id=form.cleaned_data["submission_id"],
                by=request.user,
            )
        )
    context = {
        "cluster": cluster,
        "form": form,
        "drafts": drafts_of(request.user, sheet),
        "column": None,
    }
    return render(request, "clusters/intake/imports.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def paste(request: Request, slug: str, authority: str) -> HttpResponse:
    """The form for a copied table with the answers of one authority."""
    sheet = get_sheet(request.user, slug)
    column = get_editable(sheet, authority)
    data, _files = _sent(request)
    form = PasteForm(data, sought=lambda: sought_in(sheet, column))
    if request.method == "POST" and form.is_valid():
        return redirect(
            keep_draft(
                cluster=sheet.cluster,
                authority=column.authority,
                reading=form.reading,
                file_name="",
                submission_id=form.cleaned_data["submission_id"],
                by=request.user,
            )
        )
    drafts = [
        one for one in drafts_of(request.user, sheet) if one.authority_id == column.authority_id
    ]
    context = {"cluster": sheet.cluster, "form": form, "drafts": drafts, "column": column}
    return render(request, "clusters/intake/imports.html", context, status=status_of(form))


def _sent(request: Request) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@require_safe
def draft(request: Request, slug: str, pk: int) -> HttpResponse:
    """What was read, page by page: what is new or changed, unless told otherwise."""
    return _show(request, get_draft(request.user, slug, pk))


def _show(
    request: Request,
    opened: OpenDraft,
    status: int = 200,
    *,
    overtaken: tuple[str, ...] = (),
    refusal: str = "",
    place_form: PlaceForm | None = None,
) -> HttpResponse:
    """The page of a draft. ``overtaken`` are the cells that must be looked at again: only they."""
    preview, shown = opened.preview, request.GET.get("vis", "")
    if shown not in SHOWN:
        raise Http404
    units = [
        unit
        for unit in preview.units
        if (unit.key in overtaken if overtaken else unit.kind in SHOWN[shown])
    ]
    page = _page_of(request.GET.get("side", "1"), units)
    counts = [
        (
            name,
            kinds[0].label if name else _("New and changed"),
            sum(u.kind in kinds for u in preview.units),
        )
        for name, kinds in SHOWN.items()
    ]
    form = place_form or _place_form(opened, None)
    context = _context(request, opened) | {
        "page": page,
        "entries": [_entry(opened, unit, unit.key in overtaken) for unit in page],
        "shown": shown,
        "counts": counts,
        "remarks": [Remark(value).label for value in opened.reading.remarks],
        "place_form": form if form.fields and opened.draft.is_open else None,
        "refusal": refusal,
        "overtaken": overtaken,
        "differs": any(unit.differs for unit in preview.units),
        "agrees": any(unit.kind == Kind.SAME for unit in preview.units),
        "taken_in": [unit for unit in preview.units if unit.choice == ACCEPT],
    }
    return render(request, "clusters/intake/draft.html", context, status=status)


def _page_of(number: str, units: list[Unit]) -> "Page[Unit]":
    """By number, since all of them are in hand. Raises ``Http404``."""
    try:
        return Paginator(units, UNITS_A_PAGE).page(number)
    except InvalidPage:
        raise Http404 from None


def _context(request: Request, opened: OpenDraft) -> dict[str, Any]:
    kept = {name: request.GET[name] for name in ("vis", "side") if name in request.GET}
    return {
        "cluster": opened.sheet.cluster,
        "draft": opened.draft,
        "reading": opened.reading,
        "preview": opened.preview,
        "tail": f"?{urlencode(kept)}" if kept else "",
    }


def _entry(opened: OpenDraft, unit: Unit, is_overtaken: bool = False) -> dict[str, Any]:
    """A cell with both versions of it, word by word."""
    versions, stored = None, unit.stored_note
    if unit.read:
        choices = Choices(opened.matrix.themes, [])
        versions = find_conflict(
            unit.answer, unit.cells[0], opened.matrix, choices, None, replaces=True
        )
    return {
        "unit": unit,
        "versions": versions,
        "stored_division": Division(stored.division).label if stored and stored.division else "",
        "is_overtaken": is_overtaken or (opened.draft.is_open and unit.is_overtaken),
    }


def _place_form(opened: OpenDraft, data: Any) -> PlaceForm:
    matrix, draft = opened.matrix, opened.draft
    initial = {f"c{number}": key for number, key in draft.placed_columns.items()}
    initial |= {f"r{number}": key for number, key in draft.placed_rows.items()}
    return PlaceForm(
        data,
        initial=initial,
        reading=opened.reading,
        authorities=[column.authority for column in matrix.columns],
        proposals=[row.proposal for row in matrix.rows],
    )


@require_POST
def decide_cell(request: Request, slug: str, pk: int, key: str) -> HttpResponse:
    """A cell is accepted or skipped as it was read; both versions (409) where it has changed."""
    opened = get_draft(request.user, slug, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, opened, 422, refusal=_("The form is out of date. Send it once more."))
    try:
        decide(draft=opened.draft, key=key, by=request.user, **form.cleaned_data)
    except Closed:
        return _closed(request, slug, pk)
    except Overtaken:
        return _decided(request, get_draft(request.user, slug, pk), key, 409)
    return _decided(request, get_draft(request.user, slug, pk), key)


def _decided(request: Request, opened: OpenDraft, key: str, status: int = 200) -> HttpResponse:
    """The cell alone for htmx; without JavaScript the page, at the cell."""
    if is_partial(request):
        unit = opened.preview.by_key[key]
        context = _context(request, opened) | {
            "entry": _entry(opened, unit, status == 409),
            "partial": True,
        }
        return render(request, "clusters/intake/_decided.html", context, status=status)
    if status == 409:
        return _show(request, opened, status, overtaken=(key,))
    tail = _context(request, opened)["tail"]
    return redirect(f"{opened.draft.get_absolute_url()}{tail}#u-{key}")


@require_http_methods(["GET", "POST"])
def edit_cell(request: Request, slug: str, pk: int, key: str) -> HttpResponse:
    """A cell put otherwise than it was read; saving accepts it so."""
    opened = get_draft(request.user, slug, pk)
    unit = opened.preview.by_key.get(key)
    if unit is None or unit.read is None:
        raise Http404
    if not unit.column.may_edit:
        raise PermissionDenied
    if not opened.draft.is_open:
        return _closed(request, slug, pk)
    form = EditForm(request.POST) if request.method == "POST" else EditForm.of(unit)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            decide(
                draft=opened.draft,
                key=key,
                choice=ACCEPT,
                seen=form.cleaned_data["seen"],
                edited=form.edited(),
                by=request.user,
            )
        except Closed:
            return _closed(request, slug, pk)
        except Overtaken as overtaken:
            # The next time it is saved upon what stands there now, which the page shows.
            form.data = {**request.POST.dict(), "seen": overtaken.units[0].shown}
            opened = get_draft(request.user, slug, pk)
            unit = opened.preview.by_key[key]
            status = 409
        else:
            tail = _context(request, opened)["tail"]
            return redirect(f"{opened.draft.get_absolute_url()}{tail}#u-{key}")
    context = _context(request, opened) | {
        "form": form,
        "entry": _entry(opened, unit, status == 409),
    }
    return render(request, "clusters/intake/edit.html", context, status=status)


@require_POST
def accept_new(request: Request, slug: str, pk: int) -> HttpResponse:
    """All that is new and certain is accepted."""

    def accept(opened: OpenDraft) -> None:
        number = accept_sure(draft=opened.draft, by=request.user)
        text = ngettext("%(number)s is accepted.", "%(number)s are accepted.", number)
        messages.success(request, text % {"number": number})

    return _act(request, slug, pk, accept)


@require_POST
def apply(request: Request, slug: str, pk: int) -> HttpResponse:
    """What was accepted is taken in; what somebody has changed since is shown again (409)."""
    opened = get_draft(request.user, slug, pk)
    refusal = ""
    try:
        apply_draft(draft=opened.draft, by=request.user)
    except Closed:
        return _closed(request, slug, pk)
    except Overtaken as overtaken:
        keys = tuple(unit.key for unit in overtaken.units)
        return _show(request, get_draft(request.user, slug, pk), 409, overtaken=keys)
    except NothingAccepted:
        refusal = _("Nothing is accepted yet. Accept at least one cell or note.")
    except ExpiredEffort as error:
        refusal = expired_text(error.effort)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    if refusal:
        return _show(request, opened, 422, refusal=refusal)
    messages.success(request, _("What was accepted is taken in."))
    return redirect(opened.draft)


@require_POST
def undo(request: Request, slug: str, pk: int) -> HttpResponse:
    """All that the import wrote is put back, but for what somebody has changed since."""

    def put_back(opened: OpenDraft) -> None:
        undone = undo_draft(draft=opened.draft, by=request.user)
        if undone.kept_cells:
            messages.success(request, _("The import is undone, but for what is named below."))
        else:
            messages.success(request, _("The import is undone."))

    return _act(request, slug, pk, put_back)


@require_POST
def drop(request: Request, slug: str, pk: int) -> HttpResponse:
    """The draft is thrown away; nothing of it was taken in."""
    return _act(request, slug, pk, lambda now: drop_draft(draft=now.draft, by=request.user))


@require_POST
def place_rest(request: Request, slug: str, pk: int) -> HttpResponse:
    """To whom columns belong that could not be told, and rows to which proposals."""
    opened = get_draft(request.user, slug, pk)
    form = _place_form(opened, request.POST)
    if not form.is_valid():
        return _show(request, opened, 422, place_form=form)
    return _act(
        request,
        slug,
        pk,
        lambda now: place(
            draft=now.draft, columns=form.placed("c"), rows=form.placed("r"), by=request.user
        ),
    )


def _act(request: Request, slug: str, pk: int, act: Callable[[OpenDraft], object]) -> HttpResponse:
    opened = get_draft(request.user, slug, pk)
    try:
        act(opened)
    except Closed:
        return _closed(request, slug, pk)
    path = reverse("clusters:import", args=[slug, pk])
    return redirect(f"{path}{_context(request, opened)['tail']}")


def _closed(request: Request, slug: str, pk: int) -> HttpResponse:
    """Somebody has taken it in, undone it or thrown it away meanwhile: the page says who."""
    refusal = _("A colleague has closed this import meanwhile.")
    return _show(request, get_draft(request.user, slug, pk), 409, refusal=refusal)
