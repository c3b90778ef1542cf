"""Pages of what was changed: at a facility, by an authority, in a cluster, by oneself.

And the way back to what an earlier version said.
"""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..database.keyset import Page
from ..database.paging import Pager, place_of
from ..history import views as history
from ..history.actions.locking import StaleVersion
from ..models import Cluster, Facility
from ..people.requests import Request
from . import actions, queries
from .forms import RestoreForm
from .queries import Entry, Found


@require_safe
def facility(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(Facility.objects.visible_to(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("facility", subject.pk, place, reader=request.user)
    return _page(request, str(subject), subject.get_absolute_url(), found)


@require_safe
def authority(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(queries.seen_authorities(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("authority", subject.pk, place, reader=request.user)
    return _page(request, str(subject), "", found)


@require_safe
def cluster(request: Request, slug: str) -> HttpResponse:
    subject = get_object_or_404(Cluster.objects.visible_to(request.user), slug=slug)
    place = place_of(queries.SAVES, request)
    found = queries.at_place("cluster", subject.pk, place, reader=request.user)
    return _page(request, str(subject), subject.get_absolute_url(), found)


@require_safe
def own(request: Request) -> HttpResponse:
    found = queries.by_oneself(place_of(queries.SAVES, request), reader=request.user)
    return _page(request, _("What you have changed"), reverse("settings"), found)


def _page(
    request: Request, about: str, back: str, found: tuple[Page[Found], list[Entry]]
) -> HttpResponse:
    page, entries = found
    context = {"about": about, "back": back, "entries": entries, "pages": Pager.of(page)}
    return render(request, "krams/changes/log.html", context)


@require_POST
def restore(request: Request, key: str, pk: int) -> HttpResponse:
    """Put back what a version said; back to the history, which tells it as the newest change."""
    registration, subject, is_there = history.find(request, key, pk)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        error = _("The page is out of date. Choose the version again.")
        return history.draw(request, registration, subject, is_there, status=422, error=error)
    try:
        actions.restore(
            registration=registration,
            pk=pk,
            history_id=form.cleaned_data["saved"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except ObjectDoesNotExist as gone:
        raise Http404 from gone
    except StaleVersion:
        # Read again: the page shows what was saved meanwhile, with its version.
        registration, subject, is_there = history.find(request, key, pk)
        error = _("Somebody has saved this meanwhile. Look at it, and choose the version again.")
        return history.draw(request, registration, subject, is_there, status=409, error=error)
    except ValidationError as wrong:
        error = " ".join(wrong.messages)
        return history.draw(request, registration, subject, is_there, status=422, error=error)
    messages.success(request, _("What stood then stands again."))
    return redirect("history", key, pk)
