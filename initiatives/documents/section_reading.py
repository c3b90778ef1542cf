"""What a section of the municipal form says, of the paragraphs that were read of it. Pure.

The reverse of ``word_form``: in a paper of the portal's own its marks (bold or small) say what is
what, so that nothing that people wrote can be mistaken for them. In other papers "K:" or "Kost:" at
the beginning of a line does.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from krams.danish.date_input import parse_date
from krams.danish.in_languages import in_languages, keys
from krams.danish.normal_form import look_alike_key, tidy, visible
from krams.danish.numbers import parse_decimal
from krams.documents.content import Paragraph, Run
from krams.documents.reading import text_of

from ..enums import Factor
from .form_reading import ReadForm
from .sections import ATTENTION, BY_SLUG, CRITERIA, ECONOMY, FACTORS, GOALS, Section

NO_AMOUNT = _("no amount given")
NOT_FILLED_IN = _("Not filled in yet.")
FOLLOW_UP, CLOSED = _("follow up on %(day)s"), _("closed %(day)s")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s*")
_BRACKETS = re.compile(r" ?\(([^()]*)\)")
_AT_THE_END = re.compile(r"((?: \([^()]*\))+)$")
_COST = re.compile(r"(?: \((?P<place>.*)\))?: (?P<cost>[^:]*)$", re.DOTALL)
_LETTERS = re.compile(r"[KRAMS](?:, ?[KRAMS])*")


@dataclass
class ReadSection:
    """``values`` are texts and dates by field; ``rows`` lines, goals or local texts.

    A field that the paper says nothing of is not there, where the portal itself would have said so.
    What ``form_reading`` found of the section and this could not read is in ``unplaced``.
    """

    section: Section
    values: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    local: list[dict[str, str]] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def read_sections(form: ReadForm, today: date) -> dict[str, ReadSection]:
    """What the paper says in each section that it has."""
    return {
        slug: _read(form, BY_SLUG[slug], _filled(paragraphs), today)
        for slug, paragraphs in form.sections.items()
    }


def _filled(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Without what the paper says of a section that says nothing."""
    empty = keys([NOT_FILLED_IN])
    return [
        one
        for one in paragraphs
        if not (all(run.small for run in one.runs) and look_alike_key(text_of(one)) in empty)
    ]


def _read(form: ReadForm, section: Section, said: list[Paragraph], today: date) -> ReadSection:
    found = ReadSection(section)
    if section.slug == "indsats":
        _read_title(form, said, found)
    elif section.slug == "tidsplan":
        _read_timeline(form, said, found, today)
    elif section.part == GOALS:
        found.rows = [{"text": text_of(one)} for one in said]
    elif section.part == FACTORS:
        _read_factors(form, said, found)
    elif section.has_lines:
        is_line = _is_criterion if section.part == CRITERIA else _is_item
        reader = _LINES[section.part]
        lines = [one for one in said if is_line(one, form.is_ours)]
        found.rows = [reader(one, today) for one in lines]
        [name] = section.fields
        found.values[name] = as_text(one for one in said if one not in lines)
    else:
        [name] = section.fields
        found.values[name] = as_text(said)
    return found


