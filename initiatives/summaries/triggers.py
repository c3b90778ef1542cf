"""The triggers by which the database itself keeps the summaries, as SQL. Pure.

They see every write, whoever makes it: a save, ``queryset.update()``, ``COPY`` or a line of SQL. On
PostgreSQL a statement is summed as a whole, and rows of a summary are taken in the order of their
key, so that two who write at once wait and never lock each other out. On SQLite, with its one
writer, each row is added by itself.
"""

import re
from collections.abc import Iterator

from .definition import LOG, POSTGRESQL, STANDS, SUMMARIES, Summary

FUNCTION = "keep_log_summaries"
INSERTED, CHANGED, DELETED, EMPTIED = (
    f"log_summaries_after_{event}" for event in ("insert", "update", "delete", "truncate")
)
# Two for SQLite: what a row counted for, and what it counts for now.
CHANGED_FROM, CHANGED_TO = f"{CHANGED}_from", f"{CHANGED}_to"


def live_sql(summary: Summary, vendor: str, row: str = LOG) -> str:
    """What the summary should hold, read from the log."""
    return f"{_rows(summary, vendor, row, 'sum({})')} GROUP BY {_places(summary)}"


def differences_sql(summary: Summary, vendor: str) -> str:
    """Rows that stand on one side alone, told by their first column: 1 of the log, 0 kept."""
    live, kept = live_sql(summary, vendor), _kept_sql(summary)
    return (
        f"SELECT 1 AS of_log, found.* FROM ({live} EXCEPT {kept}) AS found "
        f"UNION ALL SELECT 0, found.* FROM ({kept} EXCEPT {live}) AS found"
    )


def repair_sql(summary: Summary, vendor: str) -> tuple[str, str]:
    """Makes the summary what it should be, and writes no more than that takes."""
    live, kept = live_sql(summary, vendor), _kept_sql(summary)
    key = ", ".join(summary.key)
    return (
        f"DELETE FROM {summary.table} WHERE ({key}) IN "
        f"(SELECT {key} FROM ({kept} EXCEPT {live}) AS wrong)",
        f"INSERT INTO {summary.table} ({', '.join(summary.columns)}) {live} EXCEPT {kept}",
    )


def _kept_sql(summary: Summary) -> str:
    return f"SELECT {', '.join(summary.columns)} FROM {summary.table}"


def _rows(summary: Summary, vendor: str, row: str, wrap: str = "{}") -> str:
    """The standing rows of a table; ``wrap`` says what is made of what is summed."""
    key = (f"{one.sql(vendor, row)} AS {name}" for name, one in summary.key.items())
    sums = (f"{wrap.format(one.sql(vendor, row))} AS {name}" for name, one in summary.sums.items())
    return f"SELECT {', '.join([*key, *sums])} FROM {row} WHERE {STANDS.format(row=row)}"


def _places(summary: Summary) -> str:
    return ", ".join(str(place) for place in range(1, len(summary.key) + 1))


def _upsert(summary: Summary, rows: str) -> str:
    added = ", ".join(f"{name} = {summary.table}.{name} + excluded.{name}" for name in summary.sums)
    return (
        f"INSERT INTO {summary.table} ({', '.join(summary.columns)}) {rows} "
        f"ON CONFLICT ({', '.join(summary.key)}) DO UPDATE SET {added};"
    )


def trigger_names(vendor: str) -> tuple[str, ...]:
    if vendor == POSTGRESQL:
        return INSERTED, CHANGED, DELETED, EMPTIED
    return INSERTED, CHANGED_FROM, CHANGED_TO, DELETED


def create_sql(vendor: str) -> dict[str, str]:
    """What is created, by name: the triggers, and on PostgreSQL their function before them."""
    return _postgresql() if vendor == POSTGRESQL else _sqlite()


def drop_sql(vendor: str) -> list[str]:
    """Drops what there is of them."""
    if vendor == POSTGRESQL:
        return [f"DROP FUNCTION IF EXISTS {FUNCTION} CASCADE"]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in trigger_names(vendor)]


