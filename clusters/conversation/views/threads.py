"""All questions and proposed wordings of a cluster, page by page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from krams.database.paging import Pager, place_of
from krams.people.requests import Request

from ...access import get_sheet
from ..queries.threads import THREADS, threads_of


@require_safe
def threads(request: Request, slug: str) -> HttpResponse:
    """Those that wait for somebody, newest first; ``?alle=1`` shows the resolved ones too."""
    sheet = get_sheet(request.user, slug)
    with_resolved = request.GET.get("alle") == "1"
    page = threads_of(sheet.cluster, place_of(THREADS, request), with_resolved=with_resolved)
    context = {
        "cluster": sheet.cluster,
        "threads": page,
        "pages": Pager.of(page, {"alle": "1"} if with_resolved else None),
        "with_resolved": with_resolved,
    }
    return render(request, "clusters/conversation/threads.html", context)
