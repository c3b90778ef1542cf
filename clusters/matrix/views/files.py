"""The matrix as a file: what the page shows, with the filter that is chosen there."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krams.documents import papers
from krams.documents.content import Block, Document
from krams.documents.spreadsheets import Table
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...access import Sheet, get_sheet
from ..forms.matrix_filter import MatrixFilter
from ..queries.read_matrix import read_matrix
from ..spreadsheet import tables_of
from ..word_table import as_content


@require_GET
def matrix_file(request: Request, slug: str, kind: str) -> HttpResponse:
    """``/klynger/syd/matrix.docx?vis=…``; a filter that does not exist goes back to the matrix."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    chosen = MatrixFilter(request.GET, read_matrix(sheet))
    if not chosen.is_valid():
        return redirect(f"{sheet.cluster.get_absolute_url()}?{request.GET.urlencode()}")
    title = _("Matrix of %(name)s") % {"name": sheet.cluster.name}
    lead = (_("The proposals of Rådet for Socialt Udsatte, and what is there already"),)
    found = as_content(chosen.shown, title=title, owner=owner_of(sheet), day=sheet.today, lead=lead)
    return papers.download(found, kind, tables_of(chosen.shown))


def sheet_file(
    sheet: Sheet,
    kind: str,
    title: str,
    blocks: Iterable[Block],
    tables: Sequence[Table] = (),
    *,
    lead: tuple[str, ...] = (),
    is_wide: bool = False,
) -> HttpResponse:
    """A page about the cluster of ``sheet`` as a file. Raises ``Http404`` as ``papers`` does."""
    document = Document(
        title=f"{title} – {sheet.cluster.name}",
        owner=owner_of(sheet),
        day=sheet.today,
        lead=lead,
        blocks=tuple(blocks),
        language=get_language() or "da",
        is_wide=is_wide,
    )
    return papers.download(document, kind, tables)


def owner_of(sheet: Sheet) -> str:
    """Who stands behind the matrix: the cluster and its region."""
    return f"{sheet.cluster.name} · {sheet.cluster.region.official_name}"
