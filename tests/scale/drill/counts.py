"""What a drill comes to: what was sent and answered, and what the database holds of it."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import psycopg

from tests.scale.servers import python

HALF = 8
# In one process: it takes seconds to begin.
RECOUNTS = """
import django
django.setup()
from django.core.management import call_command
call_command("check_summaries")
call_command("rebuild_search", check=True)
"""
Rows = Callable[[str], list[tuple]]


def rows_of(url: str) -> Rows:
    """Asks the database of a drill itself, beside the portal."""

    def ask(sql: str) -> list[tuple]:
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(url, connect_timeout=10) as database:
            return database.execute(sql).fetchall()

    return ask


@dataclass
class Tally:
    """Counted by all clients at once. ``refusals`` are the seconds until each refusal."""

    requests: int = 0
    refusals: list[float] = field(default_factory=list)
    cut: int = 0
    bare: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    # First halves of submission ids, and for each proposal the texts of its cell, as acknowledged.
    registered: set[str] = field(default_factory=set)
    answered: dict[int, list[str]] = field(default_factory=dict)
    # Sent, and by the end neither acknowledged nor refused for good.
    unknown: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def refused(self) -> int:
        return len(self.refusals)

    @property
    def slowest(self) -> float:
        return max(self.refusals, default=0)

    @property
    def half_within(self) -> float:
        """The median of the seconds."""
        return sorted(self.refusals)[self.refused // 2] if self.refusals else 0

    @property
    def acknowledged(self) -> int:
        return len(self.registered) + sum(map(len, self.answered.values()))


@dataclass(frozen=True)
class Found:
    """What of a tally the database holds; each list is empty where all is well."""

    lost: list[str]
    broken: list[str]


def look(url: str, tally: Tally) -> Found:
    """Compare the database with what was acknowledged, and with itself."""
    ask = rows_of(url)
    lost, broken = [], []
    found = Counter(
        str(key).replace("-", "")[: 2 * HALF]
        for (key,) in ask(
            "SELECT submission_id FROM initiatives_activity WHERE submission_id IS NOT NULL"
        )
    )
    lost += [f"registration {key}" for key in tally.registered if not found[key]]
    sent = tally.registered | tally.unknown
    broken += [f"registration {key}: {n} rows" for key, n in found.items() if n > 1]
    broken += [f"registration {key} that nobody sent" for key in found if key not in sent]
    broken += _versions(ask, "initiatives_activity", "initiatives_historicalactivity")
    broken += _versions(ask, "clusters_position", "clusters_historicalposition")
    broken += _versions(ask, "clusters_effort", "clusters_historicaleffort")
    told = set(ask("SELECT text FROM clusters_historicaleffort"))
    for texts in tally.answered.values():
        lost += [f"answer {text}" for text in texts if (text,) not in told]
    broken += _recounted(url)
    if url.startswith("sqlite"):
        [(said,)] = ask("PRAGMA integrity_check")
        broken += [] if said == "ok" else [said]
    return Found(lost, broken)


def _versions(ask: Rows, table: str, history: str) -> list[str]:
    """Every row that the drill wrote has its versions in the history: 1, 2, 3 and so on."""
    sql = f"SELECT id, version FROM {history} WHERE history_type <> '-' ORDER BY id, history_id"
    told: dict[int, list[int]] = {}
    for key, version in ask(sql):
        told.setdefault(key, []).append(version)
    wrong = []
    for key, version in ask(f"SELECT id, version FROM {table}"):
        if key in told and told[key] != list(range(told[key][0], version + 1)):
            wrong.append(f"{table} {key}: version {version}, history {told[key]}")
    stand = {key for (key,) in ask(f"SELECT id FROM {table}")}
    wrong += [f"{table} {key}: a history of nothing" for key in told if key not in stand]
    return wrong


def _recounted(url: str) -> list[str]:
    """What the portal's own commands say of its sums and of the words of its search."""
    try:
        python(url, "-c", RECOUNTS)
    except AssertionError as error:
        return [f"counted anew: {error}"]
    return []
