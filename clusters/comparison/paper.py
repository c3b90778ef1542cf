"""The pages that compare authorities, for Word and paper. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.documents.content import (
    Block,
    Cell,
    Heading,
    Paragraph,
    Run,
    Table,
    item,
    paragraph,
    row,
)

from ..matrix.layout import Column, Matrix
from ..matrix.word_table import effort
from .coverage import Coverage, Share
from .gaps import Gap
from .heat import shades, squares
from .side_by_side import Comparison, Side
from .themes import ThemeView

if TYPE_CHECKING:
    from ..matrix.cell_status import Line
    from ..matrix.rows import ProposalRow

# The accounts that keep a column, by the key of its authority; each says who and where.
Contacts: TypeAlias = Mapping[int, Sequence[object]]


def comparison_blocks(compared: Iterable[Comparison], columns: Sequence[Column]) -> Iterator[Block]:
    """The authorities beside each other, proposal by proposal, in the order of the page."""
    heads = row(*(column.authority.official_name for column in columns), is_head=True)
    rows = [cells for one in compared for cells in _compared(one, len(columns))]
    if rows:
        widths = (1,) * len(columns)
        summary = _("The authorities beside each other, proposal by proposal")
        yield Table(widths, (heads, *rows), heads=1, summary=summary)
    else:
        yield paragraph(_("They answer alike to every proposal."))


def _compared(one: Comparison, width: int) -> Iterator[tuple[Cell, ...]]:
    title = Paragraph((Run(str(one.proposal), bold=True), Run(f" – {one.likeness.label}")))
    common = " · ".join(
        f"{theme.name} ({', '.join(column.authority.name for column in having)})"
        for theme, having in one.common
    )
    said = [title, paragraph(f"{_('In common')}: {common}", small=True)] if common else [title]
    yield (Cell(tuple(said), columns=width, is_head=True),)
    yield tuple(Cell(tuple(_side(side))) for side in one.sides)


def _side(side: Side) -> Iterator[Paragraph]:
    gap = (Run(f" – {_('Gap').lower()}"),) if side.is_gap else ()
    yield Paragraph((Run(side.cell.state_text, bold=True), *gap))
    if side.cell.is_joint:
        yield paragraph(side.cell.joint_text, small=True)
    yield from map(effort, side.others)
    if side.only:
        yield paragraph(_("Only here"), bold=True, small=True)
    yield from map(effort, side.only)


def gap_blocks(found: Sequence[Gap], contacts: Contacts) -> Iterator[Block]:
    """A row a proposal: whom it is missing at, what the others do, and whom to ask about it."""
    if not found:
        yield paragraph(_("There is an effort for every proposal."))
        return
    heads = row(_("Proposal"), _("Missing at"), _("What others do"), is_head=True)
    rows = (
        (
            Cell((paragraph(str(gap.proposal), bold=True),), is_head=True),
            Cell(tuple(_missing(gap))),
            Cell(tuple(_inspiration(gap, contacts))),
        )
        for gap in found
    )
    yield Table((4, 4, 7), (heads, *rows), heads=1, summary=_("Gaps"))


def _missing(gap: Gap) -> Iterator[Paragraph]:
    for cell in gap.missing:
        yield item(Run(cell.column.authority.official_name, bold=True), f": {cell.state_text}")


def _inspiration(gap: Gap, contacts: Contacts) -> Iterator[Paragraph]:
    if gap.is_nobodys:
        yield paragraph(_("Nobody has an effort"), bold=True)
    for column, lines in gap.inspiration:
        yield paragraph(column.authority.official_name, bold=True)
        yield from map(effort, lines)
        for one in contacts.get(column.authority.pk, ()):
            yield paragraph(f"{_('Ask')} {one}", small=True)


def coverage_blocks(found: Coverage, matrix: Matrix) -> Iterator[Block]:
    if matrix.rows:
        yield from _at_a_glance(matrix)
    yield Heading(1, _("Per authority"))
    yield paragraph(
        _(
            "An effort that has expired or was discontinued does not count,"
            " nor does a line below None."
        )
    )
    yield _shares(
        _("Authority"), [(one.of.authority.official_name, one) for one in found.authorities]
    )
    yield Heading(1, _("Per proposal"))
    yield _shares(_("Proposal"), [(str(one.of), one) for one in found.proposals])


def _at_a_glance(matrix: Matrix) -> Iterator[Block]:
    """The squares of the page as letters, which any printer can draw."""
    title = _("The matrix at a glance")
    yield Heading(1, title)
    yield paragraph(" · ".join(f"{one.letter}: {one.text}" for one in shades()), small=True)
    heads = row(_("Proposal"), *(column.name for column in matrix.columns), is_head=True)
    rows = (row(str(proposal), *(one.letter for one in line)) for proposal, line in squares(matrix))
    widths = (6, *(1 for _column in matrix.columns))
    yield Table(widths, (heads, *rows), heads=1, summary=title)


def _shares(about: str, shares: Iterable[tuple[str, Share[Any]]]) -> Table:
    heads = row(about, _("Answered"), _("Has an effort"), _("Answers besides"), is_head=True)
    rows = (
        row(
            name,
            _part(one.answered, one.total),
            _part(one.with_effort, one.total),
            str(one.extra or ""),
        )
        for name, one in shares
    )
    return Table((6, 2, 2, 2), (heads, *rows), heads=1, summary=about)


def _part(number: int, total: int) -> str:
    return _("%(number)s of %(total)s") % {"number": number, "total": total}


def theme_blocks(views: Sequence[ThemeView]) -> Iterator[Block]:
    """Each theme under its name: who does what, and for which proposals."""
    if not views:
        yield paragraph(_("No effort has a theme yet."))
    for view in views:
        yield Heading(1, view.theme.name)
        count = view.authority_count
        words = ngettext("%(number)s authority", "%(number)s authorities", count)
        yield paragraph(words % {"number": count}, small=True)
        rows = (
            (
                Cell((paragraph(column.authority.official_name, bold=True),), is_head=True),
                Cell(tuple(_serving(efforts))),
            )
            for column, efforts in view.efforts
        )
        yield Table((3, 8), tuple(rows), summary=view.theme.name)


def _serving(efforts: "Iterable[tuple[Line, list[ProposalRow]]]") -> Iterator[Paragraph]:
    """Each effort with the proposals that it serves."""
    for line, proposals in efforts:
        served = Run(f" – {'; '.join(map(str, proposals))}", small=True)
        yield Paragraph((*effort(line).runs, served), is_item=True)
