"""What a paper that was read says of an initiative, beside what stands. Pure.

Names become the policies, goals and facilities that they stand for. What was not changed keeps the
value that stands, to the letter; what could not be placed is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.normal_form import look_alike_key
from krams.enums import StatusChoices

from .section_reading import ReadSection, canonical
from .sections import ATTENTION, CRITERIA, ECONOMY, GOALS, Section, section_text

if TYPE_CHECKING:
    from krams.models import Facility

    from ..models import Policy, PolicyGoal
    from .document import Document

# What a criterion of the paper that is new here is called for short.
SHORT_TITLE = 60
_IDENTIFIED_BY = {ECONOMY: "what", CRITERIA: "title", ATTENTION: "text"}


class Found(StatusChoices):
    """What a section of the paper is to what stands."""

    NEW = "new", "is-ok", "i-next", gettext_lazy("New")
    CHANGED = "changed", "is-warn", "i-half", gettext_lazy("Changed")
    MISSING = "missing", "is-none", "i-open", gettext_lazy("Missing in the file")
    SAME = "same", "is-flat", "i-check", gettext_lazy("Unchanged")


class Named(Protocol):
    def __str__(self) -> str: ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Names:
    """What the paper may name."""

    policies: "Sequence[Policy]"
    goals: "Sequence[PolicyGoal]"
    facilities: "Sequence[Facility]"


@dataclass
class Proposed:
    """``values`` have the shape of ``Document.values``; None where the paper lacks the section."""

    section: Section
    state: Found
    before: str
    after: str = ""
    values: dict[str, Any] | None = None
    unplaced: list[str] = field(default_factory=list)


def state_of(before: str, after: str) -> Found:
    if before == after:
        return Found.SAME
    if not before:
        return Found.NEW
    return Found.CHANGED if after else Found.MISSING


def propose(
    section: Section, read: ReadSection | None, document: "Document", names: Names
) -> Proposed:
    """What the paper says of a section, beside what stands."""
    standing = document.values(section)
    before = section_text(section, standing)
    if read is None:
        return Proposed(section, Found.MISSING if before else Found.SAME, before)
    unplaced = list(read.unplaced)
    values = _kept(standing, read.values)
    if "policy" in read.values:
        values["policy"] = _policy(read, standing, names, unplaced)
    if section.part == GOALS:
        values["goals"] = _goals(read, standing, names, unplaced)
    elif section.has_lines:
        values["rows"] = _rows(section.part, read.rows, standing["rows"], names, unplaced)
    after = section_text(section, values)
    return Proposed(section, state_of(before, after), before, after, values, unplaced)


def _kept(standing: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """The values of the paper; texts that came through it unchanged are those that stand."""
    values = dict(standing)
    for name, value in read.items():
        is_text = isinstance(value, str) and isinstance(standing.get(name), str)
        if not is_text or canonical(value) != canonical(standing[name]):
            values[name] = value
    return values


def _named(objects: Iterable[N], name: str) -> N | None:
    key = look_alike_key(name)
    return next((one for one in objects if look_alike_key(str(one)) == key), None)


def _policy(
    read: ReadSection, standing: dict[str, Any], names: Names, unplaced: list[str]
) -> "Policy | None":
    said = read.values.get("policy", "")
    if not said:
        return None
    current: Policy | None = standing["policy"]
    found = _named([*([current] if current else []), *names.policies], said)
    if found is None:
        unplaced.append(f"{_('Policy')}: {said}")
    return found or current


def _goals(
    read: ReadSection, standing: dict[str, Any], names: Names, unplaced: list[str]
) -> list[Any]:
    """In the order of those that stand, since a set of goals has none of its own."""
    found: dict[int, Any] = {}
    for row in read.rows:
        goal = _named(standing["goals"], row["text"]) or _named(names.goals, row["text"])
        if goal is None:
            unplaced.append(f"{_('Goal')}: {row['text']}")
        else:
            found[goal.pk] = goal
    stood = [goal for goal in standing["goals"] if goal.pk in found]
    return stood + [goal for pk, goal in found.items() if pk not in {one.pk for one in stood}]


def _rows(
    part: str,
    read: list[dict[str, Any]],
    standing: list[dict[str, Any]],
    names: Names,
    unplaced: list[str],
) -> list[dict[str, Any]]:
    """The lines of the paper, each with the ``id`` of the one that stands that it is."""
    left = list(standing)
    matched = [_same_line(part, row, left) for row in read]
    rows = []
    for row, current in zip(read, matched, strict=True):
        if current is None and left and len(read) == len(standing):
            # As many as before: one that was reworded is the one that nobody else is.
            current = left.pop(0)
        rows.append(_row(part, row, current, names, unplaced))
    if part == CRITERIA:
        # A criterion carries measurements: leaving it out of the paper does not take it away.
        kept = {row["id"] for row in rows}
        rows += [row for row in standing if row["id"] not in kept]
        _number(rows, standing)
        rows.sort(key=lambda row: row["number"])
    return rows


def _same_line(part: str, row: dict[str, Any], left: list[dict[str, Any]]) -> dict[str, Any] | None:
    for name in (_IDENTIFIED_BY[part], "number"):
        for current in left:
            if row.get(name) is not None and row[name] == current.get(name):
                left.remove(current)
                return current
    return None


def _row(
    part: str,
    row: dict[str, Any],
    current: dict[str, Any] | None,
    names: Names,
    unplaced: list[str],
) -> dict[str, Any]:
    made = dict(row) | {"id": current["id"] if current else None}
    if part == ECONOMY:
        place = made.pop("place")
        named = current["facility"] if current and current["facility"] else None
        made["facility"] = _named([*([named] if named else []), *names.facilities], place)
        if place and made["facility"] is None:
            unplaced.append(f"{made['what']}: {place}")
    elif part == CRITERIA:
        made["short_title"] = current["short_title"] if current else made["title"][:SHORT_TITLE]
        made["factors"] = made["factors"] or (current["factors"] if current else [])
    return made


def _number(rows: list[dict[str, Any]], standing: list[dict[str, Any]]) -> None:
    """As the form does: criteria keep their numbers, new ones follow."""
    numbers = {row["id"]: row["number"] for row in standing}
    last = max(numbers.values(), default=0)
    for row in rows:
        if row["id"] is None:
            last += 1
        row["number"] = numbers.get(row["id"], last)


@dataclass(frozen=True)
class LocalText:
    """What the paper says that a facility does for a factor."""

    facility: "Facility"
    factor: str
    before: str
    after: str


def local_texts(
    read: ReadSection | None, document: "Document", unplaced: list[str]
) -> list[LocalText]:
    """Those that differ, of the facilities whose texts the reader may write."""
    if read is None:
        return []
    stands = {
        (place.pk, part.factor.value): text
        for part in document.factor_parts
        for place, text in part.mine
    }
    others = {
        (look_alike_key(line.place_name or ""), part.factor.value): line.text
        for part in document.factor_parts
        for line in part.local
    }
    found = []
    for one in read.local:
        place = _named(document.writable, one["place"])
        before = stands.get((place.pk, one["factor"]), "") if place else None
        if place is not None and before is not None:
            if canonical(before) != canonical(one["text"]):
                found.append(LocalText(place, one["factor"], before, one["text"]))
        else:
            theirs = others.get((look_alike_key(one["place"]), one["factor"]), "")
            if canonical(theirs) != canonical(one["text"]):
                unplaced.append(f"{one['place']}, {one['factor']}: {one['text']}")
    return found
