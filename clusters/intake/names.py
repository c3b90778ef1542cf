"""Whom a heading means and which proposal a line is, as people write them in documents. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from krams.danish.collation import fold
from krams.danish.normal_form import tidy

if TYPE_CHECKING:
    from krams.models import Authority

    from ..matrix.rows import AuthorityRow, ProposalRow

_NUMBER = re.compile(
    r"(?:forslag|proposal)?\s*(?:nr\.?|no\.?)?\s*"
    r"(?:(\d{1,3})(?:\s*[.):–-]\s*|\s+)(.+)|(\d{1,3})\s*[.):]?)",
    re.IGNORECASE,
)
_KIND = re.compile(r"\b(?:kommunes?|municipality|region(?:en)?s?)\b")
# Spelling counts as the same from here on, for titles; sure where there is no number, from there.
ALIKE, SURE = 0.6, 0.85
# Shorter names are too easily another's.
SHORTEST_WITH_A_SLIP, SHORTEST_WITH_TWO = 4, 8


@dataclass(frozen=True)
class Match:
    """The key of what was meant, or else those that it may be."""

    key: int | None = None
    maybe: tuple[int, ...] = ()


def words_of(text: str) -> str:
    """The letters and figures of a text, in small letters, aa as å."""
    return " ".join(re.findall(r"[^\W_]+", fold(tidy(text))))


def authority_called(
    heading: str, authorities: "Sequence[Authority | AuthorityRow]", *, among_others: bool = True
) -> Match:
    """By name or official name; "Kommune", case and a slip of the pen are forgiven.

    ``among_others``: the name may stand among other words.
    """
    wanted = _bare(heading)
    if not wanted:
        return Match()
    names = {one.pk: {_bare(one.name), _bare(one.official_name)} - {""} for one in authorities}
    for is_meant in (_is_same, _is_within, _is_nearly) if among_others else (_is_same, _is_nearly):
        found = [key for key, mine in names.items() if any(is_meant(wanted, one) for one in mine)]
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(None, tuple(found))
    return Match()


def _bare(name: str) -> str:
    """Without the kind of authority; a region that is called nothing else keeps its word."""
    words = words_of(name)
    return _KIND.sub("", words).strip() or words


def _is_same(wanted: str, name: str) -> bool:
    return wanted.replace(" ", "") == name.replace(" ", "") or wanted == f"{name}s"


def _is_within(wanted: str, name: str) -> bool:
    return len(wanted) < 3 * len(name) + 20 and f" {name} " in f" {wanted} "


def _is_nearly(wanted: str, name: str) -> bool:
    shortest = min(len(wanted), len(name))
    slips = (shortest >= SHORTEST_WITH_A_SLIP) + (shortest >= SHORTEST_WITH_TWO)
    return abs(len(wanted) - len(name)) <= slips and slips >= distance(wanted, name)


def distance(one: str, other: str) -> int:
    """How many letters to add, leave out or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        before, row[0] = row[0], number
        for place, its in enumerate(other, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (letter != its)),
            )
    return row[-1]


def proposal_called(line: str, proposals: "Iterable[ProposalRow]") -> Match:
    """By title, by number and a similar title, or by a title that is very much alike."""
    proposals = list(proposals)
    found = _NUMBER.fullmatch(tidy(line))
    number = int(found[1] or found[3]) if found else None
    title = words_of(found[2] or "" if found else line)
    for wanted in (words_of(line), title):
        same = [one for one in proposals if wanted and words_of(one.title) == wanted]
        if len(same) > 1:
            same = [one for one in same if one.number == number] or same
        if len(same) == 1:
            return Match(same[0].pk)
        if same:
            return Match(None, tuple(one.pk for one in same))
    numbered = [one for one in proposals if one.number == number]
    if numbered and (not title or similarity(title, words_of(numbered[0].title)) >= ALIKE):
        return Match(numbered[0].pk)
    near = [one.pk for one in proposals if similarity(title, words_of(one.title)) >= SURE]
    if len(near) == 1 and not numbered:
        return Match(near[0])
    return Match(None, tuple(dict.fromkeys([one.pk for one in numbered] + near)))


def similarity(one: str, other: str) -> float:
    """From 0 to 1 (difflib's ratio); quickly 0 where the lengths alone say so."""
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
