"""No person can be found in the portal: not by CPR number, and not by a small count.

The portal keeps counts and texts about activities, never about one resident. Free text is refused
where it holds what looks like a CPR number (databeskyttelsesloven § 11), and published counts of
few people are hidden (:func:`suppress`, :func:`share_is_small`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from urllib.parse import urlsplit

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

# The host of a link: names with or without a dot, æøå too, or an address in figures.
_HOST = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?|[0-9a-f:]*:[0-9a-f:.]+")

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
    refuse_cpr(text)


def refuse_cpr(text: str) -> None:
    """Refuse what looks like a CPR number: ValidationError with code ``cpr``."""
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


def validate_link(link: str) -> None:
    """Refuse what is no address of a page: http or https, with a host, which may have no dot.

    Raises ValidationError with code ``link``, or those of :func:`validate_line`.
    """
    validate_line(link)
    try:
        parts = urlsplit(link)
        is_good = (
            parts.scheme in {"http", "https"}
            and bool(_HOST.fullmatch(parts.hostname or ""))
            and parts.username is None
            and parts.port != 0
            and not re.search(r"[\s<>\"\\\\]", link)
        )
    except ValueError:  # a bracket that is not closed, a port that is no number
        is_good = False
    if not is_good:
        raise ValidationError(
            _("Write the address of a page, such as https://www.sst.dk."), code="link"
        )


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

Share = tuple[int, int]
# A count by place in the list that was given; places without a figure are left out.
_Line = dict[int, int]


def share_is_small(part: int, whole: int, threshold: int = 5) -> bool:
    """Tell whether a share is about few people: those in it, or the others of the group.

    Who knows the share and the size of the group knows both counts, so both must bear to be
    shown. As in :func:`suppress`, a count of 1 to ``threshold - 1`` does not, and a 0 does: nobody
    is found behind it, and the other count is then the whole group, which is asked as well (0 of 3
    is hidden, 0 of 18 is not).

    Raises ValueError where ``part`` does not lie between 0 and ``whole``.
    """
    return any(_is_small(count, threshold) for count in _counts_of((part, whole)))


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
    hiding everything does not help, the total is hidden instead (:func:`shown_total`), and nothing
    but the small counts. This is cell suppression (Hundepool et al., *Statistical Disclosure
    Control*, 2012) on one line of a table; where the same counts appear in several tables, hide
    the same ones in each.

    Raises ValueError for a negative count.
    """
    hidden, _total_holds = _protect(_lines_of_counts(counts), threshold, total_shown)
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)]


def shown_total(counts: Sequence[int | None], threshold: int = 5) -> int | Hidden:
    """Return the total of the counts, or ``HIDDEN`` where it is small or gives a count away.

    Belongs to ``suppress(counts, threshold)`` with the same counts.
    """
    _hidden, total_holds = _protect(_lines_of_counts(counts), threshold, total_shown=True)
    return sum(count or 0 for count in counts) if total_holds else HIDDEN


def suppress_shares(
    shares: Sequence[Share | None], threshold: int = 5, total_shown: bool = True
) -> list[Share | Hidden | None]:
    """Return the shares of people, (part, whole) each, as they may be shown; see ``suppress``.

    *First* those that :func:`share_is_small` are hidden. *Then*, where the share of all of them
    together is shown as well, so are further ones, until none can be worked out by subtraction:
    neither the parts, nor the rests, nor the wholes. The same shares are hidden in each.

    Raises ValueError where a part does not lie between 0 and its whole.
    """
    hidden, _total_holds = _protect(_lines_of_shares(shares), threshold, total_shown)
    return [HIDDEN if place in hidden else share for place, share in enumerate(shares)]


def shown_total_share(shares: Sequence[Share | None], threshold: int = 5) -> Share | Hidden:
    """Return the share of all together, or ``HIDDEN`` where it is small or gives one away.

    Belongs to ``suppress_shares(shares, threshold)`` with the same shares.
    """
    _hidden, total_holds = _protect(_lines_of_shares(shares), threshold, total_shown=True)
    if not total_holds:
        return HIDDEN
    known = [share for share in shares if share is not None]
    return sum(part for part, _whole in known), sum(whole for _part, whole in known)


def _counts_of(share: Share) -> tuple[int, int, int]:
    """Those in the share, the others, and all of them."""
    part, whole = share
    if not 0 <= part <= whole:
        raise ValueError("a part lies between 0 and its whole")
    return part, whole - part, whole


def _lines_of_counts(counts: Sequence[int | None]) -> list[_Line]:
    if any(count is not None and count < 0 for count in counts):
        raise ValueError("a count cannot be negative")
    return [{place: count for place, count in enumerate(counts) if count is not None}]


def _lines_of_shares(shares: Sequence[Share | None]) -> list[_Line]:
    known = {place: _counts_of(share) for place, share in enumerate(shares) if share is not None}
    return [{place: counts[line] for place, counts in known.items()} for line in range(3)]


def _is_small(count: int, threshold: int) -> bool:
    return 0 < count < threshold


def _protect(lines: list[_Line], threshold: int, total_shown: bool) -> tuple[frozenset[int], bool]:
    """Return the places to hide in every line, and whether the totals may be shown then."""
    places = lines[0].keys()
    small = frozenset(
        place for place in places if any(_is_small(line[place], threshold) for line in lines)
    )
    if not total_shown or any(_is_small(sum(line.values()), threshold) for line in lines):
        return small, False

    def protects_least(place: int) -> tuple[bool, int]:
        counts = [line[place] for line in lines]
        return 0 in counts, sum(counts)

    hidden = small
    # Equal ones together: else their order would tell which of the hidden ones is small.
    for _key, equal in groupby(sorted(places - small, key=protects_least), protects_least):
        if _withstand_subtraction(lines, hidden, threshold):
            break
        hidden |= set(equal)
    if _withstand_subtraction(lines, hidden, threshold):
        return hidden, True
    return small, False


def _withstand_subtraction(lines: list[_Line], hidden: frozenset[int], threshold: int) -> bool:
    """Tell whether total minus shown counts leaves every hidden count of every line uncertain."""
    return not hidden or all(
        _leaves_uncertain([line[place] for place in hidden], threshold) for line in lines
    )


def _leaves_uncertain(values: Sequence[int], threshold: int) -> bool:
    left_over = sum(values)
    if len(values) < 2 or left_over < threshold:
        return False
    if any(value >= threshold for value in values):
        return True
    return len(values) < left_over < len(values) * (threshold - 1)
