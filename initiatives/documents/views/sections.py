"""A section of an initiative as it reads, edited in place, and where two wrote it at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import editable_initiative, readable_initiative
from ...form_page import last_save, on_top
from ...models import Initiative
from ..actions.sections import save_section
from ..document import Document
from ..forms.lines import with_more_lines
from ..forms.sections import SectionForm
from ..queries.document import read_document
from ..queries.initiatives import places_of
from ..sections import BY_SLUG, FACTORS, Section, in_words, section_text
from .initiatives import shown


@require_GET
def section(request: Request, pk: int, slug: str) -> HttpResponse:
    """One section as it reads: what "Cancel" brings back."""
    found = readable_initiative(request.user, pk)
    chosen = section_or_404(slug)
    if not is_partial(request):
        return redirect(address(found, chosen))
    return render_section(request, found, chosen)


@require_http_methods(["GET", "POST"])
def section_edit(request: Request, pk: int, slug: str) -> HttpResponse:
    """The form of one section, in place or as a page of its own."""
    found = editable_initiative(request.user, pk)
    chosen, document = section_or_404(slug), read_document(found)
    if request.method == "GET":
        return render_form(request, document, SectionForm(section=chosen, document=document))
    if "more" in request.POST:
        data = with_more_lines(request.POST, f"{chosen.slug}-rows")
        form = SectionForm(data, section=chosen, document=document)
        if form.rows is not None:
            form.rows.focus_new()
        return render_form(request, document, form)
    form = SectionForm(request.POST, section=chosen, document=document)
    if not form.is_valid():
        return render_form(request, document, form, status=422)
    try:
        save_section(
            initiative=found,
            section=chosen,
            version=form.cleaned_data["version"],
            values=form.values(),
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except StaleVersion:
        return render_conflict(request, form)
    except Initiative.DoesNotExist as error:
        raise PermissionDenied from error
    messages.success(request, _("Saved: %(section)s.") % {"section": chosen.title})
    if not is_partial(request):
        return redirect(address(found, chosen))
    return render_section(request, found, chosen, saved=True)


def section_or_404(slug: str) -> Section:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def address(initiative: Initiative, section: Section) -> str:
    return f"{initiative.get_absolute_url()}#{section.slug}"


def render_section(
    request: Request, initiative: Initiative, section: Section, *, saved: bool = False
) -> HttpResponse:
    """The section after a save, with the side panel's last change, or after "Cancel"."""
    fresh = readable_initiative(request.user, initiative.pk)
    document = read_document(fresh)
    if section.part == FACTORS:
        places = places_of(request.user, fresh)
        document.writable = [place for place in places if place.is_mine]
    context = {
        "initiative": fresh,
        "document": document,
        "shown": shown(section, document),
        "focus": True,
        "saved": saved,
    }
    if saved:
        context["last"] = last_save(fresh)
    return render(request, "initiatives/documents/_section_saved.html", context)


def render_form(
    request: Request, document: Document, form: SectionForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "initiative": document.initiative,
        "document": document,
        "section": form.section,
        "form": form,
        **more,
    }
    name = "_section_form" if is_partial(request) else "section_edit"
    return render(request, f"initiatives/documents/{name}.html", context, status=status)


def render_conflict(request: Request, form: SectionForm) -> HttpResponse:
    """409: both texts side by side, and the form with what was typed, on top of what stands."""
    section = form.section
    fresh = readable_initiative(request.user, form.document.initiative.pk)
    document = read_document(fresh)
    texts = (section_text(section, values) for values in (document.values(section), form.values()))
    theirs, mine = word_differences.side_by_side(*(in_words(section.slug, text) for text in texts))
    data = on_top(form, fresh.version)
    again = SectionForm(data, section=section, document=document)
    change = fresh.changes.filter(section=section.slug).select_related("saved_by").first()
    conflict = {"theirs": theirs, "mine": mine, "change": change}
    return render_form(request, document, again, status=409, conflict=conflict)
