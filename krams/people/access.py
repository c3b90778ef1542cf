"""What a person who may not see something gets: 404."""

from collections.abc import Sequence
from typing import TypeVar

from django.http import Http404

R = TypeVar("R")


def one_of(rows: Sequence[R]) -> R:
    """The row of a query that looks for one within what the person may see.

    Raises ``Http404`` where it has found none.
    """
    if not rows:
        raise Http404
    return rows[0]
