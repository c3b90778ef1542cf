"""Two PostgreSQL servers, one streaming from the other: who reads which, and what if it fails.

Where something was read is seen by what it shows: a replica that is told to wait shows the past.
"""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from .browsers import Browser
from .servers import Portal, Postgres, until

PAGES = {
    "leder": [
        "/afdelinger/social/overblik/",
        "/afdelinger/social/overblik.csv",
        "/afdelinger/social/holder-det.csv",
        "/afdelinger/social/udfyldt/",
        "/afdelinger/social/udfyldt.csv",
        "/afdelinger/social/sammenlign/",
        "/afdelinger/social/sammenlign.csv",
        "/botilbud/bakkehuset/ugeplan.csv",
        "/botilbud/bakkehuset/registreringer.csv",
        "/soeg/?q=parasol",
    ],
    "koordinator": [
        "/klynger/proeve/sammenlign/",
        "/klynger/proeve/huller/",
        "/klynger/proeve/daekning/",
        "/klynger/proeve/temaer/",
        "/klynger/proeve/aendringer/",
    ],
}
OVERVIEW, SEARCH, FOUND = "/afdelinger/social/overblik/", "/soeg/?q=parasol", "varmen"
_marks = count(1)


@pytest.fixture(scope="module")
def name(database) -> str:
    return database.rpartition("/")[2]


@pytest.fixture(scope="module")
def replica(primary, database):
    with Postgres(follows=primary) as server:
        yield server.start()


@pytest.fixture(scope="module")
def patient(database, name, replica):
    """A portal that takes a replica however far behind it is."""
    with Portal(database, REPLICA_URL=replica.url(name), REPLICA_LAG_SECONDS="3600") as running:
        yield running


@pytest.fixture(scope="module")
def strict(database, name, replica):
    with Portal(database, REPLICA_URL=replica.url(name), REPLICA_LAG_SECONDS="3") as running:
        yield running


@pytest.fixture
def write(primary, name):
    """``write()`` changes today's log on the primary, as any other portal may, and says to what."""

    def change() -> str:
        mark = f"Svømning {next(_marks)}"
        sql = "UPDATE initiatives_activity SET title = %s, held_on = %s WHERE id ="
        sql += " (SELECT min(id) FROM initiatives_activity)"
        primary.ask(sql, mark, today(), database=name)
        return mark

    return change


@pytest.fixture
def kept_up(primary, replica):
    """``kept_up()`` waits until the replica has all that the primary has."""

    def wait() -> None:
        [(position,)] = primary.ask("SELECT pg_current_wal_insert_lsn()::text")
        sql = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: replica.ask(sql, position)[0][0], seconds=60, what="the replica")

    return wait


@pytest.fixture
def paused(replica, kept_up):
    """The replica stands still inside the context, having had all that was there before."""

    @contextmanager
    def pause():
        kept_up()
        replica.ask("SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
        until(lambda: replica.ask(state)[0][0], what="the pause")
        try:
            yield
        finally:
            replica.ask("SELECT pg_wal_replay_resume()")
        kept_up()

    return pause


def today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/Copenhagen")).date()


def todays(browser: Browser) -> str:
    return "\n".join(browser.exported(f"?fra={today():%d.%m.%Y}"))


def sees(browser: Browser, mark: str) -> bool:
    return mark in todays(browser)


@pytest.fixture
def reads_replica(paused, write):
    """Whether a browser is shown the past; asked again until it is, or is not for a minute."""

    def is_so(browser: Browser) -> bool:
        todays(browser)
        with paused():
            return not sees(browser, write())

    return lambda browser: until(lambda: is_so(browser), seconds=60, every=1, what="the replica")


def test_everybody_sees_what_they_wrote_and_later_what_others_wrote(
    patient, paused, write, reads_replica
):
    somebody, colleague = (Browser(patient).log_in(who) for who in ("medarbejder", "kollega"))
    assert reads_replica(somebody)
    assert reads_replica(colleague)
    with paused():
        mark = write()
        assert not sees(somebody, mark)
        somebody.register(note="Min egen")
        # From the primary now, with all that is there.
        assert "Min egen" in todays(somebody)
        assert sees(somebody, mark)
        # And this other browser still reads the replica.
        assert "Min egen" not in todays(colleague)
        assert not sees(colleague, mark)
    for browser in (somebody, colleague):
        assert "Min egen" in todays(browser)
        assert sees(browser, mark)
    # The replica has what was written: this browser reads it again.
    assert reads_replica(somebody)


def test_pages_that_people_write_on_read_the_primary(patient, paused, write, reads_replica):
    somebody = Browser(patient).log_in("medarbejder")
    assert reads_replica(somebody)
    with paused():
        mark = write()
        assert mark in somebody.get("/botilbud/bakkehuset/registreringer/").text
        assert not sees(somebody, mark)


def test_a_role_that_ends_ends_at_once(primary, name, patient, paused, reads_replica):
    manager = Browser(patient).log_in("leder")
    assert reads_replica(manager)
    assert FOUND in manager.get(SEARCH).text
    ends = "UPDATE krams_membership SET valid_until = %s WHERE role = 'manager'"
    with paused():
        primary.ask(ends, dt.date(2020, 1, 1), database=name)
        try:
            # The replica still thinks that they may see all of it.
            assert manager.get(OVERVIEW).status == 404
            assert FOUND not in manager.get(SEARCH).text
        finally:
            primary.ask(ends, None, database=name)
    assert manager.get(OVERVIEW).status == 200


def test_a_replica_that_lags_is_left_alone_until_it_has_caught_up(
    strict, paused, write, reads_replica
):
    somebody = Browser(strict).log_in("medarbejder")
    assert reads_replica(somebody)
    with paused():
        mark = write()
        until(lambda: sees(somebody, mark), seconds=60, every=0.5, what="the primary")
        # Told when it is sure, to whoever asks next.
        told = "replica not used"
        until(lambda: sees(somebody, mark) and told in strict.said(), every=0.5, what="the log")
    assert reads_replica(somebody)
    assert "replica used again" in strict.said()


def test_nobody_notices_that_a_replica_stops(replica, patient, write, reads_replica):
    people = {who: Browser(patient).log_in(who) for who in PAGES}
    for browser in people.values():
        browser.get("/botilbud/")
    assert reads_replica(people["leder"])
    is_over = Event()

    def look(who: str) -> list[tuple[str, int]]:
        """All pages again and again, and once more when it is over."""
        seen, last = [], False
        while not last:
            last = is_over.is_set()
            seen += [(page, people[who].get(page).status) for page in PAGES[who]]
        return seen

    with ThreadPoolExecutor() as looking:
        seen = [looking.submit(look, who) for who in PAGES]
        try:
            replica.stop()
            assert sees(Browser(patient).log_in("medarbejder"), write())
        finally:
            is_over.set()
        assert {status for one in seen for _page, status in one.result()} == {200}
    replica.start()
    assert reads_replica(people["leder"])


def test_a_replica_that_has_become_a_primary_is_not_read(replica, patient, write, reads_replica):
    """The last test: there is no way back."""
    somebody = Browser(patient).log_in("medarbejder")
    assert reads_replica(somebody)
    replica.ask("SELECT pg_promote()")
    assert sees(somebody, write())
