"""Reads whether the summaries say what the log says, and whether the database keeps them."""

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from .definition import LOG, POSTGRESQL, Summary
from .triggers import FUNCTION, create_sql, differences_sql, function_body, trigger_names


@dataclass(frozen=True, slots=True)
class Difference:
    """A key of which log and summary say different things; None: nothing at all."""

    key: tuple[Any, ...]
    in_log: tuple[Any, ...] | None
    in_summary: tuple[Any, ...] | None


def missing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of those that are not there, switched off or made by another version."""
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRESQL:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [FUNCTION])
            if cursor.fetchall() != [(function_body(),)]:
                return {FUNCTION}
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND tgenabled IN ('O', 'A')",
                [LOG],
            )
            return set(trigger_names(POSTGRESQL)) - {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [LOG]
        )
        found = dict(cursor.fetchall())
    return {name for name, sql in create_sql(connection.vendor).items() if found.get(name) != sql}


def differences(
    summary: Summary, connection: BaseDatabaseWrapper, most: int = 20
) -> tuple[int, list[Difference]]:
    """How many keys differ, and the first ``most`` of them.

    One query, so that nobody can come between.
    """
    with connection.cursor() as cursor:
        cursor.execute(differences_sql(summary, connection.vendor))
        sides: dict[tuple[Any, ...], dict[int, tuple[Any, ...]]] = {}
        width = len(summary.key)
        for of_log, *values in cursor.fetchall():
            sides.setdefault(tuple(values[:width]), {})[of_log] = tuple(values[width:])
    first = sorted(sides.items())[:most]
    return len(sides), [Difference(key, by.get(1), by.get(0)) for key, by in first]
