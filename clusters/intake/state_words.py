"""Which state and which dates the words of a document say, as the export writes them or not. Pure.

Both languages of the portal are read: a document may have been fetched in either.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from krams.danish.date_input import parse_date
from krams.danish.normal_form import tidy

from ..enums import Division, EffortState, PositionState
from ..matrix.wording import outside_text

DATE = r"(\S.{4,20}?)"
# What people write in place of a state, from the most certain to the least. Never certain.
_GUESSES = [
    (r"ikke (?:aktuelt|relevant)|irrelevant", PositionState.NOT_APPLICABLE),
    (
        r"(?:ingen|intet|ikke noget|ikke) (?:\w+ ){0,3}behov|behovet er ikke",
        PositionState.NOT_NEEDED,
    ),
    (r"ikke (?:bekendt|kendt)|ukendt|ved ikke|vi kender ikke", PositionState.UNKNOWN),
    (r"(?:er )?(?:ophørt|nedlagt|lukket|afsluttet|udfaset)", PositionState.DISCONTINUED),
    (r"planlægges|planlagt|på vej|forventes|under opstart|etableres", PositionState.PLANNED),
    (r"ingen|intet|nej|har ikke|findes ikke|ikke etableret|intet tilbud", PositionState.NONE),
    (r"individuel\w*", PositionState.INDIVIDUAL),
    (r"ja|etableret|har (?:et|en|flere)", PositionState.ESTABLISHED),
]
GUESSES = [(re.compile(rf"(?:{words})\b", re.IGNORECASE), state) for words, state in _GUESSES]
# Answers that are no effort themselves, however they are meant.
BARE_ANSWER = re.compile(r"(?:ja|nej|ingen|intet)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What the export writes, in all languages."""

    states: dict[str, PositionState]
    dated: list[tuple[re.Pattern[str], PositionState]]
    effort_states: dict[str, EffortState]
    starts: list[re.Pattern[str]]
    ends: list[re.Pattern[str]]
    divisions: dict[str, str]
    small_print: list[re.Pattern[str]]
    notes: set[str]
    about_efforts: set[str]


def _pattern(text: str, *names: str) -> re.Pattern[str]:
    """A text of the catalogue whose placeholders are anything."""
    pattern = re.escape(text)
    for name in names:
        pattern = pattern.replace(re.escape(f"%({name})s"), DATE if name == "date" else "(.+)")
    return re.compile(pattern, re.IGNORECASE)


@cache
def words() -> Words:
    found = Words({}, [], {}, [], [], {}, [], set(), set())
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.states.update((_key(str(one.label)), one) for one in PositionState)
            found.states[_key(outside_text())] = PositionState.NOT_FILLED
            found.dated.extend(
                [
                    (_pattern(gettext("Planned from %(date)s"), "date"), PositionState.PLANNED),
                    (
                        _pattern(gettext("Discontinued since %(date)s"), "date"),
                        PositionState.DISCONTINUED,
                    ),
                ]
            )
            found.effort_states.update((_key(str(one.label)), one) for one in EffortState)
            found.starts.append(_pattern(gettext("From %(date)s"), "date"))
            found.ends.append(_pattern(gettext("Expired %(date)s"), "date"))
            found.divisions.update((_key(str(one.label)), one.value) for one in Division)
            found.divisions[_key(gettext("Both divisions"))] = ""
            found.small_print.extend(
                [
                    _pattern(gettext("One answer to proposals %(numbers)s"), "numbers"),
                    re.compile(re.escape(gettext("Unconfirmed so far")), re.IGNORECASE),
                    _pattern(gettext("Unconfirmed, last confirmed %(month)s"), "month"),
                    _pattern(gettext("Confirmed %(date)s") + "%(rest)s", "date", "rest"),
                    _pattern(gettext("Confirmed %(date)s"), "date"),
                ]
            )
            found.notes.add(_key(gettext("Notes")))
            found.about_efforts.add(_key(gettext("(about the effort)")))
    return found


def _key(text: str) -> str:
    return re.sub(r"\s*[-–—]\s*", " – ", tidy(text).casefold()).rstrip(" .:;")


def state_said(text: str) -> tuple[PositionState, dt.date | None] | None:
    """The state that a line says in so many words, with its date; None where it says none."""
    if state := words().states.get(_key(text)):
        return state, None
    for pattern, dated in words().dated:
        if match := pattern.fullmatch(tidy(text)):
            return (dated, day) if (day := _day(match[1])) else None
    return None


def state_guessed(text: str) -> PositionState | None:
    """What the first words of a text seem to answer."""
    start = tidy(text)
    return next((state for pattern, state in GUESSES if pattern.match(start)), None)


def division_said(text: str) -> str | None:
    """The division that a heading names; empty for both, None where it names none."""
    return words().divisions.get(_key(text))


def is_small_print(text: str) -> bool:
    """Whether the export says so of a cell by itself: when it was confirmed, what it goes for."""
    return any(pattern.fullmatch(tidy(text)) for pattern in words().small_print)


def is_heading_of_notes(text: str) -> bool:
    return _key(text) in words().notes


def is_about_an_effort(text: str) -> bool:
    """Whether the export says of a text below the table that it is an effort's own."""
    return _key(text) in words().about_efforts


@dataclass(frozen=True)
class EffortTag:
    """What stands in brackets behind an effort."""

    state: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def tag_said(text: str) -> EffortTag | None:
    """None where the words in brackets are part of the text."""
    if state := words().effort_states.get(_key(text)):
        return EffortTag(state=state.value)
    for pattern in words().starts:
        if (match := pattern.fullmatch(tidy(text))) and (day := _day(match[1])):
            return EffortTag(valid_from=day)
    for pattern in words().ends:
        if (match := pattern.fullmatch(tidy(text))) and (day := _day(match[1])):
            return EffortTag(valid_until=day)
    return None


def _day(text: str) -> dt.date | None:
    # The year is always written, so that today decides nothing.
    try:
        return parse_date(text, dt.date(2000, 1, 1))
    except ValueError:
        return None
