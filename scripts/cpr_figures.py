#!/usr/bin/env python
"""How many made-up CPR numbers the guard misses, and how often it stops what is none.

    .venv/bin/python scripts/cpr_figures.py             writes the table of docs/cpr-guard.md
    .venv/bin/python scripts/cpr_figures.py --check     exits with 1 where the table is another
    .venv/bin/python scripts/cpr_figures.py --failures  what the guard got wrong

``scripts/cpr_corpus.py`` makes the texts.
"""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from krams.privacy.cpr import find_cpr  # noqa: E402
from scripts.cpr_corpus import EACH, SEED, corpus  # noqa: E402

DOCUMENT = ROOT / "docs" / "cpr-guard.md"
BEGIN, END = "<!-- made by scripts/cpr_figures.py -->\n", "<!-- until here -->\n"


def failures(each: int = EACH, seed: int = SEED) -> list[tuple[bool, str, str]]:
    """What the guard got wrong: CPR numbers that it missed, and others that it stopped."""
    return [one for one in corpus(each, seed) if bool(find_cpr(one[2])) is not one[0]]


def table() -> str:
    whole = Counter((is_cpr, kind) for is_cpr, kind, _text in corpus())
    wrong = Counter((is_cpr, kind) for is_cpr, kind, _text in failures())
    lines = []
    for is_cpr, head, bad in ((True, "a CPR number as", "missed"), (False, "none", "stopped")):
        kinds = [key for key in whole if key[0] is is_cpr]
        items, errors = sum(whole[key] for key in kinds), sum(wrong[key] for key in kinds)
        lines += [f"| {head} | texts | {bad} |", "|---|--:|--:|"]
        lines += [f"| {key[1]} | {whole[key]} | {wrong[key]} |" for key in kinds]
        lines += [f"| **all** | **{items}** | **{errors} ({100 * errors / items:.2f} %)** |", ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    if "--failures" in arguments:
        for is_cpr, kind, text in failures():
            print("missed" if is_cpr else "stopped", kind, repr(text), sep="\t")
        return 0
    made = table()
    print(made)
    old = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = old.partition(BEGIN)
    new = f"{head}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"
    if "--check" in arguments:
        return int(new != old)
    DOCUMENT.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
