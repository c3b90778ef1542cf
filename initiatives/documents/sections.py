"""The ten sections of an initiative, in the order of the municipal form; declared here once.

Page, table of contents, edit forms, saving, conflicts and the journal of changes all loop over
``SECTIONS``. Order and questions are those of the form that Hjørring Kommune uses (seed document).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.danish.numbers import format_decimal

from ..enums import Factor

GOALS, FACTORS = "goals", "factors"
ECONOMY, CRITERIA, ATTENTION = "economy", "criteria", "attention"


@dataclass(frozen=True)
class Section:
    """``slug`` stands in the address and is the section's DOM id.

    ``fields`` are fields of the initiative. ``part`` is what the section holds beside them: the
    chosen goals, the texts per factor, or lines of one kind that can be added. The template of
    the part, or else of the ``layout``, shows what the section says.
    """

    slug: str
    title: str | Promise
    question: str | Promise
    fields: tuple[str, ...] = ()
    part: str = ""
    layout: str = "text"

    @property
    def body(self) -> str:
        return f"initiatives/documents/sections/_{self.part or self.layout}.html"

    @property
    def has_lines(self) -> bool:
        return self.part in (ECONOMY, CRITERIA, ATTENTION)


SECTIONS = (
    Section(
        "indsats",
        _("Initiative"),
        _("What is the initiative called, and which policy does it belong to?"),
        ("title", "policy"),
        layout="title",
    ),
    Section(
        "maalsaetning",
        _("Policy goals"),
        _("Which goals of the policy does the initiative serve?"),
        part=GOALS,
    ),
    Section(
        "beskrivelse",
        _("Description"),
        _("What is the initiative about?"),
        ("introduction",),
        FACTORS,
    ),
    Section("formaal", _("Purpose"), _("Why do we want to carry it out?"), ("purpose",)),
    Section("maalgruppe", _("Target group"), _("Whom is it for?"), ("target_group",)),
    Section("aktoerer", _("Actors"), _("Who takes part in it?"), ("actors",)),
    Section(
        "tidsplan",
        _("Timeline"),
        _("When does the initiative begin and end?"),
        ("starts_on", "ends_on", "timeline"),
        layout="timeline",
    ),
    Section(
        "oekonomi",
        _("Economic consequences"),
        _("Does it cost anything to carry it out?"),
        ("economy",),
        ECONOMY,
    ),
    Section(
        "succeskriterier",
        _("Measurable success criteria"),
        _("When is the initiative a success?"),
        ("criteria_note",),
        CRITERIA,
    ),
    Section("opfoelgning", _("Follow-up"), _("How do we follow up?"), ("follow_up",), ATTENTION),
)
STORED_DAY = "%d.%m.%Y"
_STORED = re.compile(r"\b\d\d\.\d\d\.\d{4}\b")
_ONE_DAY = r"(?:\d\d\.\d\d\.\d{4}|…)"
# Where a text has dates that the portal wrote: the first paragraph of the timeline, and what stands
# behind an attention point.
_DATES = {
    "tidsplan": re.compile(rf"\A()({_ONE_DAY} – {_ONE_DAY})(?=\n\n|\Z)"),
    ATTENTION: re.compile(rf"^(• .*?)((?:, {_ONE_DAY})?(?: ✓ {_ONE_DAY})?)$", re.MULTILINE),
}
# Where a part begins, as :func:`section_text` writes it.
_PART = re.compile(rf"^(?:• |[{''.join(Factor.values)}]: )", re.MULTILINE)
BY_SLUG = {section.slug: section for section in SECTIONS}


def section_text(section: Section, values: dict[str, Any]) -> str:
    """What a section says, as plain text: for differences and the journal.

    ``values`` are those of ``Document.values`` or of a valid form. Words of the portal's own are
    left out, so that the text is the same whatever language it was saved in.
    """
    if section.part == GOALS:
        return "\n".join(f"• {goal.text}" for goal in values["goals"])
    paragraphs = [_field_text(name, values) for name in section.fields]
    if section.part == FACTORS:
        texts = ((letter, values[f"factor_{letter}"]) for letter in Factor.values)
        paragraphs += [f"{letter}: {text}" for letter, text in texts if text]
    elif section.has_lines:
        paragraphs.append("\n".join(_LINE_TEXTS[section.part](row) for row in values["rows"]))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _field_text(name: str, values: dict[str, Any]) -> str:
    value = values[name]
    if name == "starts_on":
        return f"{_day(value)} – {_day(values['ends_on'])}" if value or values["ends_on"] else ""
    if name == "ends_on" or value is None:
        return ""
    return str(value)


def _economy_text(row: dict[str, Any]) -> str:
    amount = row["amount_dkk"]
    shown = f"{format_decimal(amount)} kr." if amount is not None else ""
    return "• " + ", ".join(
        part for part in (row["what"], str(row["facility"] or ""), shown) if part
    )


def _criterion_text(row: dict[str, Any]) -> str:
    return f"{row['number']}. {row['title']} [{row['short_title']}] ({''.join(row['factors'])})"


def _attention_text(row: dict[str, Any]) -> str:
    factor = f" ({row['factor']})" if row["factor"] else ""
    due = f", {_day(row['follow_up_on'])}" if row["follow_up_on"] else ""
    closed = f" ✓ {_day(row['closed_on'])}" if row["closed_on"] else ""
    return f"• {row['text']}{factor}{due}{closed}"


_LINE_TEXTS = {
    ECONOMY: _economy_text,
    CRITERIA: _criterion_text,
    ATTENTION: _attention_text,
}


def _day(value: date | None) -> str:
    """In one form for all languages; ``in_words`` is how people read it."""
    return f"{value:{STORED_DAY}}" if value else "…"


def beside_fields(section: Section, text: str) -> str:
    """Of a section's text what its part says: goals, texts per factor or lines, no field."""
    begin = _PART.search(text) if section.part else None
    return text[begin.start() :] if begin else ""


def in_words(slug: str, text: str) -> str:
    """A section's text with the portal's own dates in the language of the request.

    What people have typed stays as it is.
    """
    pattern = _DATES.get(BY_SLUG[slug].part or slug) if slug in BY_SLUG else None
    if pattern is None:
        return text
    return pattern.sub(lambda found: found[1] + days_in_words(found[2]), text)


def days_in_words(text: str) -> str:
    return _STORED.sub(_in_words, text)


def _in_words(found: re.Match[str]) -> str:
    try:
        day = datetime.strptime(found[0], STORED_DAY).date()
    except ValueError:
        return found[0]
    return date_format(day, "SHORT_DATE_FORMAT")
