"""Has the database keep the summaries, and makes them what the log says."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .definition import LOG, POSTGRESQL, SUMMARIES
from .queries import missing_triggers
from .triggers import create_sql, drop_sql, repair_sql


def keep(connection: BaseDatabaseWrapper) -> bool:
    """Creates the triggers where they are missing, and then rebuilds the summaries.

    Returns whether that was necessary. To be asked for whenever the table of the log was made anew:
    by a migration on SQLite, which loses triggers, or where PostgreSQL has got a partitioned one.
    """
    if not missing_triggers(connection):
        return False
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _hold_writers(connection)
        for statement in drop_sql(connection.vendor):
            cursor.execute(statement)
        for statement in create_sql(connection.vendor).values():
            cursor.execute(statement)
        rebuild(connection)
    return True


def keep_after_migrate(*, using: str, apps: Apps = installed, **_more: Any) -> None:
    """For ``post_migrate``: nothing where migrations stopped at other tables than ours."""
    columns = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_app_config("initiatives").get_models()
    }
    if all(columns.get(summary.table, set()) >= set(summary.columns) for summary in SUMMARIES):
        keep(connections[using])


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Makes the summaries what the log says; who writes the log waits.

    Only what differs is written, so that pages go on reading meanwhile.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _hold_writers(connection)
        for summary in SUMMARIES:
            for statement in repair_sql(summary, connection.vendor):
                cursor.execute(statement)


def _hold_writers(connection: BaseDatabaseWrapper) -> None:
    """SQLite has one writer: the transaction that has begun."""
    if connection.vendor == POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {LOG} IN SHARE ROW EXCLUSIVE MODE")
