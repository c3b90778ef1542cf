"""A long list, page by page, read without counting it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import Http404

R = TypeVar("R")


@dataclass(frozen=True)
class ListPage(Generic[R]):
    """One page; ``number`` is 1 for the first."""

    number: int
    rows: Sequence[R]
    has_next: bool

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.has_next else None

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    number: str,
    size: int,
    first: Callable[[], Sequence[R]],
    everything: "Callable[[], QuerySet[Any, R]]",
) -> ListPage[R]:
    """The page that an address asks for; one query.

    ``first`` reads the first ``size`` rows and one more, ``everything`` is what the other pages are
    cut from. Raises ``Http404`` for a page that is not there.
    """
    try:
        page = int(number)
    except ValueError:
        raise Http404 from None
    if not 1 <= page < 1_000_000:
        raise Http404
    start = (page - 1) * size
    rows = first() if page == 1 else list(everything()[start : start + size + 1])
    if not rows and page > 1:
        raise Http404
    return ListPage(page, rows[:size], len(rows) > size)
