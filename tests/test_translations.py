"""The Danish catalogue is complete, agrees with the code, and is compiled.

``scripts/messages.py`` mends what fails.
"""

import re
from string import Formatter

import polib
import pytest

from scripts.messages import CATALOGUE, key, texts_in_code


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_every_text_of_the_code_is_in_the_catalogue_and_no_other(catalogue):
    in_code = texts_in_code()
    in_catalogue = {key(entry) for entry in catalogue if not entry.obsolete}
    assert in_code - in_catalogue == set(), "run scripts/messages.py"
    assert in_catalogue - in_code == set(), "run scripts/messages.py"
    assert len(in_catalogue) > 200


def test_nothing_is_untranslated_or_guessed(catalogue):
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def placeholders(text: str) -> set[str]:
    braces = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)[sd]|%([sd])", text))


def test_translations_name_the_same_values(catalogue):
    wrong = []
    for entry in catalogue.translated_entries():
        wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
        translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
        given = set().union(*map(placeholders, translations))
        if given != wanted:
            wrong.append((entry.msgid, wanted ^ given))
    assert wrong == []


def test_danish_keeps_the_edges_of_the_text(catalogue):
    """A space or line break lost at an edge glues two words together on the page."""
    for entry in catalogue.translated_entries():
        for translation in entry.msgstr_plural.values() or [entry.msgstr]:
            assert translation[:1].isspace() == entry.msgid[:1].isspace(), entry.msgid
            assert translation[-1:].isspace() == entry.msgid[-1:].isspace(), entry.msgid


def test_compiled_catalogue_is_fresh(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def contents(entries):
        return {
            (entry.msgctxt, entry.msgid): (entry.msgstr, tuple(entry.msgstr_plural.values()))
            for entry in entries
        }

    assert contents(compiled) == contents(catalogue.translated_entries())
