"""Words of the portal in each of its languages: a file may have been written in another than it is
read in."""

from collections.abc import Iterable
from typing import TypeAlias

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from .normal_form import look_alike_key

Words: TypeAlias = "str | Promise"


def in_languages(words: Words) -> list[str]:
    """The words in every language of the portal; what is no text of the catalogue as it is."""
    if not isinstance(words, Promise):
        return [words]
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return found


def keys(words: Iterable[Words]) -> set[str]:
    """The words in every language, as they are compared whatever their case and look."""
    return {look_alike_key(one) for word in words for one in in_languages(word)}
