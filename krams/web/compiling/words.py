"""Texts and days as the pages of one language write them."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.utils import translation
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # Not in the stubs.
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Words:
    """Texts and days in the language of the pages that an environment draws.

    What Jinja2 and Django have for that asks for the language of the thread, and looks up, once a
    cell of a table. Variables are escaped where the page is HTML.
    """

    def __init__(self, language: str):
        self.language = language

    def date(self, value: Any, form: str | None = None) -> str:
        """As Django's filter: a point in time is told on the clock of the portal."""
        if type(value) is dt.date:
            return _day(self.language, value, form)
        return defaultfilters.date(template_localtime(value), form)

    @pass_eval_context
    def gettext(self, place: EvalContext, text: str, /, **variables: Any) -> str:
        if variables:
            return _translated(self.language, text, place.autoescape) % variables
        return _without_variables(self.language, text, place.autoescape)

    @pass_eval_context
    def ngettext(
        self, place: EvalContext, singular: str, plural: str, number: int, /, **variables: Any
    ) -> str:
        texts = (singular, plural, number)
        if all(type(value) is int for value in variables.values()):
            return _counted(self.language, texts, place.autoescape, tuple(variables.items()))
        return _plural(self.language, texts, place.autoescape) % {"num": number, **variables}


@lru_cache(maxsize=4096)
def _day(language: str, day: dt.date, form: str | None) -> str:
    """A list tells the same few days again and again."""
    with translation.override(language):
        return defaultfilters.date(day, form)


@lru_cache(maxsize=4096)
def _translated(language: str, text: str, is_html: bool) -> str:
    with translation.override(language):
        translated = translation.gettext(text)
    return Markup(translated) if is_html else translated


@lru_cache(maxsize=4096)
def _without_variables(language: str, text: str, is_html: bool) -> str:
    """A text is always a format, so that one with a per cent sign is written in one way."""
    return _translated(language, text, is_html) % {}


def _plural(language: str, texts: tuple[str, str, int], is_html: bool) -> str:
    with translation.override(language):
        translated = translation.ngettext(*texts)
    return Markup(translated) if is_html else translated


@lru_cache(maxsize=4096)
def _counted(
    language: str, texts: tuple[str, str, int], is_html: bool, variables: tuple[Any, ...]
) -> str:
    """With nothing but numbers in it: "7 places" of a long list."""
    return _plural(language, texts, is_html) % {"num": texts[-1], **dict(variables)}
