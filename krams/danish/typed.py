"""What people type and paste: names, numbers, dates and times, read in one place.

Every function reads what can be meant in one way only. What can be meant in two ways is asked
about (:class:`Unclear`), and what cannot be read is a ValueError; nothing is guessed.
"""

import re
import unicodedata
from datetime import date, time, timedelta

# A joiner holds the parts of an emoji together; everywhere else it is as invisible as the others.
_JOINER = "\u200d"
_DIRECTION_MARKS = "\u200e\u200f\u2066\u2067\u2068\u2069"
# They choose between a plain and a coloured sign (☎, ☎️), and are nothing by themselves.
_STYLES_OF_SIGNS = "\ufe0e\ufe0f"
# Invisible (Default_Ignorable_Code_Point) or blank, though letters, marks or signs by category.
_BLANK = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
}
# Below the combining marks every letter is composed, and only the soft hyphen is invisible.
_OTHER_THAN_LATIN = re.compile("[\u00ad\u0300-\U0010ffff]")


class Unclear(ValueError):
    """Two things can be meant; ``readings`` says how each of them is written."""

    def __init__(self, *readings: str):
        super().__init__(f"can be read in {len(readings)} ways")
        self.readings = readings


def visible(text: str) -> str:
    """The text in composed form (NFC) without soft hyphens, zero-width and direction marks.

    Direction marks stay where there are letters, such as Hebrew ones, that they steer.
    """
    if not _OTHER_THAN_LATIN.search(text):
        return text
    steers = any(
        character.isalpha() and unicodedata.bidirectional(character) in {"R", "AL"}
        for character in text
    )
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        of_sign = kept and unicodedata.category(kept[-1]) in {"So", "Sk", "Mn"}
        belongs_to_sign = of_sign and character in {_JOINER, *_STYLES_OF_SIGNS}
        is_mark = steers and character in _DIRECTION_MARKS
        if belongs_to_sign or is_mark or not _is_invisible(character):
            kept.append(character)
    # Leaving a mark out may bring two halves of a letter together.
    return unicodedata.normalize("NFC", "".join(kept))


def _is_invisible(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character) == "Cf"


def tidy(text: str) -> str:
    """The normal form of a name: :func:`visible`, trimmed, and one plain space between words.

    Line breaks inside stay: whether a name may hold one is for :mod:`krams.privacy.privacy` to say.
    """
    return re.sub(r"[^\S\n\r\u2028\u2029]+", " ", visible(text)).strip()


def look_alike_key(name: str) -> str:
    """What names have in common that nobody can tell apart, whatever their case (NFKC_Casefold)."""
    folded = unicodedata.normalize("NFKC", tidy(name)).casefold()
    shown = "".join(character for character in folded if not _is_invisible(character))
    return " ".join(unicodedata.normalize("NFKC", shown).split())


_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januar january",
            "feb februar february",
            "mar marts march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_BETWEEN = r"(?: *[./\-] *| +)"
_DATE_FORMS = [
    re.compile(form, re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}}){_BETWEEN}(?P<month>\d\d?){_BETWEEN}(?P<day>\d\d?)",
        rf"(?P<day>\d\d?){_BETWEEN}(?P<month>\d\d?)(?:{_BETWEEN}(?P<year>\d{{4}}|\d\d))?\.?",
        rf"(?P<day>\d\d?)(?:{_BETWEEN})?(?P<month>[a-z]+)\.?(?:{_BETWEEN}(?P<year>\d{{4}}|\d\d))?",
        r"(?P<month>[a-z]+)\.? +(?P<day>\d\d?)(?:,? +(?P<year>\d{4}))?",
        # No day of these years reads as a date with the day first as well: there is no month 19.
        r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)",
    )
]
_LONGEST_DATE = 40
_DAYS = {
    name: days
    for days, names in {
        -1: ("i går", "igår", "yesterday"),
        0: ("i dag", "idag", "today"),
        1: ("i morgen", "imorgen", "tomorrow"),
    }.items()
    for name in names
}


def parse_date(text: str, today: date) -> date:
    """Read a date, day first: 24.11.2026, 24/11-26, 24 nov, 24112026; also 2026-11-24, i går.

    Without a year it is the nearest such day to ``today``, the earlier of two as near; a year of
    two figures is the nearest such year. Raises ``Unclear`` where the day seems to stand after the
    month, and ValueError for anything else.
    """
    typed = tidy(text).lower()
    if typed in _DAYS:
        return today + timedelta(days=_DAYS[typed])
    if len(typed) > _LONGEST_DATE:
        raise ValueError("too long for a date")
    swapped = None
    for form in _DATE_FORMS:
        match = form.fullmatch(typed)
        if not match:
            continue
        day, month, year = match["day"], match["month"], match["year"]
        number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
        if found := _nearest(int(day), number, year, today):
            return found
        if month.isdigit() and number > 12 and (found := _nearest(number, int(day), year, today)):
            swapped = found
    if swapped:
        raise Unclear(f"{swapped:%d.%m.%Y}")
    raise ValueError("not a date")


def _nearest(day: int, month: int, year: str | None, today: date) -> date | None:
    """The day nearest to ``today`` that is written so; None where there is none."""
    if year and len(year) == 4:
        years = [int(year)]
    elif year:
        century = today.year // 100 * 100
        years = [century + offset + int(year) for offset in (-100, 0, 100)]
    else:
        years = list(range(today.year - 8, today.year + 9))
    days = []
    for one in years:
        try:
            days.append(date(one, month, day))
        except ValueError:
            continue
    return min(days, key=lambda found: (abs(found - today), found), default=None)


_TIME = re.compile(r"(?:kl\.? *)?(\d\d?)(?: *([.:,]| ) *(\d\d?))?", re.ASCII)
_TIME_WITHOUT_SIGN = re.compile(r"(?:kl\.? *)?(\d\d?)(\d\d)", re.ASCII)


def parse_time(text: str) -> time:
    """Read a time of day: 14.30, 14:30, 14,30, 1430, 14.

    Raises ``Unclear`` for 14.3, which is 14.03 or 14.30, and ValueError for anything else.
    """
    typed = tidy(text).lower()
    if match := _TIME_WITHOUT_SIGN.fullmatch(typed) if len(typed) > 2 else None:
        return time(int(match[1]), int(match[2]))
    match = _TIME.fullmatch(typed)
    if not match:
        raise ValueError("not a time")
    hour, minute = int(match[1]), match[3]
    if minute is None:
        return time(hour)
    if len(minute) == 2:
        return time(hour, int(minute))
    if minute == "0":
        return time(hour)
    minutes = [int(minute), int(minute) * 10] if int(minute) < 6 else [int(minute)]
    raise Unclear(*(f"{time(hour, one):%H.%M}" for one in minutes))