def function_body() -> str:
    """Of PostgreSQL's one function, which all its triggers call."""
    emptied = "".join(f"DELETE FROM {summary.table}; " for summary in SUMMARIES)
    inserted = "".join(
        _upsert(
            summary,
            f"{_rows(summary, POSTGRESQL, 'new_rows', 'sum({})')} "
            f"GROUP BY {_places(summary)} ORDER BY {_places(summary)}",
        )
        for summary in SUMMARIES
    )
    changed = "".join(_change(summary, ("new_rows", "old_rows")) for summary in SUMMARIES)
    deleted = "".join(_change(summary, ("old_rows",)) for summary in SUMMARIES)
    return (
        f"BEGIN IF TG_OP = 'INSERT' THEN {one_after_another('new_rows')} {inserted} "
        f"ELSIF TG_OP = 'UPDATE' THEN {one_after_another('new_rows', 'old_rows')} {changed} "
        f"ELSIF TG_OP = 'DELETE' THEN {one_after_another('old_rows')} {deleted} "
        f"ELSE {emptied} END IF; RETURN NULL; END"
    )


def one_after_another(*tables: str) -> str:
    """Writers of one facility's log wait for each other until the transaction ends.

    Two who save several weeks share the row of the month: each could hold what the other needs.
    """
    places = " UNION ".join(f"SELECT DISTINCT facility_id FROM {table}" for table in tables)
    return (
        f"PERFORM pg_advisory_xact_lock(hashtext('{LOG}'), facility_id::int) "
        f"FROM ({places} ORDER BY facility_id) AS places;"
    )


def _change(summary: Summary, tables: tuple[str, ...]) -> str:
    """Adds the new rows and takes the old ones away; what changed nothing is not written."""
    parts = " UNION ALL ".join(
        _rows(summary, POSTGRESQL, table, "-({})" if table == "old_rows" else "{}")
        for table in tables
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in summary.sums)
    changes = " OR ".join(f"sum({name}) <> 0" for name in summary.sums)
    changed = (
        f"SELECT {', '.join(summary.key)}, {sums} FROM ({parts}) AS change "
        f"GROUP BY {_places(summary)} HAVING {changes} ORDER BY {_places(summary)}"
    )
    same_key = " AND ".join(f"{summary.table}.{name} = gone.{name}" for name in summary.key)
    return (
        f"{_upsert(summary, changed)}"
        f"DELETE FROM {summary.table} USING ({_rows(summary, POSTGRESQL, 'old_rows')}) AS gone "
        f"WHERE {same_key} AND {summary.table}.{summary.counter} = 0;"
    )


def _postgresql() -> dict[str, str]:
    events = {
        INSERTED: ("INSERT", "REFERENCING NEW TABLE AS new_rows"),
        CHANGED: ("UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        DELETED: ("DELETE", "REFERENCING OLD TABLE AS old_rows"),
        EMPTIED: ("TRUNCATE", ""),
    }
    function = f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${{}}$$"
    return {FUNCTION: function.format(function_body())} | {
        name: f"CREATE TRIGGER {name} AFTER {event} ON {LOG} {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        for name, (event, tables) in events.items()
    }


def _sqlite() -> dict[str, str]:
    columns = columns_read("sqlite")
    change = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    event = f"UPDATE OF {', '.join(columns)}"
    triggers = {
        INSERTED: ("INSERT", "", "NEW"),
        CHANGED_FROM: (event, f"({change}) AND ", "OLD"),
        CHANGED_TO: (event, f"({change}) AND ", "NEW"),
        DELETED: ("DELETE", "", "OLD"),
    }
    return {
        name: f"CREATE TRIGGER {name} AFTER {on} ON {LOG} FOR EACH ROW "
        f"WHEN {condition}{STANDS.format(row=row)} "
        f"BEGIN {' '.join(_row_by_row(row))} END"
        for name, (on, condition, row) in triggers.items()
    }


def columns_read(vendor: str) -> list[str]:
    """Of the log: a write that changes none of these changes no summary."""
    texts = [STANDS]
    for summary in SUMMARIES:
        for one in (*summary.key.values(), *summary.sums.values()):
            texts.append(one.sql(vendor, "{row}"))
    return sorted(set(re.findall(r"\{row\}\.(\w+)", " ".join(texts))))


def _row_by_row(row: str) -> Iterator[str]:
    for summary in SUMMARIES:
        key = {name: one.sql("sqlite", row) for name, one in summary.key.items()}
        sums = {name: one.sql("sqlite", row) for name, one in summary.sums.items()}
        if row == "NEW":
            yield _upsert(summary, f"VALUES ({', '.join([*key.values(), *sums.values()])})")
            continue
        same_key = " AND ".join(f"{name} = {sql}" for name, sql in key.items())
        less = ", ".join(f"{name} = {name} - ({sql})" for name, sql in sums.items())
        yield f"UPDATE {summary.table} SET {less} WHERE {same_key};"
        yield f"DELETE FROM {summary.table} WHERE {same_key} AND {summary.counter} = 0;"
