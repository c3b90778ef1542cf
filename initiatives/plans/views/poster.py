"""The week for the wall: shown as it is printed, and as a PDF on A4 or A3."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.danish.weeks import Week
from krams.documents import papers
from krams.people.requests import Request

from ... import access
from ..poster_paper import days_of, heading, poster_paper
from ..queries.poster import read_poster

# A plan says what is meant to happen; nobody knows that of other years.
FARTHEST = dt.timedelta(days=366)
SIZES = {"a4": False, "a3": True}


@require_GET
def poster(request: Request, slug: str, week: str = "") -> HttpResponse:
    """This week, or any other within a year."""
    facility = access.visible_facility(request.user, slug)
    today = timezone.localdate()
    of = _week(week, today) if week else Week.of(today)
    near = [one for one in (of - 1, of + 1) if _is_near(one, today)]
    context = {
        "facility": facility,
        "poster": read_poster(facility, of),
        "week": of,
        "heading": heading(of),
        "days_of_week": days_of(of),
        "near": near,
        "sizes": SIZES,
    }
    return render(request, "initiatives/plans/poster.html", context)


@require_GET
def poster_file(request: Request, slug: str, week: str, size: str, kind: str) -> HttpResponse:
    """The same as a file, of the ``size`` a4 or a3."""
    facility = access.visible_facility(request.user, slug)
    of = _week(week, timezone.localdate())
    if size not in SIZES or kind != "pdf":
        raise Http404
    made = poster_paper(facility, read_poster(facility, of), is_large=SIZES[size])
    return papers.download(made, kind)


def _week(text: str, today: dt.date) -> Week:
    """Raises ``Http404`` for what is no week, or lies too far from today."""
    try:
        week = Week.parse(text)
    except ValueError as error:
        raise Http404 from error
    if not _is_near(week, today):
        raise Http404
    return week


def _is_near(week: Week, today: dt.date) -> bool:
    return abs(week.monday - today) <= FARTHEST
