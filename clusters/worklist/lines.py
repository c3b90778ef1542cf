"""What the first page and the weekly e-mail say of a cluster. Pure, but for addresses."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.worklist.sections import Kind, Line, Section

from ..enums import PositionState
from ..matrix.cell_status import Cell

# Of each kind on the first page; the matrix has all of them.
MOST_SHOWN = 5


@dataclass
class Column:
    """An authority's column: ``cells`` where the person edits it or coordinates the cluster."""

    pk: int
    name: str
    slug: str
    awaits_consent: bool
    has_editor: bool
    is_edited: bool
    may_agree: bool
    cells: list[Cell] = field(default_factory=list)

    @property
    def unanswered(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.is_filled]

    @property
    def outdated(self) -> int:
        return sum(cell.is_outdated for cell in self.cells)


@dataclass(frozen=True, slots=True)
class LastEdition:
    number: int
    title: str
    meeting: str
    meeting_on: dt.date


@dataclass
class Mine:
    """A cluster as one person has to do with it; ``months`` is how long a confirmation lasts."""

    name: str
    slug: str
    months: int
    coordinates: bool
    today: dt.date
    columns: list[Column] = field(default_factory=list)
    edition: LastEdition | None = None

    @property
    def edited(self) -> list[Column]:
        return [column for column in self.columns if column.is_edited]

    @property
    def others(self) -> list[Column]:
        """Where the person is both, she is asked as an editor."""
        return [one for one in self.columns if self.coordinates and not one.is_edited]

    def address(self, name: str, *arguments: object) -> str:
        return reverse(f"clusters:{name}", args=[self.slug, *arguments])

    def section(
        self, title: str, lines: list[Line], path: str = "", kind: Kind = Kind.NEEDS, **more: str
    ) -> Section:
        path = path or self.address("matrix")
        return Section(
            title, tuple(lines), path, place=self.name, kind=kind, most=MOST_SHOWN, **more
        )


def sections_of(mine: Mine) -> Iterator[Section]:
    needs = [*_as_an_editor(mine), *_as_a_coordinator(mine)]
    yield from needs
    if (mine.edited or mine.coordinates) and not any(section.lines for section in needs):
        yield mine.section(_("Requires attention"), [], otherwise=_nothing(mine))
    yield from _editions(mine)
    members = " · ".join(column.name for column in mine.columns)
    way = Line(members, _("Open"), mine.address("matrix"), head=mine.name)
    yield Section(
        *(_("Clusters"), (way,), reverse("clusters:clusters")),
        place=_("Clusters"),
        kind=Kind.WAYS,
    )


def _nothing(mine: Mine) -> str:
    text = _("All fields are answered and confirmed.")
    if mine.edition and mine.edition.meeting_on >= mine.today:
        coming = _("Next comes: %(meeting)s, %(when)s.") % {
            "meeting": mine.edition.meeting,
            "when": date_format(mine.edition.meeting_on, "DATE_FORMAT"),
        }
        return f"{text} {coming}"
    return text


def _as_an_editor(mine: Mine) -> Iterator[Section]:
    asked = [
        Line(
            _("%(authority)s was added to the cluster, and has not said yes.")
            % {"authority": column.name},
            _("Answer"),
            mine.address("matrix"),
        )
        for column in mine.columns
        if column.awaits_consent and column.may_agree
    ]
    yield mine.section(_("Membership waits for your yes"), asked)
    for column in mine.edited:
        empty = [_empty_cell(mine, column, cell) for cell in column.unanswered]
        lead = _summary(column) if empty or column.outdated else ""
        every = f"{mine.address('matrix')}?vis={column.slug}&tilstand={PositionState.NOT_FILLED}"
        many = len(mine.edited) > 1
        title = _("Your fields without an answer")
        title = f"{title}: {column.name}" if many else title
        yield mine.section(title, empty, every, lead=lead if empty else "")
    outdated = [
        Line(
            _outdated(mine, column),
            _("Confirm them"),
            f"{mine.address('matrix')}?vis={column.slug}&gammel=1",
        )
        for column in mine.edited
        if column.outdated
    ]
    yield mine.section(_("Your answers that wait to be confirmed"), outdated)


