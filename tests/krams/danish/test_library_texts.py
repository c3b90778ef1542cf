"""What Django and allauth say is Danish in our words too: ``krams/danish/library_texts.py``."""

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.utils import translation

from tests.test_terms import as_word, rejected_terms

ROOT = Path(__file__).resolve().parents[3]
OURS = [ROOT / "templates", ROOT / "krams" / "templates"]
DJANGO, ALLAUTH = (Path(package.__file__).parent for package in (django, allauth))
CATALOGUES = [
    ALLAUTH / "locale",
    *(DJANGO / room / "locale" for room in ("conf", "contrib/auth", "contrib/admin")),
]
# Where a text stands that somebody can meet here; of templates those that we have not written anew.
# Django's catalogues do not say where.
SOURCES = re.compile(
    r"^(account/(adapter|forms|fields)\.py|mfa/|socialaccount/adapter\.py"
    r"|templates/(account|mfa|socialaccount)/)"
)
# Accounts have no telephone and no name to log in with, and nobody signs up, changes an address or
# logs in by a code; the administration has the portal's own log-in.
NOT_HERE = re.compile(
    r"(?i)phone|username|sign.?up|wildcard|primary|verif|email \(|email.(confirm|change|removed)"
    r"|(type the same|add(ed)?|change|removed|current|selected) email|email addresses"
    r"|is already (associated|registered)|already exists[.]? +in case|account already"
    r"|unknown account|sign-in code|reset code|add email|email or |email address (is not|%)"
    r"|in our database|IPv|WebP|upload|filename|JSON|UUID|passwd_reset_url|hashing"
    r"|password-based|Referer|CSRF|Congratulat|old password|Password reset sent"
    r"|reset link was invalid|receive an email|emailed you|site!|email address( confirmation|:)"
    r"|safely ignored|following page and choose|Forgotten your password"
    r"|duplicate data for %\(field_name|^:"
)
TEMPLATES_NOT_HERE = re.compile(
    r"email\.html|email_|login_code|password_reset_(help|code)|phone|signup|base_confirm_code"
)
CLUMSY = re.compile(r"(?i)venligst|!|succes(?!kriter)|autentificer|token\b|tredjepart|logonforsøg")


def is_met(source: str) -> bool:
    if not SOURCES.match(source):
        return False
    if not source.startswith("templates/"):
        return True
    name = source.removeprefix("templates/")
    return not any((room / name).exists() for room in OURS) and not TEMPLATES_NOT_HERE.search(name)


def texts_met() -> list[polib.POEntry]:
    return [
        entry
        for folder in CATALOGUES
        for entry in polib.pofile(str(folder / "da" / "LC_MESSAGES" / "django.po"))
        if not entry.obsolete
        if not entry.occurrences or any(is_met(source) for source, _ in entry.occurrences)
        if not NOT_HERE.search(entry.msgid)
    ]


def said(entry: polib.POEntry) -> str:
    with translation.override("da"):
        if entry.msgid_plural:
            return translation.ngettext(entry.msgid, entry.msgid_plural, 2)
        if entry.msgctxt:
            return translation.pgettext(entry.msgctxt, entry.msgid)
        return translation.gettext(entry.msgid)


@pytest.fixture(scope="module")
def texts():
    found = {entry.msgid: re.sub(r"%\(\w+\)[a-z]|{\w*}", "…", said(entry)) for entry in texts_met()}
    assert len(found) > 200
    return found


def test_no_text_of_a_library_is_clumsy(texts):
    assert {msgid: text for msgid, text in texts.items() if CLUMSY.search(text)} == {}


def test_no_text_of_a_library_uses_a_rejected_term(texts):
    rejected = [as_word(term) for term in rejected_terms()]
    wrong = {
        msgid: text for msgid, text in texts.items() if any(term.search(text) for term in rejected)
    }
    assert wrong == {}
