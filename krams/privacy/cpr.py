"""CPR numbers: found in text, and refused (databeskyttelsesloven § 11)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .cpr_groups import Candidate, kind_of
from .cpr_signs import has_raised_digits, plain
from .cpr_words import Around, mentions_cpr

_DIGITS = re.compile("[0-9]+")
# What may stand between the parts: blanks and line ends, many of them, and a few signs of any
# kind. A letter ends it, and so does what says what the number before it counts.
_GAP = re.compile(r"(?=.{1,80}\Z)(?:\s*[^\w\s%€$£§°]|\s*_){0,4}+\s*", re.DOTALL)
_FEWEST, _USUAL, _MOST = 8, 10, 12
_MOST_GROUPS = 10

_Place = tuple[int, int]


def find_cpr(text: str) -> list[_Place]:
    """Return where the text holds what looks like a CPR number, as ``text[start:end]``.

    ddmmyyxxxx or ddmmyyyyxxxx with a possible date, however people part and write it; the day plus
    60 counts too (erstatningspersonnumre, the stand-in numbers). Digits inside a longer number do
    not count, and neither do a date with its time, a P-number, a GLN, a telephone or a case number
    where signs or words say so (:mod:`.cpr_groups`, :mod:`.cpr_words`). Modulus 11 is not asked:
    since 2007 there are CPR numbers without it (cpr.dk, "Opbygning af CPR-nummeret" and
    "Personnummer"). ``scripts/cpr_figures.py`` measures what is missed.

    The spans are in order and never overlap.
    """
    if sum(map(str.isdigit, text)) < _FEWEST:
        return []
    found = set(_spans(text, raised=True))
    if has_raised_digits(text):
        found |= set(_spans(text, raised=False))
    return list(_without_overlaps(sorted(found, key=lambda span: (span[0], -span[1]))))


def _spans(text: str, *, raised: bool) -> Iterator[_Place]:
    seen, places = plain(text, raised=raised)
    groups = [match.span() for match in _DIGITS.finditer(seen)]
    gaps = [
        gap if _GAP.fullmatch(gap := seen[end:start]) else None
        for (_start, end), (start, _end) in pairwise(groups)
    ]
    is_mentioned = mentions_cpr(seen)
    for first, last in _windows(groups, gaps, any_shape=is_mentioned):
        start, end = groups[first][0], groups[last][1]
        candidate = Candidate(
            tuple(seen[one:other] for one, other in groups[first : last + 1]),
            tuple(gap or "" for gap in gaps[first:last]),
            gaps[first - 1] if first else None,
            gaps[last] if last < len(gaps) else None,
            Around(seen, start, end),
        )
        if candidate.is_cpr():
            yield (start, end) if places is None else (places[start], places[end - 1] + 1)


def _windows(
    groups: Sequence[_Place], gaps: Sequence[str | None], *, any_shape: bool
) -> Iterator[_Place]:
    """The first and last of groups in a row that may be a CPR number by their lengths."""
    lengths = [end - start for start, end in groups]
    for first in range(len(groups)):
        number = 0
        for last in range(first, min(first + _MOST_GROUPS, len(groups))):
            number += lengths[last]
            if number > _MOST or (last > first and gaps[last - 1] is None):
                break
            shape = tuple(lengths[first : last + 1])
            if number >= _FEWEST and (kind_of(shape) or (any_shape and number == _USUAL)):
                yield first, last


def _without_overlaps(spans: Sequence[_Place]) -> Iterator[_Place]:
    last_end = 0
    for start, end in spans:
        if start >= last_end:
            yield start, end
            last_end = end


def refuse_cpr(text: str) -> None:
    """Refuse what looks like a CPR number: ValidationError with code ``cpr``."""
    if find_cpr(text):
        raise refusal()


def refusal() -> ValidationError:
    """What is said of it; the number is never repeated."""
    return ValidationError(
        _("This looks like a CPR number. Remove it: nobody may be named or numbered here."),
        code="cpr",
    )
