"""The words on the Danish pages, from the catalogue: a better translation breaks no test."""

import gettext
from pathlib import Path

_LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"
_CATALOGUE = gettext.translation("django", _LOCALE, ["da"])


def da(text: str, **values) -> str:
    return _CATALOGUE.gettext(text) % values if values else _CATALOGUE.gettext(text)


def da_count(one: str, many: str, number: int, **values) -> str:
    return _CATALOGUE.ngettext(one, many, number) % {"number": number, **values}


def participants(number: int) -> str:
    return da_count("%(number)s participant", "%(number)s participants", number)
