"""Migrating in less time: what is done to the database, and in which order, is the same."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

_all_to_reload = ProjectState._find_reload_model


def rendering_less() -> AbstractContextManager:
    """While it lasts, an operation renders anew the models beside its own, not all beyond them.

    What only changes a table needs no more. Before code of ours runs, Django renders all anew
    by itself, as it does after any operation that it knows to be delayed.
    """
    return patch.object(ProjectState, "_find_reload_model", _beside)


def _beside(self, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    return _all_to_reload(self, app_label, model_name, delay=True)


@contextmanager
def going_back() -> Iterator[None]:
    """While it lasts, migrating backwards works each state out when it is needed.

    Django's own way renders all models anew for each migration there is, from the first one on,
    before it unapplies any.
    """
    with (
        rendering_less(),
        patch.object(MigrationExecutor, "_migrate_all_backwards", _one_by_one),
    ):
        yield


def _one_by_one(self, plan, full_plan, fake):
    applied = dict.fromkeys(self.loader.applied_migrations)
    for migration, _is_back in plan:
        del applied[migration.app_label, migration.name]
        state = self.loader.project_state([*applied])
        # All once; then each operation renders what it changes, and not all models twice.
        state.apps  # noqa: B018
        self.unapply_migration(state, migration, fake=fake)
    return self.loader.project_state([*applied])
