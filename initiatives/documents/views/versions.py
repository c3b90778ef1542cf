"""The pages that tell who changed what of an initiative, and what two versions differ in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from krams.database.paging import Pager, place_of
from krams.history import word_differences
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...access import readable_initiative
from .. import journal
from ..forms.versions import CompareForm
from ..queries.versions import CHANGES, changes_of, read_differences


@require_GET
def changes(request: Request, pk: int) -> HttpResponse:
    """Who changed which section when, with the words that changed, newest first."""
    found = readable_initiative(request.user, pk)
    page = changes_of(found, place_of(CHANGES, request))
    entries = [
        {
            "change": change,
            "title": journal.TITLES.get(change.section, change.section),
            "anchor": journal.ANCHORS.get(change.section, change.section),
            "text": word_differences.inline(
                journal.shown(change.section, change.before),
                journal.shown(change.section, change.after),
            ),
        }
        for change in page
    ]
    context = {"initiative": found, "pages": Pager.of(page), "entries": entries}
    return render(request, "initiatives/documents/changes.html", context)


@require_GET
def compare(request: Request, pk: int) -> HttpResponse:
    """What reads otherwise in two versions of the whole document, word by word."""
    found = readable_initiative(request.user, pk)
    allow_replica(request)
    form = CompareForm(request.GET or None, newest=found.version)
    context = {"initiative": found, "form": form}
    if form.is_bound and not form.is_valid():
        return render(request, "initiatives/documents/initiative_compare.html", context, status=422)
    chosen = form.cleaned_data if form.is_bound else {"fra": 1, "til": found.version}
    context |= {
        "older": chosen["fra"],
        "newer": chosen["til"],
        "differences": read_differences(found, chosen["fra"], chosen["til"]),
    }
    return render(request, "initiatives/documents/initiative_compare.html", context)
