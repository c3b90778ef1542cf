"""Icons, factor tiles and statuses: the only way that templates draw them."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.forms import BoundField
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from jinja2.runtime import Context

from ..danish import periods
from ..danish.collation import mark_spans
from ..danish.holidays import holiday_name
from ..danish.numbers import format_decimal
from ..enums import StatusChoices


@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A symbol of ``static/icons.svg``; decoration, so the word beside it must say the same.

    Its size stands in the stylesheet: a matrix has hundreds of them.
    """
    return format_html(
        '<svg aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@lru_cache(maxsize=64)
def tile(letter: str, size: str = "") -> SafeString:
    """The letter of a KRAMS factor ("K"); ``size`` is "sm" or "lg". The name stands beside it."""
    return format_html(
        '<i class="tile{}" data-f="{}" aria-hidden="true">{}</i>',
        f" tile--{size}" if size else "",
        letter.lower(),
        letter,
    )


def status(member: StatusChoices, text: str = "", kind: str = "st") -> SafeString:
    """A status as symbol and word. ``kind`` is "st", or "tag" for the tinted one."""
    word = conditional_escape(text or member.label)
    # Kind, tone and symbol are words of ours.
    return mark_safe(f'<span class="{kind} {member.tone}">{icon(member.symbol)}{word}</span>')


# Attributes that stand alone: there or not.
ALONE = {
    *("autofocus", "checked", "disabled", "hidden", "novalidate", "open", "selected"),
    *("data-cancel", "data-focus", "data-look", "data-print"),
}


def attributes(given: dict) -> SafeString:
    """What a component was given by name: ``hx_get`` is hx-get.

    What is empty is left out, so that a page can say ``data_focus=saved``.
    """
    written = ""
    for key, value in given.items():
        if value or (value == 0 and value is not False):
            name = key.replace("_", "-")
            written += f" {name}" if name in ALONE else f' {name}="{conditional_escape(value)}"'
    return mark_safe(written)  # The names are those of the templates; every value is escaped.


def widget(field: BoundField) -> SafeString:
    """A bound field's control with the portal's class, unless the form chose its own."""
    own = field.field.widget.attrs
    attrs: dict[str, str | bool] = {}
    if "class" not in own and not field.use_fieldset and field.widget_type != "checkbox":
        attrs["class"] = "in"
    if own.get("placeholder") == field.label:
        # A grey repetition of the label reads as if it were filled in.
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


def danish(number: Decimal | int | None) -> str:
    """A number with decimal comma and points between the thousands; nothing for None."""
    return "" if number is None else format_decimal(number)


def first_day(day: dt.date | None) -> str:
    """As :func:`krams.danish.periods.first_day`; nothing for None."""
    return periods.first_day(day) if day else ""


def last_day(day: dt.date | None) -> str:
    return periods.last_day(day) if day else ""


def day_month(day: dt.date | None) -> str:
    """As :func:`krams.danish.periods.day_and_month`."""
    return periods.day_and_month(day) if day else ""


def holiday(day: dt.date | None) -> str:
    """The name of a public holiday; nothing for other days."""
    return holiday_name(day) if day else ""


def until(first: dt.date | None, last: dt.date | None) -> str:
    """The period from the one day to the other."""
    return periods.period(first, last)


def weekday(day: dt.date | None) -> str:
    """The name of the day in running text: small in Danish, with a capital in English."""
    name = date_format(day, "l") if day else ""
    return name.lower() if get_language() == "da" else name


def hits(text: str, query: str) -> SafeString:
    """The text with ``<mark>`` around what was searched for, however it is spelled (aa, å)."""
    return marked(text, mark_spans(text, query or ""))


def marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """The text with ``<mark>`` around ``text[start:end]`` of each span, which are in order."""
    parts, after = [], 0
    for start, end in spans:
        parts += [escape(text[after:start]), "<mark>", escape(text[start:end]), "</mark>"]
        after = end
    return mark_safe("".join([*parts, escape(text[after:])]))  # Every piece is escaped above.


def with_query(context: Context, **changes: Any) -> SafeString:
    """The page's query string with some values changed; an empty value takes one out."""
    query = context["request"].GET.copy()
    query.pop("fortryd", None)  # It was about one save.
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return escape(f"?{query.urlencode()}")
