#!/usr/bin/env python
"""What the portal does of OWASP's Application Security Verification Standard, and what is tried
against it, as a document.

    .venv/bin/python scripts/asvs.py            writes docs/asvs.md
    .venv/bin/python scripts/asvs.py --check    exits with 1 where it is another

``docs/asvs.toml`` has the answers, ``docs/attacks.toml`` the attacks; ``tests/test_asvs.py`` looks
whether what they name is there.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.documents import write_or_check  # noqa: E402

FACTS = ROOT / "docs" / "asvs.toml"
ATTACKS = ROOT / "docs" / "attacks.toml"
DOCUMENT = ROOT / "docs" / "asvs.md"
# How an answer is kept, and how it is told.
ANSWERS = {"met": "met", "not": "not applicable", "open": "open"}
HEAD = """# What is met of OWASP ASVS 5.0

<!-- made by scripts/asvs.py of docs/asvs.toml and docs/attacks.toml; do not edit -->

The [Application Security Verification Standard](https://github.com/OWASP/ASVS/tree/master/5.0) \
5.0.0, levels 1 and 2, requirement by requirement: for whoever has to say what the portal is worth \
against attacks. The middle column is a reminder of ours; what is asked for stands in the standard \
under that number.

**Met** names the tests that fail where it is met no more (`tests/` left out), or says *no test* \
and names the file in which it can be seen. **Open** is what is missing, also where only a part \
is: it includes what the operator decides and what a document would have to say. It is our own \
reading, not that of an independent assessor. What is tried against the portal stands at the end: \
[Attacks that are tried](#attacks-that-are-tried).

"""
TRIED = """
## Attacks that are tried

What somebody who means harm sends, what holds it off, and the tests that send it, each time \
anything changes: the kind, not one example of it. A line that has no test is none.

| attack | by | what holds it off |
|---|---|---|
"""


def requirements() -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    return facts["requirements"]


def chapters() -> dict[str, str]:
    facts: dict[str, dict[str, str]] = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    return facts["chapters"]


def attacks() -> list[dict[str, Any]]:
    facts: dict[str, list[dict[str, Any]]] = tomllib.loads(ATTACKS.read_text(encoding="utf-8"))
    return facts["attacks"]


def answer_of(one: dict[str, Any]) -> str:
    """Its kind: "met", "not" or "open". KeyError where there is none, ValueError for several."""
    kinds = [kind for kind in ANSWERS if kind in one]
    if len(kinds) > 1:
        raise ValueError(f"{one['says']}: one answer, not {kinds}")
    if not kinds:
        raise KeyError(one["says"])
    return kinds[0]


def text() -> str:
    requested = "\n".join([*_counts(), *_tables()]) + "\n"
    return HEAD + requested + TRIED + "\n".join(map(_attack, attacks())) + "\n"


def _counts() -> Iterator[str]:
    given = [(one["L"], answer_of(one)) for one in requirements().values()]
    yield "| level | met | not applicable | open | all |"
    yield "|---|---:|---:|---:|---:|"
    for level in (1, 2):
        counts = [given.count((level, kind)) for kind in ANSWERS]
        yield f"| {level} | {' | '.join(map(str, counts))} | {sum(counts)} |"


def _tables() -> Iterator[str]:
    for chapter, title in chapters().items():
        yield f"\n## V{chapter} {title}\n"
        yield "| number | level | requirement | answer |"
        yield "|---|---|---|---|"
        for number, one in requirements().items():
            if number.partition(".")[0] == chapter:
                yield f"| {number} | {one['L']} | {one['says']} | {_answer(one)} |"


def _attack(one: dict[str, Any]) -> str:
    tests = ", ".join(f"`{name}`" for name in one["test"])
    also = f". {one['also'][:1].upper()}{one['also'][1:]}" if "also" in one else ""
    return f"| {one['kind']} | {one['by']} | {one['held']} ({tests}){also} |"


def _answer(one: dict[str, Any]) -> str:
    kind = answer_of(one)
    told = f"**{ANSWERS[kind]}**: {one[kind]}"
    if kind != "met":
        return told
    tests = [f"`{name}`" for name in one.get("test", [])]
    files = [f"`{name}`" for name in one.get("at", [])]
    return f"{told} ({', '.join(files + tests)}{'' if tests else '; no test'})"


def main(arguments: list[str]) -> int:
    return write_or_check({DOCUMENT: text()}, arguments, by="scripts/asvs.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
