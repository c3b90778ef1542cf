"""Whether an error means that the database cannot be reached just now, not that we are wrong."""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# SQLite says so of statements that can never work; those are errors of ours.
_OURS = ("no such table", "no such column", "syntax error", "too many terms", "parser stack")


def is_away(error: BaseException | None) -> bool:
    """True for a database that is stopped, out of reach, full or locked for too long.

    Also where the error stands behind another one: a page that fails in its head, say.
    """
    return any(
        isinstance(one, (OperationalError, InterfaceError))
        and not any(words in str(one) for words in _OURS)
        for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
