"""What people changed on one object."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from . import queries, registry

PER_PAGE = 50
LAST_PAGE = 9_999


@require_safe
def show(request, key: str, pk: int):
    """Who changed what and when, field by field, newest first."""
    registration = registry.REGISTRY.get(key)
    if registration is None:
        raise Http404
    subject = get_object_or_404(registration.visible(request.user), pk=pk)
    number = _page_number(request.GET.get("side", "1"))
    start = (number - 1) * PER_PAGE
    records = (
        subject.history.select_related("history_user")
        .prefetch_related("history_user__memberships")
        .order_by("-history_date", "-history_id")
    )
    # One more than the page shows at either end: a change needs what stood before and after it.
    found = list(records[max(start - 1, 0) : start + PER_PAGE + 1])
    newer = found.pop(0) if start and found else None
    if not found and number > 1:
        raise Http404
    shown, rest = found[:PER_PAGE], found[PER_PAGE:]
    return render(
        request,
        "krams/history/history.html",
        {
            "subject": subject,
            "kind": registration.called,
            "back": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
            "newer": number - 1,
            "older": number + 1 if rest else 0,
            "events": queries.events(
                registration, shown, rest[0] if rest else None, newer, reader=request.user
            ),
        },
    )


def _page_number(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= LAST_PAGE):
        raise Http404
    return int(raw)
