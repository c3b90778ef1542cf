"""CPR numbers: found in text, and refused (databeskyttelsesloven § 11)."""

import re
from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
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


def refuse_cpr(text: str) -> None:
    """Refuse what looks like a CPR number: ValidationError with code ``cpr``."""
    if find_cpr(text):
        raise ValidationError(
            _("This looks like a CPR number. Remove it: nobody may be named or numbered here."),
            code="cpr",
        )
