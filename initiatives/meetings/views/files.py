"""The agenda and the minutes of a meeting as files."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.documents import papers
from krams.people.requests import Request

from ..agenda import make
from ..paper import agenda_paper, minutes_paper
from ..queries.agenda import meeting_of, read_facts


@require_GET
def agenda_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """``/moeder/1/dagsorden.docx``: as it stands today, with lines for handwriting."""
    meeting = meeting_of(request.user, pk)
    agenda = make(read_facts(meeting, request.user, timezone.localdate()))
    return papers.download(agenda_paper(meeting, agenda), kind)


@require_GET
def minutes_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """``/moeder/1/referat.docx``: what was said and decided."""
    meeting = meeting_of(request.user, pk)
    agenda = make(read_facts(meeting, request.user, timezone.localdate()))
    return papers.download(minutes_paper(meeting, agenda), kind)
