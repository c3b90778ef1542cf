"""What changed between two versions of a matrix, for Word and paper. Pure."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.documents.content import (
    Block,
    Cell,
    Change,
    Heading,
    Paragraph,
    Run,
    Table,
    item,
    paragraph,
)
from krams.history.word_differences import ADDED, REMOVED, Rewording

from .differences import CellChange, Difference

AUTHORITY_WIDTH, TEXT_WIDTH = 3, 9
CHANGES: dict[str, Change] = {ADDED: "added", REMOVED: "removed"}


def difference_blocks(difference: Difference) -> Iterator[Block]:
    """In the order of the page: in short, then word by word."""
    if not difference:
        yield paragraph(_("The two say the same."))
        return
    yield Paragraph(
        (
            Run(_("added"), change="added"),
            Run(" · "),
            Run(_("removed"), change="removed"),
        )
    )
    yield Heading(1, _("In short, for the agenda"))
    yield from (item(line) for line in _in_short(difference))
    if difference.reworded:
        yield Heading(1, _("Proposals"))
        yield from (_marked(text) for _proposal, text in difference.reworded)
    for name, cells in difference.groups:
        yield Heading(1, name)
        rows = tuple(_row(change.authority.official_name, _changed(change)) for change in cells)
        yield Table((AUTHORITY_WIDTH, TEXT_WIDTH), rows, summary=name)
    if difference.notes:
        yield Heading(1, _("Notes"))
        rows = tuple(
            _row(authority.official_name, iter([_marked(text)]))
            for authority, text in difference.notes
        )
        yield Table((AUTHORITY_WIDTH, TEXT_WIDTH), rows, summary=_("Notes"))


def counted(difference: Difference) -> str:
    """How many answers changed, and how many did not."""
    changed = ngettext(
        "%(number)s answer has changed",
        "%(number)s answers have changed",
        len(difference.cells),
    ) % {"number": len(difference.cells)}
    unchanged = ngettext(
        "%(number)s cell is unchanged",
        "%(number)s cells are unchanged",
        difference.unchanged,
    ) % {"number": difference.unchanged}
    return f"{changed}, {unchanged}"


def _in_short(difference: Difference) -> Iterator[str]:
    for authority in difference.joined:
        yield _("%(authority)s has joined") % {"authority": authority}
    for authority in difference.left:
        yield _("%(authority)s has left") % {"authority": authority}
    for proposal in difference.added:
        yield _("%(proposal)s: new proposal") % {"proposal": proposal}
    for proposal in difference.gone:
        yield _("%(proposal)s: no longer in the matrix") % {"proposal": proposal}
    for proposal, _text in difference.reworded:
        yield _("%(proposal)s: the proposal itself was changed") % {"proposal": proposal}
    for change in difference.cells:
        yield f"{change.authority.official_name}, {change.proposal}: {change.summary}"
    for authority in difference.noted:
        yield f"{authority.official_name}: {_('the notes were changed')}"


def _row(name: str, said: Iterator[Paragraph]) -> tuple[Cell, Cell]:
    return Cell((paragraph(name, bold=True),), is_head=True), Cell(tuple(said))


def _changed(change: CellChange) -> Iterator[Paragraph]:
    yield paragraph(str(change.proposal), bold=True)
    if change.has_new_answer:
        removed = Run(change.old_answer, change="removed")
        yield Paragraph((removed, Run(" → "), Run(change.new_answer, change="added")))
    else:
        yield Paragraph((Run(change.new_answer), Run(f" – {_('same answer')}", small=True)))
    yield from map(_marked, change.lines)
    if not change.lines:
        yield paragraph(_("Only the answer has changed."), small=True)


def _marked(text: Rewording) -> Paragraph:
    return Paragraph(
        tuple(Run(piece.text, change=CHANGES.get(piece.kind, "")) for piece in text.pieces)
    )
