"""The parts of the drill: each lets something die while people write, and counts what is lost."""

import hashlib
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import FOLDER, fingerprint
from tests.scale.browsers import PASSWORD
from tests.scale.servers import Portal, Postgres, call, python, until

from .counts import Found, Tally, look
from .disk import Disk
from .people import writing

SEED = 12
# Of a database that is stopped: an administrator takes some seconds.
AWAY_SECONDS = 3.0
# As production has them; other tests of servers go without.
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Eight people who try again after a second.
MOST_REFUSED_A_SECOND = 15
SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB"}


@dataclass
class Result:
    """Of one part. ``more`` are figures of its own."""

    name: str
    tally: Tally
    found: Found
    seconds: float = 0
    down: float = 0
    locks: int = 0
    more: dict[str, str] = field(default_factory=dict)

    @property
    def refused_a_second(self) -> float:
        """Failed requests per second in which the database was away."""
        return (self.tally.refused + len(self.tally.bare)) / self.down if self.down else 0

    def wrong(self) -> list[str]:
        """What may not be: an acknowledged write that is lost, a server's own error page …"""
        tally = self.tally
        wrong = [f"lost: {one}" for one in self.found.lost]
        wrong += [f"broken: {one}" for one in self.found.broken]
        wrong += [f"bare: {one}" for one in tally.bare]
        wrong += [f"unexpected: {one}" for one in tally.unexpected]
        wrong += ["lock errors"] * self.locks
        if not tally.acknowledged:
            wrong.append("nothing was written")
        if tally.refused and not self.down:
            wrong.append(f"{tally.refused} refused while the database was there")
        if self.refused_a_second > MOST_REFUSED_A_SECOND:
            wrong.append(f"{self.refused_a_second:.1f} refused a second")
        return wrong


# --- Databases to begin with ------------------------------------------------------------


def _kept(suffix: str) -> Path:
    """Filling one takes a minute, so what came of it is kept for the next drill."""
    made_by = [Path(__file__).with_name("prepare.py"), Path(__file__).parents[1] / "prepare.py"]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:8]
    return FOLDER / f"krams_drill_{fingerprint()}_{code}{suffix}"


def sqlite(folder: Path) -> str:
    """A filled database in a folder: its address."""
    kept = _kept(".sqlite3")
    if not kept.exists():
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        python(f"sqlite:///{making}", "-m", "tests.scale.drill.prepare", PASSWORD)
        making.rename(kept)
    shutil.copy(kept, folder / "portal.sqlite3")
    return f"sqlite:///{folder / 'portal.sqlite3'}"


@contextmanager
def postgresql(within: Path | None = None) -> Iterator[Postgres]:
    """A server with a filled database."""
    with Postgres(within=within) as server:
        server.start(**SAFE, **SMALL)
        server.ask("CREATE DATABASE portal")
        kept = _kept(".dump")
        if kept.exists():
            call("pg_restore", "--no-owner", f"--dbname={server.url()}", str(kept))
        else:
            python(server.url(), "-m", "tests.scale.drill.prepare", PASSWORD)
            making = kept.with_suffix(".making")
            call("pg_dump", "--format=custom", f"--file={making}", server.url())
            making.rename(kept)
        yield server


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="krams-drill-") as name:
        yield Path(name)


# --- Workers ------------------------------------------------------------


def _workers(portal: Portal) -> list[int]:
    pid = portal.process.pid
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]


def _kill_workers(portal: Portal, times: int) -> None:
    chance = random.Random(SEED)
    for _ in range(times):
        time.sleep(chance.uniform(0.3, 1.5))
        os.kill(until(lambda: _workers(portal), what="a worker")[-1 * chance.randint(0, 1)], 9)


def _killed(name: str, url: str, times: int) -> Result:
    tally, began = Tally(), time.monotonic()
    with Portal(url, WEB_WORKERS="3") as portal:
        with writing(portal, tally):
            _kill_workers(portal, times)
            time.sleep(2)
        seconds = time.monotonic() - began
        return Result(name, tally, look(url, tally), seconds, more={"killed": str(times)})


def workers_on_postgresql(*, times: int = 20) -> Result:
    with postgresql() as server:
        return _killed("kill -9 of workers, PostgreSQL", server.url(), times)


def workers_on_sqlite(*, times: int = 20) -> Result:
    with _folder() as folder:
        return _killed("kill -9 of workers, SQLite", sqlite(folder), times)


# --- The database restarts ------------------------------------------------------------


