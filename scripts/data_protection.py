#!/usr/bin/env python
"""The record of processing as a document, with the usual settings.

    .venv/bin/python scripts/data_protection.py            writes docs/data-protection.md
    .venv/bin/python scripts/data_protection.py --check    exits with 1 where it is another

``krams/data_protection/record.py`` says what stands in it; ``/databeskyttelse/`` of a portal shows
the same with the settings of that portal.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.documents import write_or_check  # noqa: E402

DOCUMENT = ROOT / "docs" / "data-protection.md"
BEGIN = "<!-- made by scripts/data_protection.py -->\n"


def text() -> str:
    from django.utils import translation

    from krams.data_protection.record import record

    parts = []
    with translation.override("en"):
        for table in record():
            lines = [table.columns, ["---"] * len(table.columns), *table.rows]
            rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
            parts.append(f"## {table.title}\n\n{rows}\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    head = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0]
    made = {DOCUMENT: f"{head}{BEGIN}\n{text()}"}
    return write_or_check(made, arguments, by="scripts/data_protection.py")


if __name__ == "__main__":
    # As a portal that nobody has set anything of.
    os.environ |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "krams.settings"}
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
