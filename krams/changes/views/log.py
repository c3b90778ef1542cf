"""Pages of what was changed: at a facility, by an authority, in a cluster, by oneself."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...database.keyset import Page
from ...database.paging import Pager, place_of
from ...models import Cluster, Facility
from ...people.requests import Request
from ..queries import log as queries
from ..queries.log import Entry, Found


@require_safe
def facility(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(Facility.objects.visible_to(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("facility", subject.pk, place, reader=request.user)
    return _page(request, str(subject), found, back=subject.get_absolute_url())


@require_safe
def authority(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(queries.seen_authorities(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("authority", subject.pk, place, reader=request.user)
    return _page(request, str(subject), found)


@require_safe
def cluster(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(Cluster.objects.visible_to(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("cluster", subject.pk, place, reader=request.user)
    return _page(request, str(subject), found, back=subject.get_absolute_url())


@require_safe
def own(request: Request) -> HttpResponse:
    found = queries.by_oneself(place_of(queries.SAVES, request), reader=request.user)
    about = _("What you have changed")
    return _page(request, about, found, back=reverse("settings"), back_label=_("Settings"))


def _page(
    request: Request,
    about: str,
    found: tuple[Page[Found], list[Entry]],
    *,
    back: str = "",
    back_label: str = "",
) -> HttpResponse:
    """``back_label`` is for a page that is not of what the log is about."""
    page, entries = found
    context = {
        "about": about,
        "back": back,
        "back_label": back_label or about,
        "entries": entries,
        "pages": Pager.of(page),
    }
    return render(request, "krams/changes/log.html", context)
