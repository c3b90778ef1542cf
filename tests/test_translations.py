"""The Danish catalogue is complete, agrees with the code, and is compiled.

The texts are found here without GNU gettext, which Python does not bring along;
``scripts/messages.py`` mends what fails.
"""

import ast
import re
from pathlib import Path
from string import Formatter

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
FUNCTIONS = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
Text = tuple[str | None, str]  # context, msgid


def texts_of_calls(source: str) -> set[Text]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        given = dict(zip(FUNCTIONS.get(name, ()), values, strict=False))
        if isinstance(given.get("msgid"), str):
            found.add((given.get("context"), given["msgid"]))
    return found


def texts_of_template(source: str) -> set[Text]:
    """``templatize`` turns the tags into calls between rows of X."""
    calls = re.findall(
        r"""\b(?:n?p?gettext|_)\((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d+|count)[, ]*)+\)""",
        templatize(source),
    )
    return set().union(*(texts_of_calls(call) for call in calls))


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def texts_in_code():
    found = set()
    for room in ("krams", "initiatives", "clusters"):
        for file in (ROOT / room).rglob("*.py"):
            found |= texts_of_calls(file.read_text())
    for file in (ROOT / "templates").rglob("*.*"):
        found |= texts_of_template(file.read_text())
    return found


def test_every_text_of_the_code_is_in_the_catalogue_and_no_other(catalogue, texts_in_code):
    in_catalogue = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    assert texts_in_code - in_catalogue == set(), "run scripts/messages.py"
    assert in_catalogue - texts_in_code == set(), "run scripts/messages.py"
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
