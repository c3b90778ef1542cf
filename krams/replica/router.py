"""Which database a query goes to (``DATABASE_ROUTERS``, where there is a replica)."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from .reading import REPLICA, course

# Of other apps, such as sessions and log-in, nothing is read from a replica.
APPS = ("krams", "initiatives", "clusters")
# Nor of our own what decides who somebody is and what they may.
NEVER = ("krams.User", "krams.Membership")


class ReplicaRouter:
    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Always a name: else a row read from the replica would lead there ever after."""
        now = course.get()
        if now is None or not now.on_replica or not _may_be_read_there(model):
            return DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS if _in_transaction() else REPLICA

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        now = course.get()
        if now is not None and model._meta.app_label in APPS:
            now.has_written, now.on_replica = True, False
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """They are the same database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db != REPLICA


def _in_transaction() -> bool:
    """There one reads what one has written in it."""
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def _may_be_read_there(model: type[Model]) -> bool:
    return model._meta.app_label in APPS and model._meta.label not in NEVER
