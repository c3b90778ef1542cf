"""Texts of the templates in the reader's language, looked up once a language."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


@pass_eval_context
def gettext(place: EvalContext, text: str, /, **variables: Any) -> str:
    """The text in the reader's language; variables are escaped where the page is HTML.

    Does what Jinja2's own does, but looks a text up once a language, not once a cell of a table.
    """
    language, is_html = translation.get_language(), place.autoescape
    if variables:
        return _translated(language, text, is_html) % variables
    return _without_variables(language, text, is_html)


@lru_cache(maxsize=4096)
def _translated(_language: str | None, text: str, is_html: bool) -> str:
    translated = translation.gettext(text)
    return Markup(translated) if is_html else translated


@pass_eval_context
def ngettext(
    place: EvalContext, singular: str, plural: str, number: int, /, **variables: Any
) -> str:
    """The text for so many, as :func:`gettext`; the number is ``num`` among the variables."""
    language, is_html = translation.get_language(), place.autoescape
    return _counted(language, singular, plural, number, is_html) % {"num": number, **variables}


@lru_cache(maxsize=4096)
def _counted(_language: str | None, singular: str, plural: str, number: int, is_html: bool) -> str:
    translated = translation.ngettext(singular, plural, number)
    return Markup(translated) if is_html else translated


@lru_cache(maxsize=4096)
def _without_variables(language: str | None, text: str, is_html: bool) -> str:
    """A text is always a format, so that one with a per cent sign is written in one way."""
    return _translated(language, text, is_html) % {}
