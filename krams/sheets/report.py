"""What a table that was read comes to: line by line new, changed or the same, and what is wrong.

Pure.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..enums import StatusChoices


class State(StatusChoices):
    """What taking a line in would do."""

    NEW = "new", "is-ok", "i-next", _("New")
    CHANGED = "changed", "is-warn", "i-half", _("Changed")
    SAME = "same", "is-flat", "i-check", _("Unchanged")


@dataclass(frozen=True, slots=True)
class Problem:
    """``row`` is the number in the file, None for the table as a whole.

    The text never repeats a cell that may hold a CPR number.
    """

    row: int | None
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that its form found right, with the form's ``values``.

    ``given`` are the fields that the file has columns for; what it has none for is left as it is.
    """

    row: int
    values: dict[str, Any]
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` names it for people; ``current`` is the row of the database that it is about."""

    row: int
    state: State
    what: str
    values: dict[str, Any]
    changes: tuple[Change, ...] = ()
    current: Any = None

    @classmethod
    def of(
        cls, checked: Checked, what: str, changes: Sequence[Change], current: Any = None
    ) -> "Line":
        """New where there is no ``current`` row, else changed or the same."""
        state = State.CHANGED if changes else State.SAME
        if current is None:
            state = State.NEW
        return cls(checked.row, state, what, checked.values, tuple(changes), current)


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def to_do(self) -> list[Line]:
        return [line for line in self.lines if line.state != State.SAME]

    @property
    def counts(self) -> list[tuple[State, int]]:
        return [(state, sum(line.state == state for line in self.lines)) for state in State]

    @property
    def seen(self) -> uuid.UUID:
        """Stands for what the person was shown: another answer means that something changed."""
        shown = [(line.row, line.state.value, line.what, line.changes) for line in self.lines]
        digest = hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).digest()
        return uuid.UUID(bytes=digest[:16])


def changes_between(pairs: Sequence[tuple[Any, Any, Any]]) -> list[Change]:
    """Of labels with what stood and what is to stand, those that differ; texts for people."""
    return [
        Change(str(label), str(before or "–"), str(after or "–"))
        for label, before, after in pairs
        if (before or "") != (after or "")
    ]
