"""The page of what people changed on one object."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from . import queries, registry

LAST_PAGE = 9_999


@require_safe
def show(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Who changed what and when, field by field, newest first."""
    registration = registry.REGISTRY.get(key)
    if registration is None:
        raise Http404
    subject = get_object_or_404(registration.visible(request.user), pk=pk)
    number = _page_number(request.GET.get("side", "1"))
    page = queries.page_of(registration, subject, number, reader=request.user)
    if page is None:
        raise Http404
    return render(
        request,
        "krams/history/history.html",
        {
            "subject": subject,
            "kind": registration.called,
            "back": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
            "newer": number - 1,
            "older": number + 1 if page.has_older else 0,
            "events": page.events,
        },
    )


def _page_number(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= LAST_PAGE):
        raise Http404
    return int(raw)
