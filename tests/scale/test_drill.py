"""The drill, two of its parts briefly: nothing that was acknowledged is lost, nothing is broken."""

import sqlite3
from functools import partial

import pytest

from .drill import parts
from .drill.counts import Tally, look, rows_of

# scripts/drill.py does these for longer, and the others: a night's run does all.
BRIEFLY = {
    "workers": partial(parts.workers_on_postgresql, times=3),
    "restart": partial(parts.restarts_immediate, times=1),
}


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