def _empty_cell(mine: Mine, column: Column, cell: Cell) -> Line:
    return Line(
        "",
        _("Fill in"),
        mine.address("cell-edit", cell.proposal.pk, column.slug),
        head=str(cell.proposal),
    )


def _summary(column: Column) -> str:
    """ "You lack 3 fields, 2 are to be confirmed." """
    number = len(column.unanswered)
    lacks = ngettext("You lack %(number)s field", "You lack %(number)s fields", number)
    lacks %= {"number": number}
    if not column.outdated:
        return f"{lacks}."
    waits = ngettext(
        "%(number)s is to be confirmed", "%(number)s are to be confirmed", column.outdated
    ) % {"number": column.outdated}
    return f"{lacks}, {waits}."


def _outdated(mine: Mine, column: Column) -> str:
    return ngettext(
        "%(authority)s: %(number)s answer is unconfirmed after %(months)s months"
        " or holds an effort that has expired.",
        "%(authority)s: %(number)s answers are unconfirmed after %(months)s months"
        " or hold an effort that has expired.",
        column.outdated,
    ) % {"authority": column.name, "number": column.outdated, "months": mine.months}


def _as_a_coordinator(mine: Mine) -> Iterator[Section]:
    if not mine.coordinates:
        return
    people = mine.address("setup-people")
    without = [
        Line(
            _("%(authority)s has no editor.") % {"authority": column.name},
            _("Choose an editor"),
            people,
        )
        for column in mine.others
        if not column.has_editor
    ]
    yield mine.section(_("Without an editor"), without, people)
    waiting = [
        Line(
            _("%(authority)s has not said yes to being a member.") % {"authority": column.name},
            _("See the member"),
            mine.address("member", column.pk),
        )
        for column in mine.others
        if column.awaits_consent and not column.may_agree
    ]
    yield mine.section(_("Membership waits for a yes"), waiting, mine.address("setup"))
    yield mine.section(
        _("Fields without an answer"),
        [_unanswered(mine, column) for column in mine.others if column.unanswered],
        f"{mine.address('matrix')}?tilstand={PositionState.NOT_FILLED}",
    )
    ask = mine.address("confirmations")
    outdated = [
        Line(_outdated(mine, column), _("Ask"), ask) for column in mine.others if column.outdated
    ]
    yield mine.section(_("Answers that wait to be confirmed"), outdated, ask)


def _unanswered(mine: Mine, column: Column) -> Line:
    text = ngettext(
        "%(authority)s: %(empty)s of %(number)s field is without an answer.",
        "%(authority)s: %(empty)s of %(number)s fields are without an answer.",
        len(column.cells),
    ) % {
        "authority": column.name,
        "empty": len(column.unanswered),
        "number": len(column.cells),
    }
    path = f"{mine.address('matrix')}?vis={column.slug}&tilstand={PositionState.NOT_FILLED}"
    return Line(text, _("See the fields"), path)


def _editions(mine: Mine) -> Iterator[Section]:
    """The edition of the coming meeting, or the last one; a coordinator learns that none is."""
    last, path = mine.edition, mine.address("editions")
    coming = last and last.meeting_on >= mine.today
    if mine.coordinates and not coming:
        text = _("No edition is frozen for a meeting to come.")
        line = Line(text, _("Freeze an edition"), mine.address("freeze"))
        yield mine.section(_("Next meeting"), [line], path, kind=Kind.COMING)
    if last:
        line = Line(
            _("%(meeting)s, %(day)s")
            % {"meeting": last.meeting, "day": date_format(last.meeting_on, "DATE_FORMAT")},
            _("Read the edition"),
            mine.address("edition", last.number),
            head=_("Edition %(number)s: %(title)s") % {"number": last.number, "title": last.title},
        )
        title = _("Next meeting") if coming else _("Latest edition")
        yield mine.section(title, [line], path, kind=Kind.COMING if coming else Kind.NEWS)
