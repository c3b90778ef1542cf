"""The calendar of a facility: the feed behind its secret address, and the page that opens it."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from .. import access
from . import actions
from .feed import feed as written
from .forms import LinkForm
from .queries import facility_of, link_of, read_meetings, read_planned

CALENDAR, PLAIN = "text/calendar; charset=utf-8", "text/plain; charset=utf-8"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed: whoever has the address reads it. A facility that has closed has none (410).

    Over plain http it is refused (403): sent on to https, a program would ask so for ever, with
    the secret readable on the way.
    """
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return HttpResponse(_("Use the address with https."), status=403, content_type=PLAIN)
    facility = facility_of(token)
    if facility is None:
        raise Http404
    today = timezone.localdate()
    if facility.closed_on and facility.closed_on < today:
        return HttpResponse(status=410)
    planned, meetings = read_planned(facility, today), read_meetings(facility, today)
    content = written(facility.name, planned, meetings, today)
    response = HttpResponse(content, content_type=CALENDAR)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse), "it is the response, or a shorter one"
    return answer


@require_http_methods(["GET", "POST"])
def calendar(request: Request, slug: str) -> HttpResponse:
    """The address of a facility's calendar; POST makes a new one, and shows it this once."""
    facility = access.managed_facility(request.user, slug)
    token, status = "", 200
    if request.method == "POST":
        form = LinkForm(request.POST)
        if not form.is_valid():
            messages.error(request, _changed())
            status = 422
        else:
            try:
                token = actions.renew_link(
                    facility=facility, version=form.cleaned_data["version"], by=request.user
                )
            except StaleVersion:
                messages.error(request, _changed())
                status = 409
    address = request.build_absolute_uri(_path(token)) if token else ""
    context = {
        "facility": facility,
        "link": link_of(facility),
        "address": address,
        # Programs that know the word open it at once.
        "subscribe": address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
    }
    return render(request, "initiatives/calendar/calendar.html", context, status=status)


@require_POST
def close(request: Request, slug: str) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    form = LinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _changed())
    else:
        version = form.cleaned_data["version"]
        try:
            actions.close_link(facility=facility, version=version, by=request.user)
        except StaleVersion:
            messages.error(request, _changed())
        else:
            messages.success(request, _("The address of the calendar is closed."))
    return redirect("initiatives:calendar", slug)


def _changed() -> str:
    return _("Somebody has changed the address meanwhile. Look at what stands here, and go on.")


def _path(token: str) -> str:
    return reverse("initiatives:calendar-feed", args=[token])
