"""What one search finds in both halves, of what the person may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from ..people.models import User
from .excerpts import excerpt_of
from .spelling import found_in

SHOWN = 20


@dataclass(frozen=True)
class Source:
    """Something that can be found. ``visible`` is what the person may see of it; the text that is
    searched stands in ``fields``, of the row itself or of a related one.

    ``title`` and ``place`` read a found row without further queries, and ``excerpts`` gives its
    texts, of which the first with a hit is shown.
    """

    heading: str | Promise
    visible: Callable[..., QuerySet[Any]]
    fields: tuple[str, ...]
    title: Callable[..., str]
    place: Callable[..., str]
    excerpts: Callable[..., Iterable[str]]
    url: Callable[..., str] = lambda row: row.get_absolute_url()

    def __call__(self, user: User, query: str) -> list["Found"]:
        """One query."""
        related = [field for field in self.fields if "__" in field]
        found = self.visible(user).filter(found_in(query, *self.fields))
        rows = list((found.distinct() if related else found)[: SHOWN + 1])
        if not rows:
            return []
        hits = [_hit(self, row, query) for row in rows[:SHOWN]]
        return [Found(str(self.heading), hits, len(rows) > SHOWN)]


@dataclass(frozen=True)
class Hit:
    title: str
    place: str
    excerpt: str
    url: str


@dataclass(frozen=True)
class Found:
    """The first hits of a source; ``has_more`` says that there are others."""

    heading: str
    hits: list[Hit]
    has_more: bool


Finder = Callable[..., list[Found]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """An app registers what it lets people find in its ``AppConfig.ready()``: a function of the
    person and the query, such as a ``Source``. It costs one query, whatever it finds."""
    _finders.append(finder)


def search(user: User, query: str) -> list[Found]:
    """What the person may see that holds ``query``."""
    return [found for finder in _finders for found in finder(user, query)]


def _hit(source: Source, row: Any, query: str) -> Hit:
    for text in source.excerpts(row):
        if text and (excerpt := excerpt_of(text, query)):
            break
    else:
        excerpt = ""
    return Hit(source.title(row), source.place(row), excerpt, source.url(row))
