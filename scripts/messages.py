#!/usr/bin/env python3
"""Bring the Danish catalogue up to date with the code, and compile it.

Run it after any change of a text, fill in ``locale/da/LC_MESSAGES/django.po`` and run it again.
Exits with 1 where a text has no translation; with ``--check`` also where the catalogue was not
up to date.
"""

import sys
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
ROOMS = {"krams": "python", "initiatives": "python", "clusters": "python", "templates": "jinja2"}
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}{kind}": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for kind in ("_lazy", "_noop")
}
# As krams.web.templating reads the templates.
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "silent": "false"}
Text = tuple[str | None, str, str]  # context, singular, plural or ""


def texts_in_code() -> set[Text]:
    """Every text that the code asks the catalogue for."""
    found = set()
    for room, method in ROOMS.items():
        every = [("**.html", method), ("**.txt", method), ("**.py", method)]
        options = {pattern: OPTIONS for pattern, _ in every} if method == "jinja2" else None
        texts = extract_from_dir(ROOT / room, every, options, KEYWORDS)
        for _file, _line, message, _comments, context in texts:
            singular, plural = message if isinstance(message, tuple) else (message, "")
            found.add((context, singular, plural))
    return found


def key(entry: polib.POEntry) -> Text:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def updated(old: polib.POFile, texts: set[Text]) -> polib.POFile:
    """The catalogue of exactly these texts, in one order, with the translations that it had."""
    new = polib.POFile(wrapwidth=99)
    new.header = "Danish catalogue of the KRAMS portal."
    new.metadata = {
        "Project-Id-Version": "krams-portal",
        "Language": "da",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    known = {key(entry): entry for entry in old}
    for context, singular, plural in sorted(texts, key=lambda text: (text[0] or "", *text[1:])):
        entry = known.get((context, singular, plural)) or polib.POEntry(
            msgctxt=context,
            msgid=singular,
            msgid_plural=plural,
            msgstr_plural={0: "", 1: ""} if plural else {},
        )
        entry.flags = ["python-format"] if "%(" in singular + plural else []
        new.append(entry)
    return new


def main() -> int:
    files = [CATALOGUE, CATALOGUE.with_suffix(".mo")]
    before = [file.read_bytes() if file.exists() else b"" for file in files]
    catalogue = updated(polib.pofile(str(CATALOGUE)), texts_in_code())
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
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
