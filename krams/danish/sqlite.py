"""What SQLite is taught on each connection: the order of Danish."""

from typing import Any

from . import collation


def teach_sqlite_danish(sender: Any, connection: Any, **_more: Any) -> None:
    """Give SQLite the order that PostgreSQL has from its migrations."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation("danish", collation.compare)
