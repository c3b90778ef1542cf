"""The initiative as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from krams.documents import papers
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..queries.document import read_document
from ..queries.initiatives import whole_initiative
from ..word_form import as_content


@require_GET
def initiative_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """``/indsatser/1.docx``: the municipal form of two columns, with the facilities' own texts."""
    found = whole_initiative(request.user, pk)
    allow_replica(request)
    return papers.download(as_content(read_document(found)), kind)
