"""The columns that a kind of table may have, and how a cell of each is read. Pure.

Headings and words are those of the portal, in each of its languages: a template that was downloaded
in Danish is read for somebody who reads the portal in English.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..danish.in_languages import Words, keys
from ..danish.normal_form import look_alike_key

# How many of the words that a cell may hold are named where it holds another.
MOST_NAMED = 12
# In an example. Always the same: a template is filled in over several days, and its example must
# still be known for one.
EXAMPLE_DAY = "05.01.2026"
_SIGNS = re.compile(r"[-/:]")
_BETWEEN = re.compile(r"[,;/+\n]")


@dataclass(frozen=True, slots=True)
class Choice:
    """``value`` is what a form takes; ``also`` are further words for it."""

    value: Any
    label: Words
    also: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Column:
    """``field`` is the name of the form's field; ``also`` are further headings that are known.

    Where a cell may hold several choices, a choice may stand for several values.
    """

    field: str
    heading: Words
    example: Words = ""
    explained: Words = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    is_several: bool = False
    also: tuple[Words, ...] = ()

    def read(self, text: str) -> Any:
        """What the form is given for a cell. Raises ``ValueError`` that says what is wrong."""
        if not self.choices:
            return text
        if not self.is_several:
            return self._choice(text) if text else ""
        if whole := self._found(text):
            return _flat(whole)
        parts = [part for part in map(str.strip, _BETWEEN.split(text)) if part]
        if len(parts) == 1 and all(self._found(letter) for letter in parts[0]):
            # Letters without a sign between, such as "KM".
            parts = list(parts[0])
        return _flat(self._choice(part) for part in parts)

    def is_example(self, text: str) -> bool:
        """Whether a cell holds the example, in any language, or as a spreadsheet has put it."""
        return _SIGNS.sub(".", look_alike_key(text)) in {
            _SIGNS.sub(".", name) for name in self._example_names
        }

    @cached_property
    def _example_names(self) -> frozenset[str]:
        return frozenset(keys((self.example,)) if self.example else ("",))

    def _found(self, text: str) -> list[Any]:
        return self._by_name.get(look_alike_key(text), [])

    @cached_property
    def _by_name(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for choice in self.choices:
            for name in keys((choice.label, *choice.also)):
                found.setdefault(name, []).append(choice.value)
        return found

    def _choice(self, text: str) -> Any:
        found = self._found(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(_("There are several of that name.") + " " + self._named())
        raise ValueError(_("“%(word)s” is not known here.") % {"word": text} + " " + self._named())

    def _named(self) -> str:
        words = [str(choice.label) for choice in self.choices]
        if len(words) > MOST_NAMED:
            return _("The template lists what it may be.")
        return _("It may be: %(words)s.") % {"words": ", ".join(words)}


def _flat(values: Iterable[Any]) -> list[Any]:
    """The values, with those of a choice that stands for several."""
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


def headings(columns: Iterable[Column]) -> dict[str, Column]:
    """Every name that a column may have, as it is compared."""
    return {name: one for one in columns for name in keys((one.heading, *one.also))}


YES_OR_NO = (
    Choice("1", gettext_lazy("yes"), ("true", "x", "sand")),
    Choice("0", gettext_lazy("no"), ("false", "falsk")),
)
