"""What is new of success criteria since the last meeting, bad news first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from krams.danish.collation import sort_key
from krams.privacy.small_counts import HIDDEN, Hidden

from ..criteria.status import Judgement
from ..enums import AssessmentLevel, CriterionStatus, Factor
from ..fields import factors_of
from .agenda_facts import Facts, Measured


@dataclass(frozen=True, slots=True)
class News:
    """A criterion's news: a figure as it may be shown, or an assessment.

    ``is_better`` is None where nothing can be said, ``is_reached`` where there is no target.
    """

    facility: str
    factors: tuple[Factor, ...]
    criterion: str
    day: date
    indicator: str = ""
    unit: str = ""
    value: Decimal | Hidden | None = None
    before: Decimal | Hidden | None = None
    target: Decimal | None = None
    is_better: bool | None = None
    went_up: bool = False
    counts: tuple[int, ...] = ()
    people: int | None = None
    is_reached: bool | None = None
    level: AssessmentLevel | None = None
    reason: str = ""

    @property
    def is_hidden(self) -> bool:
        return self.value is HIDDEN

    @property
    def is_worse(self) -> bool:
        return self.is_better is False


def news_of_criteria(facts: Facts) -> Iterator[News]:
    """Measurements, and of each criterion and place the newest assessment since last time."""
    newest = {}
    for assessed in sorted(facts.assessed, key=lambda assessed: assessed.day):
        if assessed.level == AssessmentLevel.NOT_ASSESSED:
            continue
        newest[assessed.facility, assessed.criterion] = News(
            facility=assessed.facility,
            factors=factors_of(assessed.factors),
            criterion=assessed.criterion,
            day=assessed.day,
            level=assessed.level,
            reason=assessed.reason,
        )
    yield from sorted((*map(_news_of_figure, facts.measured), *newest.values()), key=_news_order)


def _news_order(news: News) -> tuple[Any, ...]:
    """What got worse or is not met first: bad news must not end up below the fold."""
    is_bad = news.is_better is False or news.level == AssessmentLevel.NOT_MET
    return not is_bad, sort_key(news.facility), sort_key(news.criterion), news.indicator


def _direction(judgement: Judgement) -> bool | None:
    if judgement.is_worse == judgement.is_better:
        return None
    return judgement.is_better


def _news_of_figure(measured: Measured) -> News:
    """A hidden figure has no direction either: "worse" would tell what it is compared with."""
    value, before, target = measured.value, measured.before, measured.target
    compared = before is not None and before is not HIDDEN and value is not HIDDEN
    went_up = False
    if before is not None and before is not HIDDEN and value is not HIDDEN:
        went_up = value > before
    reached = measured.judgement.status == CriterionStatus.REACHED
    return News(
        facility=measured.facility,
        factors=factors_of(measured.factors),
        criterion=measured.criterion,
        indicator=measured.indicator,
        unit=measured.unit,
        day=measured.day,
        value=value,
        before=before if compared else None,
        target=target,
        is_better=_direction(measured.judgement) if compared else None,
        went_up=went_up,
        counts=measured.counts,
        people=measured.people,
        is_reached=reached if value is not HIDDEN and target is not None else None,
    )
