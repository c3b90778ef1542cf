"""No person can be found in the portal: not by CPR number, and not by a small count.

The portal keeps counts and texts about activities, never about one resident. Free text is refused
where it holds what looks like a CPR number (databeskyttelsesloven § 11), and published counts of
few people are hidden (:func:`suppress`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What people and programs put between the parts of a CPR number: spaces of all widths, points,
# slashes, dashes, and marks that nobody sees. Not a line break: the next line is another matter.
_BETWEEN = (
    r"[ \t./\-"
    "\u00a0\u00ad\u00b7\u2000-\u2015\u202a-\u202f\u205f-\u2069\u2212\u3000\ufe58\ufe63\uff0d-\uff0f"
    "]"
)

# Found at every position by looking ahead, so that a candidate whose date is impossible does not
# swallow the start of a real one. \d takes digits of every script, full-width ones too.
_TEN_DIGITS = re.compile(
    rf"(?<!\d)(?=(?P<number>(?P<day>\d\d){_BETWEEN}?(?P<month>\d\d){_BETWEEN}?(?P<year>\d\d)"
    rf"{_BETWEEN}{{0,3}}\d{{4}})(?!\d))"
)
# Written in pairs throughout, with one and the same sign. Two telephone numbers in a row look
# like this too, so it must not go on; a date and a time (10.12.26 14.30) change sign on the way.
_FIVE_PAIRS = re.compile(
    rf"(?<!\d)(?<!\d{_BETWEEN})(?=(?P<number>(?P<day>\d\d)(?P<sign>{_BETWEEN})(?P<month>\d\d)"
    rf"(?P=sign)(?P<year>\d\d)(?P=sign)\d\d(?P=sign)\d\d)(?!{_BETWEEN}?\d))"
)

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REPLACEMENT_DAY_OFFSET = 60


def find_cpr(text: str) -> list[tuple[int, int]]:
    """Return where the text holds what looks like a CPR number, as ``text[start:end]``.

    Ten digits, ddmmyyxxxx, with or without signs between the parts, that begin with a possible
    date; the day plus 60 counts too (erstatningspersonnumre, the stand-in numbers). Digits inside
    a longer number do not count. Modulus 11 is not asked: since 2007 there are CPR numbers
    without it (cpr.dk, "Opbygning af CPR-nummeret" and "Personnummer").

    The spans are in order and never overlap.
    """
    found = sorted(
        match.span("number")
        for pattern in (_TEN_DIGITS, _FIVE_PAIRS)
        for match in pattern.finditer(text)
        if _is_possible_date(match)
    )
    return list(_without_overlaps(found))


def _is_possible_date(match: re.Match[str]) -> bool:
    day, month, year = (int(match[part]) for part in ("day", "month", "year"))
    if day > _REPLACEMENT_DAY_OFFSET:
        day -= _REPLACEMENT_DAY_OFFSET
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    # The century is unknown; 1900 had no leap day but 2000 did.
    return (day, month) != (29, 2) or year % 4 == 0


def _without_overlaps(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last_end = 0
    for start, end in spans:
        if start >= last_end:
            yield start, end
            last_end = end


def validate_free_text(text: str) -> None:
    """Refuse text that names a person by number or that cannot be stored and exported.

    Line breaks, tabs, emoji with joiners and right-to-left marks are welcome. Raises
    ValidationError with code ``control`` (a character that PostgreSQL or an XML document cannot
    hold, or that has no place in text) or ``cpr``. The message never repeats the number.
    """
    if any(_is_forbidden(character) for character in text):
        raise ValidationError(
            _("The text holds a hidden control character. Delete it, or type the text again."),
            code="control",
        )
    if find_cpr(text):
        raise ValidationError(
            _("This looks like a CPR number. Remove it: nobody may be named or numbered here."),
            code="cpr",
        )


def validate_line(text: str) -> None:
    """Refuse what :func:`validate_free_text` refuses, and line breaks.

    Raises ValidationError with code ``control``, ``cpr`` or ``newline``.
    """
    validate_free_text(text)
    if any(character in "\n\r\u2028\u2029" for character in text):
        raise ValidationError(_("Write this on one line."), code="newline")


def _is_forbidden(character: str) -> bool:
    match unicodedata.category(character):
        case "Cc":
            return character not in "\n\r\t"
        case "Cs":  # half of a surrogate pair: not encodable as UTF-8
            return True
        case _:
            return (
                character in "\ufffe\uffff"
            )  # not allowed in XML, so no docx or xlsx could hold it


class Hidden(Enum):
    """The one value that stands where a count of few people is hidden."""

    FEW_PEOPLE = "few people"

    def __str__(self) -> str:
        return gettext("Hidden (few people)")


HIDDEN = Hidden.FEW_PEOPLE


def suppress(
    counts: Sequence[int | None], threshold: int = 5, total_shown: bool = True
) -> list[int | Hidden | None]:
    """Return the counts as they may be shown: those of few people replaced by ``HIDDEN``.

    *First* every count from 1 to ``threshold - 1`` is hidden. Nobody is found behind a 0, so it
    is shown; None means that there is no figure, and stays None.

    *Then*, where the total is shown as well, a reader can subtract the shown counts from it. So
    the smallest shown count is hidden too, and the next, until what is left over by subtraction

    - covers at least two counts, so that it is none of them,
    - is itself no small count, and
    - is not the lowest or highest sum that so many small counts can have (two counts of 1 to 4
      that make 8 are both 4).

    Counts above 0 go first: a hidden 0 adds nothing to the sum and so protects least. Where even
    hiding everything does not help, :func:`shown_total` hides the total. This is cell suppression
    (Hundepool et al., *Statistical Disclosure Control*, 2012) on one line of a table; where the
    same counts appear in several tables, hide the same ones in each.

    Raises ValueError for a negative count.
    """
    hidden = _hidden_places(counts, threshold, total_shown)
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)]


def shown_total(counts: Sequence[int | None], threshold: int = 5) -> int | Hidden:
    """Return the total of the counts, or ``HIDDEN`` where it is small or gives a count away.

    Belongs to ``suppress(counts, threshold)`` with the same counts.
    """
    total = sum(count or 0 for count in counts)
    hidden = _hidden_places(counts, threshold, total_shown=True)
    if _is_small(total, threshold) or not _withstands_subtraction(counts, hidden, threshold):
        return HIDDEN
    return total


def _is_small(count: int | None, threshold: int) -> bool:
    return count is not None and 0 < count < threshold


def _hidden_places(
    counts: Sequence[int | None], threshold: int, total_shown: bool
) -> frozenset[int]:
    if any(count is not None and count < 0 for count in counts):
        raise ValueError("a count cannot be negative")
    hidden = frozenset(place for place, count in enumerate(counts) if _is_small(count, threshold))
    if not total_shown:
        return hidden
    shown = (place for place, count in enumerate(counts) if count is not None)
    candidates = sorted(set(shown) - hidden, key=lambda place: (counts[place] == 0, counts[place]))
    for place in candidates:
        if _withstands_subtraction(counts, hidden, threshold):
            break
        hidden |= {place}
    return hidden


def _withstands_subtraction(
    counts: Sequence[int | None], hidden: frozenset[int], threshold: int
) -> bool:
    """Tell whether total minus shown counts leaves every hidden count uncertain."""
    if not hidden:
        return True
    values = [counts[place] or 0 for place in hidden]
    left_over = sum(values)
    if len(values) < 2 or left_over < threshold:
        return False
    only_small = all(_is_small(value, threshold) for value in values)
    return not only_small or len(values) < left_over < len(values) * (threshold - 1)
