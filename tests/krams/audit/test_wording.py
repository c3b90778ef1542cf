"""What the page and the file of the audit log say; the table holds words of the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from krams.audit.wording import WORDS, about_in_words, details_in_words


@pytest.fixture(autouse=True)
def _danish():
    with translation.override("da"):
        yield


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("account:6", "Konto 6"),
        ("facility:3 Mosbjerghus", "Botilbud 3 Mosbjerghus"),
        ("unknown:ab12", "Ingen konto ab12"),
        ("moede:4", "moede:4"),
        ("", ""),
    ],
)
def test_what_it_is_about(about, words):
    assert about_in_words(about) == words


def test_the_facts():
    facts = {"what": "given", "account": 2, "role": "viewer", "fields": ["a", "b"], "new": 7}
    assert details_in_words(facts) == "givet; konto: 2; Læser; felter: a, b; new: 7"
    assert details_in_words({}) == ""


def test_every_word_that_the_code_keeps_is_told_in_danish():
    kept = set()
    for room in ("krams", "initiatives", "clusters"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            text = path.read_text()
            if "AuditKind." in text:
                kept |= set(
                    re.findall(r'(?:what=|_?note\(\w+, (?:\w+, )?|_keep\(\w+, )"([^"]+)"', text)
                )
    assert len(kept) > 8
    assert kept <= WORDS.keys()
