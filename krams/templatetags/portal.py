"""Icons, factor tiles and statuses: the only way that templates draw them."""

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from krams.danish import format_decimal, mark_spans

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of ``static/icons.svg``; decoration, so the word beside it must say the same."""
    return format_html(
        '<svg aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">'
        '<use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def tile(letter: str, size: str = "") -> SafeString:
    """The letter of a KRAMS factor ("K"); ``size`` is "sm" or "lg". The name stands beside it."""
    return format_html(
        '<i class="tile{}" data-f="{}" aria-hidden="true">{}</i>',
        f" tile--{size}" if size else "",
        letter.lower(),
        letter,
    )


@register.simple_tag
def status(member, text: str = "", kind: str = "st") -> SafeString:
    """A status as symbol and word. ``kind`` is "st", or "tag" for the tinted one."""
    return format_html(
        '<span class="{} {}">{}{}</span>',
        kind,
        member.tone,
        icon(member.symbol),
        text or member.label,
    )


@register.filter
def widget(field) -> SafeString:
    """A bound field's control with the portal's class, unless the form chose its own."""
    own = field.field.widget.attrs
    attrs = {}
    if "class" not in own and not field.use_fieldset and field.widget_type != "checkbox":
        attrs["class"] = "in"
    if own.get("placeholder") == field.label:
        attrs["placeholder"] = (
            False  # A grey repetition of the label reads as if it were filled in.
        )
    return field.as_widget(attrs=attrs)


@register.filter
def danish(number) -> str:
    """A number with decimal comma and points between the thousands; nothing for None."""
    return "" if number is None else format_decimal(number)


@register.filter
def weekday(day) -> str:
    """The name of the day in running text: small in Danish, with a capital in English."""
    name = date_format(day, "l") if day else ""
    return name.lower() if get_language() == "da" else name


@register.filter
def day_month(day) -> str:
    """A day without its year: 3.12. in Danish, 3 Dec in English, where 3.12 may be two days."""
    return date_format(day, "j.n." if get_language() == "da" else "j M")


@register.filter
def hits(text: str, query: str) -> SafeString:
    """The text with ``<mark>`` around what was searched for, however it is spelled (aa, å)."""
    parts, after = [], 0
    for start, end in mark_spans(text, query or ""):
        parts += [escape(text[after:start]), "<mark>", escape(text[start:end]), "</mark>"]
        after = end
    return mark_safe("".join([*parts, escape(text[after:])]))  # Every piece is escaped above.
