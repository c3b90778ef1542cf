"""docs/asvs.md: all requirements have an answer, and what an answer names is there."""

import ast
import hashlib
from collections import Counter
from functools import cache
from itertools import groupby

import pytest

from scripts.asvs import ROOT, answer_of, attacks, chapters, main, requirements

# Of OWASP ASVS 5.0.0, levels 1 and 2, as the CSV of its release has them:
# https://github.com/OWASP/ASVS/tree/master/5.0/docs_en
BY_LEVEL = {1: 70, 2: 183}
# SHA-256 of all lines "number level", in the order of the numbers.
DIGEST = "29debb6cfc11acf5deb2b2bb4e01bd836c5648dcc592aae17957e36b808cec05"


def order(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )


def test_every_number_stands_once_with_its_level():
    found = requirements()
    assert Counter(one["L"] for one in found.values()) == BY_LEVEL
    lines = "\n".join(f"{number} {found[number]['L']}" for number in sorted(found, key=order))
    assert hashlib.sha256(lines.encode()).hexdigest() == DIGEST
    assert {number.partition(".")[0] for number in found} == set(chapters())


def test_each_has_one_answer_and_what_is_met_says_where():
    known = {"L", "says", "met", "not", "open", "test", "at"}
    wrong = []
    for number, one in requirements().items():
        kind = answer_of(one)
        is_shown = bool(one.get("test") or one.get("at"))
        if is_shown != (kind == "met") or not one[kind] or not one["says"] or set(one) - known:
            wrong.append(number)
    assert wrong == []


def test_what_is_named_is_there():
    missing = []
    for number, one in requirements().items():
        missing += [(number, name) for name in one.get("test", []) if not is_a_test(name)]
        missing += [(number, name) for name in one.get("at", []) if not (ROOT / name).exists()]
    assert missing == []


def is_a_test(name: str) -> bool:
    path, _, function = name.partition("::")
    return (ROOT / "tests" / path).is_file() and function in functions_of(path)


def test_each_attack_stands_once_and_is_tried():
    rows = attacks()
    assert Counter((one["kind"], one["by"]) for one in rows).most_common(1)[0][1] == 1
    known = {"kind", "by", "held", "test", "also"}
    untold = [one["by"] for one in rows if set(one) - known or not (one["held"] and one["test"])]
    assert untold == []
    assert [name for one in rows for name in one["test"] if not is_a_test(name)] == []


def test_attacks_of_one_kind_stand_together():
    """A reader looks for the kind; a row that is added at the end would be missed."""
    kinds = [kind for kind, _rows in groupby(one["kind"] for one in attacks())]
    assert len(kinds) == len(set(kinds))


def test_two_answers_are_refused():
    with pytest.raises(ValueError, match="one answer"):
        answer_of({"says": "x", "met": "a", "open": "b"})


def test_the_document_is_these_answers():
    assert main(["--check"]) == 0
