"""What the first page and the weekly e-mail say of a cluster. Pure, but for addresses."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.roles.places import Place
from krams.roles.rules import Kind as PlaceKind
from krams.worklist.sections import Kind, Line, Section

from ..asking.worklist import asked_line, out_line
from ..conversation.worklist import thread_lines
from ..enums import PositionState
from ..matrix.cell_status import Cell
from ..steps.worklist import step_lines
from .mine import Column, Mine


def sections_of(mine: Mine) -> Iterator[Section]:
    needs = [*_as_an_editor(mine), *_as_either(mine), *_as_a_coordinator(mine)]
    yield from needs
    if (mine.edited or mine.coordinates) and not any(section.lines for section in needs):
        yield mine.section(_("Requires attention"), [], otherwise=_nothing(mine))
    yield from _asks_out(mine)
    yield from _editions(mine)
    yield from _clashes(mine)
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
    waited_for = [
        asked_line(one, mine.slug, mine.today) for column in mine.edited for one in column.asked
    ]
    yield mine.section(_("You are asked"), waited_for)
    for column in mine.edited:
        empty = [_empty_cell(mine, column, cell) for cell in column.unanswered]
        every = mine.address("column", column.slug)
        many = len(mine.edited) > 1
        title = _("Your fields without an answer")
        title = f"{title}: {column.name}" if many else title
        yield mine.section(title, empty, every, lead=_summary(column) if empty else "")
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
    """ "You lack 3 fields, 2 are to be confirmed, by 2 December." """
    number = len(column.unanswered)
    lacks = ngettext("You lack %(number)s field", "You lack %(number)s fields", number)
    lacks %= {"number": number}
    parts = [lacks]
    if column.outdated:
        waits = ngettext(
            "%(number)s is to be confirmed", "%(number)s are to be confirmed", column.outdated
        )
        parts.append(waits % {"number": column.outdated})
    if column.deadline:
        parts.append(
            _("deadline %(date)s") % {"date": date_format(column.deadline, "MONTH_DAY_FORMAT")}
        )
    return f"{', '.join(parts)}."


def _outdated(mine: Mine, column: Column) -> str:
    return ngettext(
        "%(authority)s: %(number)s answer is unconfirmed after %(months)s months"
        " or holds an effort that has expired.",
        "%(authority)s: %(number)s answers are unconfirmed after %(months)s months"
        " or hold an effort that has expired.",
        column.outdated,
    ) % {"authority": column.name, "number": column.outdated, "months": mine.months}


def _as_either(mine: Mine) -> Iterator[Section]:
    """What editors and coordinators have to see to alike."""
    yield mine.section(
        _("Questions and proposals that wait for you"),
        list(thread_lines(mine.threads, mine.slug)),
        mine.address("threads"),
    )
    yield mine.section(
        _("Next steps past their date"),
        list(step_lines(mine.steps, mine.slug)),
        mine.address("steps"),
    )


def _as_a_coordinator(mine: Mine) -> Iterator[Section]:
    if not mine.coordinates:
        return
    people = mine.address("setup-people")
    without = [
        Line(
            _("%(authority)s has no editor.") % {"authority": column.name},
            _("Choose an editor"),
            reverse("role-give", args=[Place(PlaceKind.COLUMN, column.authority, mine.pk)]),
        )
        for column in mine.others
        if not column.has_editor and not column.awaits_consent
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
        column.total,
    ) % {
        "authority": column.name,
        "empty": len(column.unanswered),
        "number": column.total,
    }
    path = f"{mine.address('matrix')}?vis={column.slug}&tilstand={PositionState.NOT_FILLED}"
    return Line(text, _("See the fields"), path)


def _asks_out(mine: Mine) -> Iterator[Section]:
    """Asks that somebody has not handed in yet, and those to which all have answered of late."""
    if not mine.coordinates:
        return
    out = [out_line(one, mine.slug) for one in mine.out if not one.is_answered]
    done = [out_line(one, mine.slug) for one in mine.out if one.is_answered]
    path = mine.address("asks")
    yield mine.section(_("Asks that you have out"), out, path, kind=Kind.COMING)
    yield mine.section(_("Answers to your asks"), done, path, kind=Kind.NEWS)


def _clashes(mine: Mine) -> Iterator[Section]:
    """Where people met in a cell since the last edition, at most within the last month."""
    names = {column.authority: column.name for column in mine.columns}
    lines = [
        Line(
            ngettext(
                "%(authority)s: %(number)s save was refused, because somebody else had saved"
                " first.",
                "%(authority)s: %(number)s saves were refused, because somebody else had saved"
                " first.",
                number,
            )
            % {"authority": names[clash.authority], "number": number},
            _("See the history"),
            reverse("history", args=["svar", clash.answer]),
            head=mine.titles[clash.proposal],
        )
        for clash, number in mine.clashes.most_common()
    ]
    title = _("Two people in the same field")
    yield mine.section(title, lines, mine.address("matrix"), kind=Kind.NEWS)


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
