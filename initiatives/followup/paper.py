"""The overview of a department, for Word and paper. Pure; what the page hides is hidden here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.documents import content
from krams.documents.content import (
    Block,
    Document,
    Heading,
    Paragraph,
    Run,
    item,
    marked,
    paragraph,
    row,
)
from krams.privacy.small_counts import HIDDEN

from ..criteria.figures import Tracked
from ..criteria.paper_words import last_share, short_date, trend_in_words
from ..documents.paper import owner_of, paper
from ..enums import Factor, Verdict
from ..sustain.verdict import Assessment
from .concern import Concern
from .factor_matrix import FactorRow
from .overview import Cell, Column, Row, Table

if TYPE_CHECKING:
    from krams.models import Department

FACILITY_WIDTH, COLUMN_WIDTH = 4, 5


def overview_paper(
    department: "Department",
    concerns: Sequence[Concern],
    left_out: int,
    verdicts: Counter[Verdict],
    factors: Sequence[FactorRow],
    tables: Sequence[Table],
) -> Document:
    """In the order of the page; ``left_out`` counts the concerns that it does not show."""
    blocks = [
        *_concerns(concerns, left_out, verdicts),
        *_factors(factors),
        *(block for table in tables for block in _criteria(table, is_alone=len(tables) == 1)),
    ]
    count = len({line.pk for table in tables for line in table.rows})
    places = ngettext("%(number)s facility", "%(number)s facilities", count) % {"number": count}
    lead = [f"{department} · {places}"]
    title = _("Overview of the KRAMS work")
    named = (title, department, timezone.localdate())
    return paper(title, owner_of(department), blocks, lead, is_wide=True, named=named)


def _concerns(
    concerns: Sequence[Concern], left_out: int, verdicts: Counter[Verdict]
) -> Iterator[Block]:
    yield Heading(1, _("Requires attention"))
    counted = [
        f"{verdict.label}: {_activities(verdicts[verdict])}"
        for verdict in Verdict
        if verdicts[verdict]
    ]
    if counted:
        yield paragraph(" · ".join(counted), small=True)
    for one in concerns:
        letters = "".join(factor.value for factor in one.factors)
        title = f"{one.title} ({letters})" if letters else str(one.title)
        yield item(Run(f"{one.word}: ", bold=True), f"{title} – {one.text}")
    if left_out:
        yield paragraph(_("and %(number)s more") % {"number": left_out}, small=True)
    if not concerns:
        yield paragraph(_("Nothing has passed its date."))


def _activities(number: int) -> str:
    return ngettext("%(number)s activity", "%(number)s activities", number) % {"number": number}


def _factors(rows: Sequence[FactorRow]) -> Iterator[Block]:
    if not rows:
        return
    title = _("Does it hold? By facility and factor")
    yield Heading(1, title)
    yield paragraph(_("Times held of times planned in the weeks that decide"), small=True)
    heads = row(_("Facility"), *(str(factor.label) for factor in Factor), is_head=True)
    lines = (
        (_named(one.name), *(content.Cell(tuple(_judged(found))) for _factor, found in one.cells))
        for one in rows
    )
    widths = (FACILITY_WIDTH, *(COLUMN_WIDTH for _factor in Factor))
    yield content.Table(widths, (heads, *lines), heads=1, summary=title)


def _named(name: str, *more: str) -> content.Cell:
    """The head of a row."""
    below = (paragraph(text, small=True) for text in more)
    return content.Cell((paragraph(name, bold=True), *below), is_head=True)


def _judged(found: Assessment | None) -> Iterator[Paragraph]:
    if found is None:
        yield paragraph(_("Nothing planned"), small=True)
        return
    yield paragraph(str(found.verdict.label))
    if found.expected:
        held = {"held": found.held, "expected": found.expected}
        yield paragraph(_("%(held)s of %(expected)s") % held, small=True)


def _criteria(table: Table, *, is_alone: bool) -> Iterator[Block]:
    title = _("Success criteria by facility")
    yield Heading(1, title if is_alone else f"{title}: {table.title}")
    yield paragraph(_("n is the number of people measured"), small=True)
    heads = row(_("Facility"), *(_of(column) for column in table.columns), is_head=True)
    rows = [
        (_named(line.name, _places(line)), *(content.Cell(tuple(_said(one))) for one in line.cells))
        for line in table.rows
    ]
    if table.has_totals:
        total = _named(_("All of them"), _("latest figures together"))
        rows.append((total, *(content.Cell(tuple(_total(one))) for one in table.columns)))
    widths = (FACILITY_WIDTH, *(COLUMN_WIDTH for _column in table.columns))
    yield content.Table(widths, (heads, *rows), heads=1, summary=title)


def _of(column: Column) -> str:
    return f"{column.number}. {column.title}"


def _places(line: Row) -> str:
    if not line.place_count:
        return str(line.kind.label)
    words = ngettext("%(number)s place", "%(number)s places", line.place_count)
    return words % {"number": line.place_count}


def _said(cell: Cell) -> Iterator[Paragraph]:
    """The manager's assessment, and below it what the figures say."""
    yield paragraph(str(cell.level.label), bold=True)
    for one in cell.tracked:
        if cell.is_compound:
            yield paragraph(one.name, small=True)
        yield from _figures(one)
    if not cell.tracked:
        yield paragraph(_("No measurement yet"), small=True)


def _figures(one: Tracked) -> Iterator[Paragraph]:
    latest = one.latest
    if one.is_hidden:
        yield paragraph(str(HIDDEN), small=True)
    elif latest:
        people = f" · n {one.n}" if one.n else ""
        yield paragraph(f"{one.latest_text}{people}")
        target = _("target %(target)s") % {"target": one.target_text} if one.target_text else ""
        for text in filter(None, (target, last_share(one))):
            yield paragraph(text, small=True)
    else:
        yield paragraph(
            _("No measurement yet") if one.status else _("Assessed in dialogue"), small=True
        )
    if one.is_stale and latest:
        yield paragraph(_("Outdated: %(day)s") % {"day": short_date(latest.day)}, small=True)
    elif trend := trend_in_words(one):
        yield paragraph(trend, small=True)


def _total(column: Column) -> Iterator[Paragraph]:
    for name, total in column.totals:
        shown = str(total.value) if total.is_hidden else f"{total.text} · n {total.n}"
        yield marked(name, shown) if len(column.totals) > 1 else paragraph(shown)
        if total.left_out and not total.is_hidden:
            words = ngettext(
                "%(number)s hidden is left out", "%(number)s hidden are left out", total.left_out
            )
            yield paragraph(words % {"number": total.left_out}, small=True)
    if not column.totals:
        yield paragraph("–")
