"""docs/terms.md chooses one word a thing; the words it rejects are in no text of ours."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
READY_MADE = ("activity_types.csv", "indicators.toml", "demo_plans.toml", "demo_figures.toml")


def rejected_terms() -> set[str]:
    rows = re.findall(r"^\|(.+)\|(.+)\|(.+)\|$", (ROOT / "docs" / "terms.md").read_text(), re.M)
    return {term for *_, rejected in rows for term in re.findall(r"`([^`]+)`", rejected)}


def as_word(term: str) -> re.Pattern:
    return re.compile(rf"(?<![\w-]){re.escape(term)}(?![\w-])", re.IGNORECASE)


def danish_texts() -> list[str]:
    texts = []
    for entry in polib.pofile(str(CATALOGUE)):
        texts += entry.msgstr_plural.values() or [entry.msgstr]
    for name in READY_MADE:
        lines = (ROOT / "fixtures" / name).read_text().splitlines()
        texts += [line for line in lines if not line.startswith("#")]
    return texts


@pytest.mark.parametrize("term", sorted(rejected_terms()))
def test_a_rejected_term_is_in_no_danish_text(term):
    # Values in a text are named in English: %(email)s.
    texts = (re.sub(r"%\(\w+\)[sd]", "…", text) for text in danish_texts())
    assert [text for text in texts if as_word(term).search(text)] == []


def test_messages_are_calm():
    assert [text for text in danish_texts() if re.search(r"!|venligst", text, re.I)] == []


def test_the_list_is_read():
    assert {"ikke bekræftet", "udsat", "skal ses efter", "password"} <= rejected_terms()
    assert len(danish_texts()) > 1500
