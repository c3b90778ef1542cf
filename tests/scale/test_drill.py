"""The drill, each part briefly: nothing that was acknowledged is lost, nothing is broken."""

import sqlite3
from functools import partial

import pytest

from .drill import parts
from .drill.counts import Tally, look, rows_of
from .drill.disk import may_mount

# scripts/drill.py does each for longer, and prints the figures.
BRIEFLY = {
    "workers": partial(parts.workers_on_postgresql, times=3),
    "restart": partial(parts.restarts_immediate, times=1),
    "writers": partial(parts.writers_on_sqlite, seconds=4),
}
ON_A_DISK = {
    "full-disk": partial(parts.full_disk_of_sqlite, seconds=3),
    "power": partial(parts.power_of_sqlite, seconds=4),
}
# A container may keep even root from mounting a disk; the drill itself then fails, and says so.
if may_mount():
    BRIEFLY |= ON_A_DISK


@pytest.mark.parametrize("part", BRIEFLY)
def test_nothing_is_lost(part):
    assert BRIEFLY[part]().wrong() == []


def test_what_is_lost_or_broken_would_be_told(tmp_path):
    """A drill that finds nothing has looked."""
    url = parts.sqlite(tmp_path)
    tally = Tally(registered={"00" * 8}, answered={1: ["Et svar, som ingen gemte"]})
    ask = rows_of(url)
    assert len(look(url, tally).lost) == 2
    with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
        [(row,)] = ask("SELECT min(id) FROM initiatives_activity")
        sql = "UPDATE initiatives_activity SET submission_id = ?, version = 7 WHERE id = ?"
        database.execute(sql, ["11" * 16, row])
    database.close()
    told = " ".join(look(url, tally).broken)
    assert "that nobody sent" in told
