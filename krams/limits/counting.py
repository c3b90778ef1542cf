"""Count what was asked for, in one statement: however many ask at once, no more are let through.

A row of the shared cache's table holds when its bucket will be full again, in milliseconds. Each
request moves that moment on by its share (the generic cell rate algorithm of ITU-T I.371); one
that would move it further than the bucket is large moves nothing. A moment that has passed is as
good as no row, and the cache throws such rows away.
"""

import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from .table import Limit


def take(limit: Limit, whose: str) -> int:
    """0 where it was counted; else the seconds until there is room again, and nothing is counted.

    ``whose`` is a key without names; the database is the primary, and away where it is away.
    """
    key = cache.make_key(f"limits:{limit.name}:{whose}")
    now, share, most = round(time.time() * 1000), limit.seconds * 1000 // limit.times, _most()
    end = now + limit.seconds * 1000
    gone = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(end // 1000 + 1, UTC))
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)"
            f" ON CONFLICT (cache_key) DO UPDATE SET expires = excluded.expires,"
            f" value = CAST({most}(CAST({table}.value AS bigint), %s) + %s AS text)"
            f" WHERE {most}(CAST({table}.value AS bigint), %s) + %s <= %s RETURNING value",
            [key, str(now + share), gone, now, share, now, share, end],
        )
        if cursor.fetchone():
            return 0
        cursor.execute(f"SELECT value FROM {table} WHERE cache_key = %s", [key])
        row = cursor.fetchone()
    # Away meanwhile: thrown out of a full cache.
    return max(1, -(-(int(row[0]) + share - end) // 1000)) if row else 1


def _most() -> str:
    """The larger one of two, as each database calls it."""
    return "MAX" if connection.vendor == "sqlite" else "GREATEST"
