"""Who is responsible and what comes next, for Word, paper and a spreadsheet. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from krams.documents.content import Block, Heading, Table, paragraph, row
from krams.documents.spreadsheets import Table as Sheet

from ..matrix.wording import short_date

if TYPE_CHECKING:
    from krams.models import ClusterMembership

    from ..models import Effort


def step_blocks(
    columns: "Iterable[ClusterMembership]", found: "Mapping[int, Sequence[Effort]]"
) -> Iterator[Block]:
    """A table an authority, in the order of the page."""
    heads = row(*_heads()[1:], is_head=True)
    for column in columns:
        name = column.authority.official_name
        yield Heading(1, name)
        rows = [row(*map(_shown, _facts(effort))) for effort in found[column.authority_id]]
        if rows:
            yield Table((5, 3, 5, 2), (heads, *rows), heads=1, summary=name)
        else:
            yield paragraph(_("No effort says who is responsible or what comes next."))


def step_tables(
    columns: "Iterable[ClusterMembership]", found: "Mapping[int, Sequence[Effort]]"
) -> list[Sheet]:
    """A row an effort."""
    rows = (
        [column.authority.official_name, *_facts(effort)]
        for column in columns
        for effort in found[column.authority_id]
    )
    return [Sheet(_("Next steps"), _heads(), rows, wraps=True)]


def _heads() -> list[str]:
    return [
        *(_("Authority"), _("Effort"), _("Responsible")),
        *(_("Next step"), _("At the latest")),
    ]


def _facts(effort: "Effort") -> list[Any]:
    return [effort.text, effort.responsible, effort.next_step, effort.next_step_on]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else short_date(value) if value else ""
