#!/usr/bin/env python3
"""Bring the Danish catalogue up to date with the code, and compile it.

Needs GNU gettext. Run it after any change of a text, fill in ``locale/da/LC_MESSAGES/django.po``
and run it again. Exits with 1 where a text has no translation; with ``--check`` also where the
catalogue was not up to date.
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
# No line numbers and one fixed order: a change of the catalogue then shows changed texts only.
OPTIONS = ["-l", "da", "--no-obsolete", "--no-location"]
NOT_OURS = [".venv", "build", "tests", "scripts", "benchmarks"]


def extract() -> None:
    ignored = [option for name in NOT_OURS for option in ("-i", name)]
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", *OPTIONS, *ignored],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def tidy() -> polib.POFile:
    """Save sorted and compiled, guesses taken out: a fuzzy text is not a translation."""
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=99)
    catalogue.header = "Danish catalogue of the KRAMS portal."
    catalogue.metadata = {
        "Project-Id-Version": "krams-portal",
        "Language": "da",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for entry in catalogue:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
            entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
    catalogue.sort(key=lambda entry: (entry.msgctxt or "", entry.msgid))
    catalogue.save()
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return catalogue


def main() -> int:
    files = [CATALOGUE, CATALOGUE.with_suffix(".mo")]
    before = [file.read_bytes() if file.exists() else b"" for file in files]
    extract()
    catalogue = tidy()
    status = 0
    for entry in catalogue.untranslated_entries():
        print(f"Not translated: {entry.msgid!r}")
        status = 1
    for file, old in zip(files, before, strict=True):
        if "--check" in sys.argv and file.read_bytes() != old:
            print(f"Was not up to date: {file.relative_to(ROOT)}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
