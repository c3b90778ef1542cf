"""The audit log: who came in, took something out or was given a right; as a page and as a file."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...audit.wording import about_in_words, details_in_words
from ...database.paging import Pager, place_of
from ...documents.spreadsheets import WRITERS, Table, stream
from ...people.requests import Request
from ..forms import AuditFilter
from ..queries import audit as queries


@require_safe
def log(request: Request) -> HttpResponse:
    form = _filter(request)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "krams/changes/audit.html", context, status=422)
    entries = queries.entries_for(request.user, form.cleaned_data)
    page = queries.page_of(entries, place_of(queries.ENTRIES, request))
    context |= {
        "entries": [
            (entry, about_in_words(entry.about), details_in_words(entry.details)) for entry in page
        ],
        "labels": queries.labels(),
        "pages": Pager.of(page, form.typed),
    }
    return render(request, "krams/changes/audit.html", context)


@require_safe
def export(request: Request, kind: str) -> HttpResponseBase:
    """What the filter leaves, all of it. Taking it out is an entry too."""
    form = _filter(request)
    if kind not in WRITERS or not form.is_valid():
        raise Http404
    entries = queries.entries_for(request.user, form.cleaned_data)
    columns = [_("Date and time"), _("Kind"), _("By"), _("About"), _("Details"), _("Network")]
    return stream(Table(_("Audit log"), columns, _rows(entries.order_by("-at", "-pk"))), kind)


def _filter(request: Request) -> AuditFilter:
    """Raises ``PermissionDenied`` for who administers nothing."""
    if not queries.may_read(request.user):
        raise PermissionDenied
    return AuditFilter(request.GET)


def _rows(entries: Any) -> Iterator[list[Any]]:
    labels = queries.labels()
    for entry in entries.iterator(chunk_size=1000):
        at = timezone.localtime(entry.at).strftime("%d.%m.%Y %H:%M:%S")
        about, details = about_in_words(entry.about), details_in_words(entry.details)
        yield [at, labels[entry.kind], entry.actor_name, about, details, entry.address]
