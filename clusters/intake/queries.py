"""Drafts of imports: those of a cluster, one of them, and what it would change today."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

from krams.models import ClusterMembership, User

from ..access import Sheet, get_editable, get_sheet
from ..matrix.layout import Matrix
from ..matrix.queries.read_matrix import read_matrix
from ..models import ImportDraft
from .comparison import preview_of
from .reading import Reading, of_json
from .table_reading import Sought
from .units import Preview

MOST_LISTED = 50


@dataclass(frozen=True)
class OpenDraft:
    """A draft as it stands against the matrix of today."""

    draft: ImportDraft
    sheet: Sheet
    reading: Reading
    matrix: Matrix
    preview: Preview


def drafts_of(user: User, sheet: Sheet) -> list[ImportDraft]:
    """The latest of the cluster that the person may see."""
    visible = ImportDraft.objects.visible_to(user).filter(cluster=sheet.cluster)
    rows = visible.defer("reading").select_related("created_by", "authority")
    found = list(rows[:MOST_LISTED])
    for draft in found:
        draft.cluster = sheet.cluster
    return found


def sought_in(sheet: Sheet, only: ClusterMembership | None = None) -> Sought:
    """Whom and what a document may be about."""
    matrix = read_matrix(sheet, with_notes=False, with_themes=False)
    columns = [only] if only else sheet.columns
    return Sought(
        [column.authority for column in columns],
        [row.proposal for row in matrix.rows],
        only.authority_id if only else None,
    )


def get_draft(user: User, slug: str, pk: int) -> OpenDraft:
    """404 where the person may not see it."""
    sheet = get_sheet(user, slug)
    visible = ImportDraft.objects.visible_to(user).filter(cluster=sheet.cluster, pk=pk)
    draft = visible.select_related("authority", "created_by", "applied_by", "closed_by").first()
    if draft is None:
        raise Http404
    draft.cluster = sheet.cluster
    return open_draft(draft, sheet)


def open_draft(
    draft: ImportDraft, sheet: Sheet, *, created: Mapping[str, int] | None = None
) -> OpenDraft:
    """Reads the matrix and the decisions; ``created`` as of :func:`preview_of`."""
    only = None
    if draft.authority is not None:
        only = get_editable(sheet, draft.authority.slug)
    reading = of_json(draft.reading)
    matrix = read_matrix(sheet, only=only)
    preview = preview_of(
        reading,
        matrix,
        {decision.key: decision for decision in draft.decisions.all()},
        placed_columns=_by_number(draft.placed_columns),
        placed_rows=_by_number(draft.placed_rows),
        created=created,
    )
    return OpenDraft(draft, sheet, reading, matrix, preview)


def _by_number(stored: dict[str, int]) -> dict[int, int]:
    """The keys of a JSON object are texts."""
    return {int(number): key for number, key in stored.items()}
