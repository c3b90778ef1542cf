"""Reads how the log stands on PostgreSQL: whole or divided by year, and whether as it should."""

import datetime as dt
from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from ...models import Activity
from ..partitions import EARLY, LATE, years_to_add

TABLE = Activity._meta.db_table
DAY = "held_on"
ONCE = "activity_once_a_submission"
GUARD = "activity_is_once_in_all_years"
GUARDS = {f"{GUARD}_insert", f"{GUARD}_update"}
# A year's part is wanted before anybody registers in it.
LEAST_AHEAD = 1


def is_partitioned() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [TABLE])
        [answer] = cursor.fetchone()
    return bool(answer)


def part_names() -> set[str]:
    """What follows the name of the table in those of its parts: "early", "2026", "late"."""
    sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
    return {name.removeprefix(f"{TABLE}_") for name in _names(sql)}


def unique_indexes() -> set[str]:
    """Names, with that of the primary key."""
    return _names(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = %s::regclass AND indisunique"
    )


def rows_in_parts() -> dict[str, int]:
    """How many registrations each part holds, in the order of time."""
    order = {EARLY: "0", LATE: "9999"}
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(part_names(), key=lambda name: order.get(name, name)):
            cursor.execute(f"SELECT count(*) FROM {TABLE}_{name}")
            [found[name]] = cursor.fetchone()
    return found


def what_is_wrong(*, today: dt.date) -> Iterator[str]:
    """What a divided log lacks, in words for whoever runs the command."""
    names = part_names()
    for name in sorted({EARLY, LATE} - names):
        yield _("The part %(name)s is missing: dates outside all years are refused.") % {
            "name": name
        }
    if years := years_to_add(names, today=today, ahead=LEAST_AHEAD):
        yield _("No part for %(years)s.") % {"years": ", ".join(map(str, years))}
    triggers = _names(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')"
    )
    for name in sorted(GUARDS - triggers):
        yield _("The trigger %(name)s is missing.") % {"name": name}
    for name in sorted({f"{TABLE}_pkey", ONCE} - unique_indexes()):
        yield _("The index %(name)s is missing.") % {"name": name}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indrelid = %s::regclass",
            [TABLE],
        )
        [invalid] = cursor.fetchone()
        if invalid:
            yield _("An index does not reach all parts.")
        # The guard keeps them apart; what went past it, into a part itself, is found here.
        for told, columns, condition in (
            (_("Ids that several registrations share: %(count)s"), "id", "true"),
            (
                _("Submissions that made several registrations: %(count)s"),
                "facility_id, submission_id",
                "submission_id IS NOT NULL",
            ),
        ):
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {TABLE} WHERE {condition}"
                f" GROUP BY {columns} HAVING count(*) > 1) AS twice"
            )
            [count] = cursor.fetchone()
            if count:
                yield told % {"count": count}


def _names(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [TABLE])
        return {name for (name,) in cursor.fetchall()}
