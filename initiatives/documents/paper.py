"""How the papers of this half begin: who stands behind them, and which day it is. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from krams.documents.content import Block, Document

if TYPE_CHECKING:
    from krams.models import Department, Facility


def paper(
    title: str,
    owner: str,
    blocks: Iterable[Block],
    lead: Iterable[str] = (),
    *,
    is_wide: bool = False,
    named: Iterable[object] = (),
) -> Document:
    """A paper of today, in the language of whoever asks; empty lines of ``lead`` fall away.

    A file of it is ``named`` by these, with dates as they sort.
    """
    return Document(
        title=title,
        owner=owner,
        day=timezone.localdate(),
        lead=tuple(filter(None, lead)),
        blocks=tuple(blocks),
        language=get_language() or "da",
        is_wide=is_wide,
        name=" ".join(map(str, named)),
    )


def owner_of(department: "Department", facility: "Facility | None" = None) -> str:
    """Who stands behind it: municipality, department, and the facility if it is one's own."""
    named = (department.municipality.official_name, department, facility)
    return " · ".join(str(name) for name in named if name)
