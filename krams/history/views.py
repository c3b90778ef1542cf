"""The page of what people changed on one object."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..database.paging import Pager, place_of
from . import queries, registry
from .models import Kept
from .registry import Registration


@require_safe
def show(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Who changed what and when, field by field, newest first."""
    registration, subject, is_there = find(request, key, pk)
    return draw(request, registration, subject, is_there)


def find(request: HttpRequest, key: str, pk: int) -> tuple[Registration, Kept, bool]:
    """The object, and whether it is still there. Raises ``Http404``."""
    registration = registry.REGISTRY.get(key)
    if registration is None:
        raise Http404
    try:
        return registration, *queries.seen(registration, pk, reader=request.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def draw(
    request: HttpRequest,
    registration: Registration,
    subject: Kept,
    is_there: bool,
    *,
    status: int = 200,
    error: str = "",
) -> HttpResponse:
    """The page; ``error`` says why an earlier version was not restored."""
    place = place_of(queries.SAVES, request)
    page, events = queries.page_of(registration, subject, place, reader=request.user)
    address = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
    context = {
        "subject": subject,
        "key": registration.key,
        "kind": registration.called,
        "back": address if is_there else "",
        "pages": Pager.of(page),
        "events": events,
        # What stands as it is has nothing to be put back; it may be a save that tells nothing.
        "stands": page.rows[0].history_id if page.rows and page.is_newest else None,
        "error": error,
        "not_restored": registration.not_restored,
        "may_restore": _may_restore(request, registration, subject, is_there),
        "may_redact": registry.may_take_away(registration, subject, by=request.user),
    }
    return render(request, "krams/history/history.html", context, status=status)


def _may_restore(
    request: HttpRequest, registration: Registration, subject: Kept, is_there: bool
) -> bool:
    if is_there:
        return queries.may_restore(registration, subject, reader=request.user)
    restoring = registration.restoring
    return restoring is not None and restoring.gone is not None