def as_text(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as one text; the lines of a list stand below each other."""
    text, was_item = "", False
    for one in paragraphs:
        said = visible("".join(run.text for run in one.runs)).strip()
        line = f"• {said}" if one.is_item else said
        between = "\n" if was_item and one.is_item else "\n\n"
        text, was_item = f"{text}{between}{line}" if text else line, one.is_item
    return text


def canonical(text: str) -> str:
    """What a text and its way through a paper have in common."""
    parts = re.split(r"\n\s*\n", visible(text).replace("\r\n", "\n").strip())
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _marked(paragraph: Paragraph) -> tuple[str, str]:
    """The bold word with which a paragraph begins, without its colon, and the rest; "" for none."""
    if not paragraph.runs:
        return "", ""
    first, *rest = paragraph.runs
    if not first.bold or not first.text.rstrip().endswith(":"):
        return "", text_of(paragraph)
    return tidy(first.text).removesuffix(":"), "".join(run.text for run in rest).strip()


def _named(form: ReadForm, paragraph: Paragraph) -> tuple[str, str]:
    """As ``_marked``; in a paper of others the word need not be bold."""
    mark, rest = _marked(paragraph)
    if mark or form.is_ours:
        return mark, rest
    before, colon, after = rest.partition(":")
    return (tidy(before), after.strip()) if colon else ("", rest)


def _read_title(form: ReadForm, said: list[Paragraph], found: ReadSection) -> None:
    titles = []
    for one in said:
        mark, rest = _named(form, one)
        if look_alike_key(mark) in keys([_("Policy")]):
            found.values["policy"] = tidy(rest)
        else:
            titles.append(text_of(one))
    title, *others = titles or [form.title]
    found.values["title"] = title
    if form.is_ours:
        found.values.setdefault("policy", "")
    found.unplaced += others


def _read_timeline(form: ReadForm, said: list[Paragraph], found: ReadSection, today: date) -> None:
    texts = []
    marks = {"starts_on": keys([_("Start")]), "ends_on": keys([_("End")])}
    for one in said:
        mark, rest = _named(form, one)
        names = [name for name, words in marks.items() if look_alike_key(mark) in words]
        if not names or names[0] in found.values:
            texts.append(one)
        elif look_alike_key(rest) in keys([_("Continuous")]):
            found.values[names[0]] = None
        else:
            try:
                found.values[names[0]] = _day(rest, today, is_last=names[0] == "ends_on")
            except ValueError:
                texts.append(one)
    if form.is_ours:
        found.values = {"starts_on": None, "ends_on": None} | found.values
    found.values["timeline"] = as_text(texts)


def _day(text: str, today: date, *, is_last: bool) -> date:
    """A day, or the first or the last of a month. Raises ``ValueError``."""
    try:
        return parse_date(text, today)
    except ValueError:
        first = parse_date(f"1 {text}", today)
    if not is_last:
        return first
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _read_factors(form: ReadForm, said: list[Paragraph], found: ReadSection) -> None:
    if not form.is_ours:
        said = [part for one in said for part in _parted(one)]
    heads = _heads(said, form.is_ours)
    texts: dict[str, list[Paragraph]] = {letter: [] for letter in ("", *Factor.values)}
    current = ""
    for one, head in zip(said, heads, strict=True):
        place, text = _marked(one)
        if head:
            current, rest = head
            if rest:
                texts[current].append(Paragraph((*rest,)))
        elif current and one.is_item and place:
            found.local.append({"place": place, "factor": current, "text": text})
        else:
            texts[current].append(one)
    found.values["introduction"] = as_text(texts[""])
    told = {head[0] for head in heads if head}
    for letter in Factor.values:
        if form.is_ours or letter in told:
            found.values[f"factor_{letter}"] = as_text(texts[letter])


def _parted(one: Paragraph) -> list[Paragraph]:
    """The paragraph; where a line of it begins a factor, one for each such line."""
    parts: list[str] = []
    for line in "".join(run.text for run in one.runs).split("\n"):
        if parts and not _factor_of(line.partition(":")[0]):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    if len(parts) == 1:
        return [one]
    return [Paragraph((Run(part.strip()),)) for part in parts if part.strip()]


def _heads(said: list[Paragraph], is_ours: bool) -> list[tuple[str, tuple[Run, ...]] | None]:
    """For each paragraph that begins a factor, its letter and the runs that follow."""
    bold = [_bold_head(one) for one in said]
    if is_ours or any(bold):
        return bold
    return [_plain_head(one) for one in said]


def _factor_of(text: str) -> str:
    """ "K", "K – Kost" or "Kost" as the letter; "" for anything else."""
    key = look_alike_key(text)
    for factor in Factor:
        letter, names = look_alike_key(factor.value), keys([factor.label])
        if key in {letter, *names} | {f"{letter} {dash} {one}" for dash in "–-" for one in names}:
            return factor.value
    return ""


def _bold_head(one: Paragraph) -> tuple[str, tuple[Run, ...]] | None:
    if not one.runs or not one.runs[0].bold or one.is_item:
        return None
    mark = tidy(one.runs[0].text).removesuffix(":").strip()
    letter = _factor_of(mark)
    return (letter, one.runs[1:]) if letter else None


def _plain_head(one: Paragraph) -> tuple[str, tuple[Run, ...]] | None:
    text = "".join(run.text for run in one.runs)
    before, colon, after = text.partition(":")
    letter = _factor_of(before) if colon else ""
    if not letter:
        return None
    return letter, (Run(after.strip()),) if after.strip() else ()


def _is_item(one: Paragraph, is_ours: bool) -> bool:
    return one.is_item


def _is_criterion(one: Paragraph, is_ours: bool) -> bool:
    first = one.runs[0]
    if is_ours:
        return first.bold and bool(_NUMBER.fullmatch(first.text.lstrip()))
    return one.is_item or bool(_NUMBER.match(text_of(one)))


def _small_end(one: Paragraph) -> tuple[str, str]:
    """What people wrote, and what the portal added in small print."""
    runs = list(one.runs)
    end = ""
    while runs and runs[-1].small:
        end = runs.pop().text + end
    return "".join(run.text for run in runs), end


def _economy(one: Paragraph, today: date) -> dict[str, Any]:
    text, end = _small_end(one)
    match = _COST.match(end) if end else _COST.search(text)
    amount = _amount(match["cost"]) if match else None
    if not match or (amount is None and look_alike_key(match["cost"]) not in keys([NO_AMOUNT])):
        return {"what": tidy(text + end), "place": "", "amount_dkk": None}
    what = text if end else text[: match.start()]
    return {"what": tidy(what), "place": tidy(match["place"] or ""), "amount_dkk": amount}


def _amount(text: str) -> int | None:
    found = re.match(r"([\d.]+) kr\.", text)
    try:
        amount = parse_decimal(found[1].rstrip(".")) if found else None
    except ValueError:
        return None
    return int(amount) if amount is not None else None


def _criterion(one: Paragraph, today: date) -> dict[str, Any]:
    text, end = _small_end(one)
    if not end and (found := _AT_THE_END.search(text)) and _LETTERS.fullmatch(found[1][2:-1]):
        text, end = text[: found.start()], found[1]
    number = _NUMBER.match(text.lstrip())
    letters = "".join(_BRACKETS.findall(end)[:1])
    return {
        "number": int(number[1]) if number else None,
        "title": tidy(text.lstrip()[number.end() :] if number else text),
        "factors": [letter for letter in Factor.values if letter in letters],
    }


def _attention(one: Paragraph, today: date) -> dict[str, Any]:
    text, end = _small_end(one)
    if not end and (found := _AT_THE_END.search(text)):
        text, end = text[: found.start()], found[1]
    row: dict[str, Any] = {"factor": "", "follow_up_on": None, "closed_on": None}
    for said in _BRACKETS.findall(end):
        if len(said) == 1 and said in Factor.values:
            row["factor"] = said
            continue
        for name, words in (("follow_up_on", FOLLOW_UP), ("closed_on", CLOSED)):
            if day := _day_in(words, said, today):
                row[name] = day
                break
        else:
            text += f" ({said})"
    return row | {"text": tidy(text)}


def _day_in(words: Any, said: str, today: date) -> date | None:
    for one in in_languages(words):
        before, after = one.split("%(day)s")
        if said.startswith(before) and said.endswith(after):
            try:
                return parse_date(said[len(before) : len(said) - len(after)], today)
            except ValueError:
                return None
    return None


_LINES: dict[str, Callable[[Paragraph, date], dict[str, Any]]] = {
    ECONOMY: _economy,
    CRITERIA: _criterion,
    ATTENTION: _attention,
}
