"""What SQLite is taught on each connection: the order and the search of Danish."""

from typing import Any

from . import collation


def teach_sqlite_danish(sender: Any, connection: Any, **_more: Any) -> None:
    """Give SQLite the order and the search that PostgreSQL has from its migrations."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation("danish", collation.compare)
        connection.connection.create_function("portal_fold", 1, _fold, deterministic=True)


def _fold(text: str | None) -> str | None:
    return None if text is None else collation.fold(text)
