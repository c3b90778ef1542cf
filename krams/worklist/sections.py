"""Sections of lines: what needs a person, as the first page and the weekly e-mail draw it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from ..enums import StatusChoices


class Kind(Enum):
    """What the lines of a section are, in the order of the page.

    ``NEEDS`` ask for something to be done; they alone are counted, and they alone are a reason for
    an e-mail. ``NOW`` is the work of these days, ``COMING`` what lies ahead, ``NEWS`` what is good
    to know, ``WAYS`` the doors to the places. ``NOW`` and ``WAYS`` are for the page alone: an
    e-mail is read later.
    """

    NEEDS = "needs"
    NOW = "now"
    COMING = "coming"
    NEWS = "news"
    WAYS = "ways"

    @property
    def is_written(self) -> bool:
        """Whether it stands in the e-mail."""
        return self not in (Kind.NOW, Kind.WAYS)


@dataclass(frozen=True)
class Line:
    """Something to act on; ``path`` leads to the page where that is done.

    ``status`` stands before it as a mark, ``word`` in place of the status' own label. ``head`` is
    what it is about, where that stands apart from the text.
    """

    text: str
    action: str
    path: str
    head: str = ""
    status: StatusChoices | None = None
    word: str = ""

    @property
    def whole(self) -> str:
        """Head and text as one, for an e-mail and for those who hear it."""
        if not (self.head and self.text):
            return self.head or self.text
        return f"{self.head.rstrip('.')}. {self.text}"


@dataclass(frozen=True)
class Section:
    """Lines of one kind, the most pressing first; ``path`` leads to where all of them are.

    ``place`` is the department, cluster or authority that they are about, as its heading on the
    page. ``lead`` sums them up; ``otherwise`` stands there when there are no lines.
    """

    title: str
    lines: tuple[Line, ...]
    path: str
    place: str = ""
    kind: Kind = Kind.NEEDS
    lead: str = ""
    otherwise: str = ""
    most: int = 10

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[: self.most]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)


@dataclass
class Place:
    """The sections of one place by kind; in a kind in the order in which they were told."""

    name: str
    sections: list[Section] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Section]:
        return [section for section in self.sections if section.kind is kind]

    @property
    def ordered(self) -> list[Section]:
        return [section for kind in Kind for section in self.of(kind)]

    @property
    def needs(self) -> int:
        """How many lines ask for something to be done."""
        return sum(len(section.lines) for section in self.of(Kind.NEEDS))


def by_place(sections: Iterable[Section]) -> list[Place]:
    """In the order in which they were told; what is about no place comes first."""
    found: dict[str, Place] = {"": Place("")}
    for section in sections:
        found.setdefault(section.place, Place(section.place)).sections.append(section)
    return [place for place in found.values() if place.sections]
