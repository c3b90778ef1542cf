"""Loading into tables without indexes and foreign keys, which come back at the end.

As PostgreSQL's manual says of populating a database: an index is built many times faster from all
rows than row by row, and a foreign key checked by one join. What a foreign key or a unique index
refuses is refused all the same, at the end and for all rows. SQLite has no such way and needs none.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

# Those that belong to a primary key or another constraint stay.
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = %s::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid
"""
_FOREIGN_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype = 'f' AND conparentid = 0
    ORDER BY oid
"""
# For this transaction: what sorts for an index need, within what any server has.
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


@contextmanager
def bare_tables(*models: type[Model]) -> Iterator[None]:
    """Inside a transaction: a failure brings everything back with it."""
    if connection.vendor != "postgresql":
        yield
        return
    back = [_MEMORY]
    with connection.cursor() as cursor:
        # No check may wait for a table that is altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in models:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(_FOREIGN_KEYS, [table])
            foreign_keys = cursor.fetchall()
            cursor.execute(_INDEXES, [table])
            indexes = cursor.fetchall()
            for name, _definition in foreign_keys:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")
            # The definition of a partitioned index says ONLY, which would leave out its parts.
            back += [definition.replace(" ON ONLY ", " ON ", 1) for _name, definition in indexes]
            back += [
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
                for name, definition in foreign_keys
            ]
        # Rows of other tables may come in any order meanwhile.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in back:
            cursor.execute(statement)
        # As Django has them, for whoever goes on in the same transaction.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
