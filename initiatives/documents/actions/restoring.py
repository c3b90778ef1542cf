"""The texts of an initiative as an earlier version had them, section by section."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from krams.history.actions.locking import StaleVersion
from krams.history.registry import Record
from krams.models import User

from ...enums import Factor
from ...models import FactorText, Initiative
from ..queries.document import read_document
from ..sections import FACTORS, SECTIONS, Section
from .sections import save_section

# What somebody has written; the policy, dates and status were decided, and lines are rows.
TEXTS = (
    *("title", "introduction", "purpose", "target_group", "actors", "timeline", "economy"),
    *("criteria_note", "follow_up"),
)


@transaction.atomic
def restore_texts(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Initiative:
    """Each section whose text was another is saved as a change of its own, and the journal says so.

    The texts of the factors come along; goals and lines stay as they are. Raises
    ``PermissionDenied`` and ``StaleVersion``.
    """
    mine = Initiative.objects.editable_by(by).select_for_update(of=("self",))
    current = mine.filter(pk=record.id).first()
    if current is None:
        raise PermissionDenied
    if current.version != version:
        raise StaleVersion(current)
    for section in SECTIONS:
        wanted = read_document(current).values(section) | _then(section, record, values)
        current = save_section(
            initiative=current,
            section=section,
            version=current.version,
            values=wanted,
            reason=reason,
            by=by,
        )
    return current


def _then(section: Section, record: Record, values: dict[str, Any]) -> dict[str, Any]:
    texts = {name: values[name] for name in section.fields if name in values}
    if section.part == FACTORS:
        texts |= {f"factor_{factor.value}": _text_of(record, factor) for factor in Factor}
    return texts


def _text_of(record: Record, factor: Factor) -> str:
    """What the initiative said of a factor when the next version was saved, or says now.

    A section is saved row by row: the rows of a save are older than the initiative's own.
    """
    versions = FactorText.history.filter(
        initiative_id=record.id, factor=factor, facility=None, history_date__lte=record.history_date
    )
    last = versions.order_by("-history_date", "-history_id").first()
    return last.text if last and last.history_type != "-" else ""
