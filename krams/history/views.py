"""The page of what people changed on one object."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ..database.paging import Pager, place_of
from . import queries, registry


@require_safe
def show(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Who changed what and when, field by field, newest first."""
    registration = registry.REGISTRY.get(key)
    if registration is None:
        raise Http404
    subject = get_object_or_404(registration.visible(request.user), pk=pk)
    place = place_of(queries.SAVES, request)
    page, events = queries.page_of(registration, subject, place, reader=request.user)
    return render(
        request,
        "krams/history/history.html",
        {
            "subject": subject,
            "kind": registration.called,
            "back": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
            "pages": Pager.of(page),
            "events": events,
        },
    )
