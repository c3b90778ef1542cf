"""One request as it was recorded: what was asked, which SQL it took, and what was answered.

Knows nothing of Django: the floor is made of it.
"""

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

WRITING = ("INSERT", "UPDATE", "DELETE")
# The floor opens and ends its own transaction; those within it (SAVEPOINT) it takes over.
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True)
class Statement:
    """SQL with ``%s`` for its parameters; ``many`` runs it once for each row of them.

    ``milliseconds`` is what it took when it was recorded.
    """

    sql: str
    params: Any = None
    many: bool = False
    milliseconds: float = field(default=0, compare=False)

    @property
    def verb(self) -> str:
        return self.sql.split(None, 1)[0].upper()

    @property
    def writes(self) -> bool:
        return self.verb in WRITING

    @property
    def reads_the_session(self) -> bool:
        return self.verb == "SELECT" and 'FROM "django_session"' in self.sql

    @property
    def is_transaction(self) -> bool:
        return self.verb in TRANSACTION and " TO " not in self.sql.upper()


@dataclass(frozen=True)
class Page:
    """What is measured: ``key`` is its short name, ``goal`` the most times the floor (0: none).

    A page with a ``write`` is a POST, whose form is filled anew for each request. ``server`` is
    the one that answers it: the portal, or Django with nothing but sessions and accounts.
    """

    key: str
    title: str
    user_id: int
    path: str
    write: str = ""
    goal: float = 8
    server: str = "portal"
    status: int = 200

    @property
    def method(self) -> str:
        return "POST" if self.write else "GET"


@dataclass(frozen=True)
class Exchange:
    """A page with its request and its answer."""

    page: Page
    path: str
    headers: dict[str, str]
    body: bytes
    status: str
    answer_headers: list[tuple[str, str]]
    content: bytes
    statements: list[Statement] = field(default_factory=list)

    @property
    def queries(self) -> int:
        """As Django counts them: without those that begin and end a transaction."""
        return sum(not one.is_transaction for one in self.statements)

    def sent_as(self, path: str, body: bytes) -> "Exchange":
        """The same request with another form."""
        return replace(self, path=path, body=body)


def plain(value: Any, json_of: Callable[[Any], Any] = lambda value: value) -> Any:
    """A parameter without the types of Django: what a driver of its own would be given.

    ``json_of`` makes what wraps a JSON value. Raises ``TypeError`` for what it does not know, so
    that no floor is built on something else than was sent.
    """
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value, json_of)
        case str():
            # A text that is marked as safe stays so with str().
            return str.__str__(value)
        case bytes():
            return bytes(value)
        case int():
            return int(value)
        case float() | Decimal() | dt.date() | dt.time() | dt.timedelta() | UUID():
            return value
        case list() | tuple():
            return type(value)(plain(one, json_of) for one in value)
        case dict():
            return {key: plain(one, json_of) for key, one in value.items()}
    wrapped = json_of(value)
    if wrapped is value:
        raise TypeError(f"{type(value)} as a parameter of SQL")
    return wrapped


def save(exchanges: list[Exchange], file: Path) -> None:
    file.write_bytes(pickle.dumps(exchanges))


def load(file: Path) -> list[Exchange]:
    """Raises ``OSError`` where there is none. Only for files of this benchmark."""
    found: list[Exchange] = pickle.loads(file.read_bytes())
    return found
