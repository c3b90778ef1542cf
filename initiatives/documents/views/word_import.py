"""A paper of Word taken into an initiative, or into a new one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from ...access import editable_initiative
from ...models import Initiative
from ..actions import word_import as actions
from ..actions.life_cycle import SentElsewhere
from ..document import Document
from ..forms.word_import import NewPaperForm, PaperForm
from ..queries.document import no_lines, read_document
from ..queries.initiatives import owners_of, places_of
from .word_preview import Preview, accepted, decided, preview_of

PAGE = "initiatives/documents/word_import.html"
# Says that a form has the answers, not a file.
DECIDED = "besluttet"


def _document(request: Request, found: Initiative) -> Document:
    document = read_document(found)
    document.writable = [place for place in places_of(request.user, found) if place.is_mine]
    return document


@require_http_methods(["GET", "POST"])
def word_import(request: Request, pk: int) -> HttpResponse:
    """Take a paper into an initiative that stands."""
    found = editable_initiative(request.user, pk)
    frame: dict[str, Any] = {
        "initiative": found,
        "heading": _("Take in from Word"),
        "lead": found.title,
        "back": found.get_absolute_url(),
        "back_label": found.title,
    }
    if request.method == "GET":
        return _render(request, PaperForm(), **frame)
    if DECIDED in request.POST:
        return _save(request, found, frame)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, form, status=422, **frame)
    preview = preview_of(_document(request, found), form.paper)
    return _render(request, PaperForm(), preview, **frame)


def _save(request: Request, found: Initiative, frame: dict[str, Any]) -> HttpResponse:
    document = _document(request, found)
    preview = decided(document, request.POST)
    right = accepted(preview, document)
    if right is None:
        return _render(request, PaperForm(), preview, wrong=True, status=422, **frame)
    sections, texts = right
    try:
        actions.take_in(
            initiative=found,
            sections=sections,
            texts=texts,
            reason=_("Taken in from Word"),
            by=request.user,
        )
    except StaleVersion:
        fresh = editable_initiative(request.user, found.pk)
        preview = decided(_document(request, fresh), request.POST, on_top=True)
        return _render(request, PaperForm(), preview, clash=True, status=409, **frame)
    except ObjectDoesNotExist as error:
        raise PermissionDenied from error
    if sections or texts:
        messages.success(request, _("The paper is taken in. The journal has what it changed."))
    else:
        messages.info(request, _("Nothing was chosen, so nothing is changed."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
def new_from_word(request: Request) -> HttpResponse:
    """Begin an initiative with what a paper says."""
    departments, facilities = owners_of(request.user)
    if not departments and not facilities:
        raise PermissionDenied
    frame: dict[str, Any] = {
        "heading": _("New initiative from Word"),
        "back": reverse("initiatives:initiatives"),
        "back_label": _("Initiatives"),
    }
    empty = NewPaperForm(departments=departments, facilities=facilities)
    if request.method == "GET":
        return _render(request, empty, **frame)
    is_decided = DECIDED in request.POST
    form = NewPaperForm(
        request.POST,
        None if is_decided else request.FILES,
        departments=departments,
        facilities=facilities,
    )
    if not form.is_valid():
        return _render(request, form, status=422, **frame)
    department, facility = form.chosen_owner()
    document = Document(Initiative(department=department, facility=facility), no_lines())
    frame["owner"] = form.cleaned_data["owner"]
    if is_decided:
        frame["submission_id"] = request.POST["submission_id"]
        return _begin(request, form, document, {"form": empty} | frame)
    preview = preview_of(document, form.paper)
    return _render(request, empty, preview, submission_id=uuid.uuid4(), **frame)


def _begin(
    request: Request, form: NewPaperForm, document: Document, frame: dict[str, Any]
) -> HttpResponse:
    preview = decided(document, request.POST)
    right = accepted(preview, document)
    sections = right[0] if right else []
    titles = [one.values["title"] for one in sections if "title" in one.values]
    if not titles:
        frame |= {"wrong": True, "no_title": right is not None}
        return _render(request, preview=preview, status=422, **frame)
    initiative = document.initiative
    try:
        made = actions.begin_of_paper(
            department=initiative.department,
            facility=initiative.facility,
            title=titles[0],
            submission_id=form.cleaned_data["submission_id"],
            sections=sections,
            reason=_("Taken in from Word"),
            by=request.user,
        )
    except SentElsewhere:
        return _render(request, preview=preview, clash=True, status=409, **frame)
    except ObjectDoesNotExist as error:
        raise PermissionDenied from error
    messages.success(request, _("The draft has begun with what the paper says."))
    return redirect(made)


def _render(
    request: Request,
    form: PaperForm | NewPaperForm,
    preview: Preview | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "preview": preview, "action": request.path, **more}
    return render(request, PAGE, context, status=status)
