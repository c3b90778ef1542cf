"""A success criterion at one facility, for Word and paper. Pure; hidden figures stay hidden."""

from collections.abc import Iterator
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from krams.documents.content import (
    Block,
    Cell,
    Curve,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    marked,
    paragraph,
    paragraphs,
    row,
)
from krams.privacy.small_counts import HIDDEN

from ..documents.paper import owner_of, paper
from ..enums import Factor, IndicatorKind
from .chart import Chart
from .criterion import CriterionPage, IndicatorPart
from .figures import Tracked
from .paper_words import last_share, short_date, trend_in_words
from .status import rounded

CHART = "initiatives/criteria/chart_on_paper.html"
LOOKS = Path(__file__).with_name("chart_on_paper.css")


def criterion_paper(page: CriterionPage) -> Document:
    """In the order of the page: what stands, each indicator with its curve, the assessments."""
    criterion, facility = page.criterion, page.facility
    lead = [
        f"{facility} · {criterion.initiative.title}",
        f"»{criterion.title}«",
    ]
    blocks = [*_standing(page), *_indicators(page), *_assessments(page)]
    owner = owner_of(page.department, facility)
    named = (criterion.short_title, facility, timezone.localdate())
    return paper(criterion.short_title, owner, blocks, lead, named=named)


def _standing(page: CriterionPage) -> Iterator[Paragraph]:
    said = str(page.level.label)
    if page.newest:
        said += f", {_('assessed %(day)s') % {'day': short_date(page.newest.assessed_on)}}"
    yield marked(_("The manager's assessment"), said)
    if page.computed:
        yield Paragraph(
            (Run(f"{_('The figures say:')} ", bold=True), Run(str(page.computed.label)))
        )


def _indicators(page: CriterionPage) -> Iterator[Block]:
    factor = page.criterion.factor_list[0]
    for part in page.parts:
        yield Heading(1, part.indicator.name)
        yield from _indicator(part, factor)
    if not page.parts:
        yield paragraph(_("It has not been decided yet what is measured for this criterion."))


def _indicator(part: IndicatorPart, factor: Factor) -> Iterator[Block]:
    indicator, tracked = part.indicator, part.tracked
    if indicator.kind == IndicatorKind.DIALOGUE:
        yield paragraph(_("Assessed in dialogue; no figure is measured."), small=True)
    else:
        told = [indicator.get_frequency_display(), indicator.source]
        yield paragraph(" · ".join(filter(None, told)), small=True)
    if tracked is None:
        return
    yield _facts(part, tracked)
    if part.wide:
        yield _curve(part, tracked, part.wide, factor)
    if part.measurements:
        yield Heading(2, _("Measurements"))
        yield _measurements(part)
    elif indicator.kind != IndicatorKind.DIALOGUE:
        yield paragraph(_("Nothing has been measured here yet."))


def _facts(part: IndicatorPart, tracked: Tracked) -> Table:
    """Baseline, latest figure, target and when the next is due, side by side."""
    heads = (_("Baseline"), _("Latest measurement"), _("Target"), _("Next measurement"))
    said = (_baseline(part, tracked), _latest(tracked), _target(tracked), _due(tracked))
    cells = tuple(
        Cell(tuple(paragraph(text, bold=not number) for number, text in enumerate(texts) if text))
        for texts in said
    )
    return Table((1, 1, 1, 1), (row(*heads, is_head=True), cells), heads=1, summary=tracked.name)


def _baseline(part: IndicatorPart, tracked: Tracked) -> list[str]:
    if tracked.baseline_is_hidden:
        return [str(HIDDEN)]
    if tracked.baseline is None:
        return ["–"]
    day = tracked.facts.baseline_on
    return [part.baseline_text, short_date(day) if day else ""]


def _latest(tracked: Tracked) -> list[str]:
    latest = tracked.latest
    if tracked.is_hidden:
        return [str(HIDDEN)]
    if latest is None:
        return ["–"]
    people = f" · n {tracked.n}" if tracked.n else ""
    day = f"{short_date(latest.day)}{people}"
    return [tracked.latest_text, day, last_share(tracked), trend_in_words(tracked)]


def _target(tracked: Tracked) -> list[str]:
    day = tracked.facts.target_on
    by = _("by %(day)s") % {"day": short_date(day)} if day else ""
    return [tracked.target_text or "–", by]


def _due(tracked: Tracked) -> list[str]:
    judgement = tracked.judgement
    if judgement.due_on is None:
        return ["–"]
    word = _("The date has passed") if judgement.is_overdue else _("at the latest")
    return [short_date(judgement.due_on), word]


def _curve(part: IndicatorPart, tracked: Tracked, chart: Chart, factor: Factor) -> Curve:
    drawn = render_to_string(CHART, {"part": part, "factor": factor}).strip()
    looks = f"<style>{LOOKS.read_text()}</style>"
    levels = ((_("Target"), tracked.facts.target), (_("Baseline"), tracked.baseline))
    return Curve(
        title=f"{tracked.name} ({tracked.unit})" if tracked.unit else tracked.name,
        description=part.description,
        # A template wrote it, and escaped what people have written.
        drawing=mark_safe(drawn.replace("<title", f"{looks}<title", 1)),
        scale=(chart.ticks[0].value, chart.ticks[-1].value),
        points=tuple((one.day, rounded(one.value, tracked.kind)) for one in part.drawn),
        levels=tuple((name, value) for name, value in levels if value is not None),
    )


def _measurements(part: IndicatorPart) -> Table:
    is_share = part.indicator.kind == IndicatorKind.SHARE
    value = [_("Share") if is_share else _("Value"), *(["n"] if part.has_n else [])]
    rows = [row(_("Date"), *value, _("Remark"), _("Entered by"), is_head=True)]
    for line in part.table:
        figure = line["figure"]
        shown = [str(HIDDEN)] if line["hidden"] else [line["text"]]
        if part.has_n:
            shown.append("" if line["hidden"] else str(figure.n or ""))
        rows.append(row(short_date(figure.day), *shown, figure.note, figure.by or ""))
    widths = (3, 3, 2, 6, 6) if part.has_n else (3, 3, 7, 6)
    return Table(widths, tuple(rows), heads=1, summary=_("Measurements"))


def _assessments(page: CriterionPage) -> Iterator[Block]:
    if not page.assessments:
        return
    yield Heading(1, _("Assessments"))
    rows = [row(_("Date"), _("Assessment"), _("Reason"), _("Assessed by"), is_head=True)]
    for one in page.assessments:
        who = str(one.assessed_by or "")
        rows.append(
            (
                Cell((paragraph(short_date(one.assessed_on)),), is_head=True),
                Cell((paragraph(str(one.as_level.label)),)),
                Cell(paragraphs(one.reason)),
                Cell((paragraph(who),) if who else ()),
            )
        )
    yield Table((3, 4, 7, 6), tuple(rows), heads=1, summary=_("Assessments"))
