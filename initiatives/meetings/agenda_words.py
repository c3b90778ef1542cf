"""How the news of a criterion reads on paper. Pure; the page writes it with its symbols."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from krams.danish.numbers import format_decimal
from krams.documents.content import Paragraph, Run, item
from krams.privacy.small_counts import Hidden

from ..criteria.paper_words import short_date, trend_in_words
from .criteria_news import News


def news_in_words(news: News) -> Paragraph:
    """The criterion, what is new of it, where and when."""
    letters = "".join(factor.value for factor in news.factors)
    place = ", ".join(part for part in (news.facility, short_date(news.day)) if part)
    said = [part for part in _said(news) if part]
    return item(
        Run(f"{news.criterion} ({letters}): ", bold=True),
        " ".join(said) + " ",
        Run(place, small=True),
    )


def _said(news: News) -> Iterator[str]:
    if news.level:
        yield f"{news.level.label} – {news.reason}" if news.reason else str(news.level.label)
        return
    indicator = f"{news.indicator}: " if news.indicator else ""
    if news.is_hidden or news.value is None:
        yield f"{indicator}{news.value or ''}"
        return
    before = ""
    if news.before is not None:
        before = " " + _("against %(value)s %(unit)s last time") % _with_unit(news, news.before)
    people = f" (n = {news.people})" if news.people else ""
    yield f"{indicator}{_('%(value)s %(unit)s') % _with_unit(news, news.value)}{people}{before}."
    if news.target is not None:
        words = _("The target is %(value)s %(unit)s.")
        if news.is_reached:
            words = _("The target of %(value)s %(unit)s is reached.")
        yield words % _with_unit(news, news.target)
    if len(news.counts) == 4:
        part, whole, earlier, group = news.counts
        counts = {"part": part, "whole": whole, "before": earlier, "group": group}
        yield f"{_('%(part)s of %(whole)s, last time %(before)s of %(group)s') % counts}."
    yield trend_in_words(news)


def _with_unit(news: News, value: Decimal | Hidden) -> dict[str, str]:
    shown = str(value) if isinstance(value, Hidden) else format_decimal(value)
    return {"value": shown, "unit": news.unit}
