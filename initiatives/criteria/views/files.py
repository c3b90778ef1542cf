"""A criterion at one facility as a file."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.documents import papers, spreadsheets
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..paper import criterion_paper
from ..queries.criterion_page import read_criterion_page, visible_criterion, visible_place
from ..spreadsheet import measurements_table


@require_GET
def criterion_file(request: Request, slug: str, pk: int, facility: str, kind: str) -> HttpResponse:
    """The page as a document, or its measurements for a spreadsheet."""
    place = visible_place(request.user, facility)
    criterion = visible_criterion(request.user, slug, pk, place)
    allow_replica(request)
    today = timezone.localdate()
    page = read_criterion_page(criterion, place, today)
    if kind in spreadsheets.WRITERS:
        return spreadsheets.download(measurements_table(page, today), kind)
    return papers.download(criterion_paper(page), kind)