def restarts(how: signal.Signals, name: str, *, times: int = 3) -> Result:
    tally, down = Tally(), 0.0
    with postgresql() as server, Portal(server.url(), WEB_WORKERS="3") as portal:
        began = time.monotonic()
        with writing(portal, tally):
            for _ in range(times):
                time.sleep(2)
                away = time.monotonic()
                server.stop(how)
                time.sleep(AWAY_SECONDS)
                server.start(**SAFE, **SMALL)
                until(portal.answers, what="the portal")
                down += time.monotonic() - away
            time.sleep(2)
        seconds = time.monotonic() - began
        more = {"restarts": str(times)}
        return Result(name, tally, look(server.url(), tally), seconds, down, more=more)


def restarts_fast(*, times: int = 3) -> Result:
    return restarts(signal.SIGINT, "PostgreSQL restarted, fast", times=times)


def restarts_immediate(*, times: int = 3) -> Result:
    return restarts(signal.SIGQUIT, "PostgreSQL restarted, immediate", times=times)


# --- SQLite and many writers ------------------------------------------------------------


def writers_on_sqlite(*, seconds: float = 20, synchronous: str = "") -> Result:
    """Whatever is refused here is refused because of a lock."""
    tally = Tally()
    with _folder() as folder:
        url = sqlite(folder)
        own = {"DRILL_SYNCHRONOUS": synchronous} if synchronous else {}
        with Portal(url, WEB_WORKERS="4", **own) as portal:
            with writing(portal, tally):
                # Logging in is work too, but no write of theirs.
                before, began = tally.acknowledged, time.monotonic()
                time.sleep(seconds)
                rate = (tally.acknowledged - before) / (time.monotonic() - began)
            locks = portal.said().count("database is locked")
            name = f"8 writers on 4 workers, SQLite {synchronous}".strip()
            more = {"writes a second": f"{rate:.0f}"}
            return Result(name, tally, look(url, tally), seconds, 0, locks, more)


# --- The disk is full ------------------------------------------------------------


def _filled(name: str, url: str, disk: Disk, seconds: float, server: Postgres | None) -> Result:
    tally = Tally()
    with Portal(url, WEB_WORKERS="3") as portal:
        with writing(portal, tally):
            time.sleep(3)
            full = time.monotonic()
            disk.fill()
            time.sleep(seconds)
            disk.free()
            if server and server.process and server.process.poll() is not None:
                # It cannot go on without room for its log; the service manager starts it again.
                server.start(**SAFE, **SMALL)
            until(portal.answers, what="the portal")
            down = time.monotonic() - full
            before = tally.acknowledged
            time.sleep(3)
            after = tally.acknowledged - before
        more = {"writes when there is room again": str(after)}
        result = Result(name, tally, look(url, tally), down + 6, down, more=more)
        if not after:
            result.found.broken.append("nothing was written any more")
        return result


def full_disk_of_sqlite(*, seconds: float = 8) -> Result:
    with Disk(megabytes=64) as disk:
        return _filled("disk full, SQLite", sqlite(disk.path), disk, seconds, None)


def full_disk_of_postgresql(*, seconds: float = 8) -> Result:
    with Disk(megabytes=400) as disk, postgresql(disk.path) as server:
        return _filled("disk full, PostgreSQL", server.url(), disk, seconds, server)


# --- The power goes ------------------------------------------------------------


def power_of_sqlite(*, seconds: float = 8, synchronous: str = "") -> Result:
    tally = Tally()
    own = {"DRILL_SYNCHRONOUS": synchronous} if synchronous else {}
    name = f"power cut, SQLite {synchronous}".strip()
    with Disk(megabytes=64) as disk:
        url = sqlite(disk.path)
        # What was there before the drill is on the disk.
        os.sync()
        with Portal(url, WEB_WORKERS="4", **own) as portal, writing(portal, tally) as end:
            time.sleep(seconds)
            end.is_dead.set()
            portal.stop()
        with disk.without_power() as found:
            there = f"sqlite:///{found.path / 'portal.sqlite3'}"
            return Result(name, tally, look(there, tally), seconds)


def power_of_postgresql(*, seconds: float = 8) -> Result:
    tally = Tally()
    with Disk(megabytes=400) as disk, postgresql(disk.path) as server:
        server.ask("CHECKPOINT")
        os.sync()
        with Portal(server.url(), WEB_WORKERS="4") as portal, writing(portal, tally) as end:
            time.sleep(seconds)
            end.is_dead.set()
            portal.stop()
            server.stop(signal.SIGKILL)
        with disk.without_power() as found:
            data = found.path / server.data.relative_to(disk.path)
            with Postgres(holds=data) as again:
                again.start(**SAFE, **SMALL)
                return Result("power cut, PostgreSQL", tally, look(again.url(), tally), seconds)
