"""The initiative as the municipal form of two columns, for Word and paper. Pure.

On the left stand the ten sections with the question that each asks, on the right what it says. What
the portal says itself is bold or small, so that it can be told from what people wrote: readers see
it, and ``section_reading`` takes the file in again by it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from krams.danish.numbers import format_decimal
from krams.danish.periods import first_day, last_day
from krams.documents import content
from krams.documents.content import Cell, Paragraph, Run, item, marked, paragraph, paragraphs

from .paper import owner_of, paper
from .sections import ATTENTION, CRITERIA, ECONOMY, FACTORS, GOALS, SECTIONS, Section

if TYPE_CHECKING:
    from .document import Document, Line


def as_content(document: "Document") -> content.Document:
    """``document`` is read by nobody in particular: all local texts are in its ``local``."""
    initiative = document.initiative
    owner = owner_of(initiative.department, initiative.facility)
    rows = [(_asked(section), _said(section, document)) for section in SECTIONS]
    table = content.Table((3, 7), tuple(rows), summary=str(initiative), flows=True)
    return paper(initiative.title, owner, (table,))


def _asked(section: Section) -> Cell:
    asked = (paragraph(str(section.title), bold=True), paragraph(f"({section.question})"))
    return Cell(asked, is_head=True)


def _said(section: Section, document: "Document") -> Cell:
    write = _SECTIONS.get(section.slug) or _PARTS.get(section.part) or (lambda _document: ())
    texts = [
        part
        for name in section.fields
        if section.slug not in _SECTIONS
        for part in paragraphs(getattr(document.initiative, name))
    ]
    # Criteria come before the remark about them, as on the page.
    said = (*write(document), *texts) if section.part == CRITERIA else (*texts, *write(document))
    return Cell(said or (paragraph(_("Not filled in yet."), small=True),))


def _title(document: "Document") -> tuple[Paragraph, ...]:
    initiative = document.initiative
    said = [paragraph(initiative.title)]
    if initiative.policy:
        said.append(marked(_("Policy"), str(initiative.policy)))
    return tuple(said)


def _timeline(document: "Document") -> tuple[Paragraph, ...]:
    initiative = document.initiative
    said = []
    if initiative.starts_on:
        said.append(marked(_("Start"), first_day(initiative.starts_on)))
        end = last_day(initiative.ends_on) if initiative.ends_on else _("Continuous")
        said.append(marked(_("End"), end))
    elif initiative.ends_on:
        said.append(marked(_("End"), last_day(initiative.ends_on)))
    return (*said, *paragraphs(initiative.timeline))


def _goals(document: "Document") -> tuple[Paragraph, ...]:
    return tuple(item(goal.text) for goal in document.goals)


def _factors(document: "Document") -> tuple[Paragraph, ...]:
    said: list[Paragraph] = []
    for part in document.factor_parts:
        first, *rest = paragraphs(part.text) or (paragraph(""),)
        if part.text or part.local:
            head = Run(f"{part.factor.value} – {part.factor.label}: ", bold=True)
            said += [Paragraph((head, *first.runs)), *rest]
        said += [
            item(Run(f"{line.place_name}: ", bold=True), line.text.strip()) for line in part.local
        ]
    return tuple(said)


def _economy(document: "Document") -> tuple[Paragraph, ...]:
    return tuple(item(line.text, Run(_cost(line), small=True)) for line in document.economy_lines)


def _cost(line: "Line") -> str:
    place = f" ({line.place_name})" if line.place_name else ""
    if line.amount is None:
        return f"{place}: {_('no amount given')}"
    return f"{place}: {_('%(amount)s kr. a year') % {'amount': format_decimal(line.amount)}}"


def _criteria(document: "Document") -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(
            (Run(f"{line.position}. ", bold=True), Run(line.text), Run(_letters(line), small=True))
        )
        for line in document.criteria
    )


def _attention(document: "Document") -> tuple[Paragraph, ...]:
    return tuple(
        item(line.text, Run(_follow_up(line), small=True)) for line in document.attention_points
    )


def _follow_up(line: "Line") -> str:
    said = _letters(line)
    for words, day in ((_("follow up on %(day)s"), line.due), (_("closed %(day)s"), line.closed)):
        if day:
            said += f" ({words % {'day': date_format(day, 'SHORT_DATE_FORMAT')}})"
    return said


def _letters(line: "Line") -> str:
    return f" ({', '.join(line.factors)})" if line.factors else ""


_Writer = Callable[["Document"], tuple[Paragraph, ...]]
# Those whose fields are no text.
_SECTIONS: dict[str, _Writer] = {"indsats": _title, "tidsplan": _timeline}
_PARTS: dict[str, _Writer] = {
    GOALS: _goals,
    FACTORS: _factors,
    ECONOMY: _economy,
    CRITERIA: _criteria,
    ATTENTION: _attention,
}
