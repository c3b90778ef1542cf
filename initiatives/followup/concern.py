"""What a line of "Kræver opmærksomhed" says, and the facts that the lines rest on."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time

from django.utils.functional import Promise

from krams.enums import StatusChoices

from ..enums import ConcernKind, Factor
from ..sustain.expected import Plan
from ..sustain.rows import JudgedRow
from ..sustain.weeks import Log


@dataclass(frozen=True)
class Restart:
    """Where to post that a pause is over, and the version of the pause that the page showed."""

    url: str
    version: int


@dataclass(frozen=True)
class Concern:
    """``kind`` lends tone and symbol, ``word`` says it; ``since`` orders the list.

    ``url`` and ``action`` are the one thing to do: a page, for those who ``may_act`` the form
    itself. With ``plan`` it is a button that puts that activity on the next agenda, with
    ``restart`` one that begins it again; ``url`` then stands beside it, and alone in an e-mail.
    """

    about: ConcernKind
    kind: StatusChoices
    word: str | Promise
    factors: tuple[Factor, ...]
    title: str | Promise
    text: str
    since: date
    url: str
    action: str | Promise
    may_act: bool = True
    plan: object | None = None
    restart: Restart | None = None


@dataclass(frozen=True)
class Point:
    """A decision or attention point past its date; ``parent`` is its meeting or initiative."""

    pk: int
    due_on: date
    text: str
    place: str
    parent: int
    factor: str
    may_act: bool


@dataclass(frozen=True)
class Ahead:
    """The next meeting of a facility, or where ``place`` is empty of the department itself."""

    pk: int
    day: date
    starts_at: time | None
    kind: str
    place: str


@dataclass
class Facts:
    """What the pages about attention rest on; ``logs`` are by plan."""

    rows: dict[int, JudgedRow]
    plans: dict[int, Plan]
    logs: dict[int, Log] = field(default_factory=lambda: defaultdict(Log))
    decisions: list[Point] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    meetings: list[Ahead] = field(default_factory=list)
