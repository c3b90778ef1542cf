#!/usr/bin/env python3
"""Try the upgrade from an earlier version, and the way back (docs/deployment.md).

    .venv/bin/python scripts/upgrade_drill.py                       from the latest earlier tag
    .venv/bin/python scripts/upgrade_drill.py --previous COMMIT     from that one
    DATABASE_URL=postgres://… .venv/bin/python scripts/upgrade_drill.py

The earlier code makes a database and the demo in it, and a backup. It is read without a pause
while this code migrates it; then the earlier code reads and writes what this code has migrated,
this code does, and once more the earlier one: that is how an upgrade is taken back. At last the
backup is restored by the earlier code into another database, and compared. ``walk_portal.py`` does
the reading and writing: each kind of page as each of the people of the demo, and each form.

The earlier code runs with the packages of this one. The history is read from ``--repository``, the
folder of this file where nothing is said; without one, or without a tag, nothing is tried and the
exit code is 2. On PostgreSQL databases of its own are made on the server of ``DATABASE_URL``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
WALK = ROOT / "scripts" / "walk_portal.py"
# A walk that finds less did not get in: then it shows nothing.
FEWEST_KINDS, FEWEST_SAVED = 150, 40


class CannotTry(Exception):
    """What is missing."""


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotTry(f"git {' '.join(arguments[:2])}: {done.stderr.strip()}")
    return done.stdout.strip()


def earlier(repository: Path, named: str) -> str:
    """The commit that is upgraded from: ``named``, or the latest tag before the one of today."""
    if named:
        return git(repository, "rev-parse", "--verify", f"{named}^{{commit}}")
    if not git(repository, "tag", "--merged", "HEAD~1"):
        raise CannotTry("There is no earlier tag; name a commit with --previous.")
    nearest = git(repository, "describe", "--tags", "--abbrev=0", "HEAD~1")
    return git(repository, "rev-parse", f"{nearest}^{{commit}}")


class Code:
    """One version, with its own working folder and the packages of this one."""

    def __init__(self, tree: Path, work: Path) -> None:
        self.tree, self.work = tree, work

    def start(self, database: str, *arguments: str) -> subprocess.Popen[str]:
        variables = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DATABASE_URL": database,
            "DEBUG": "1",
            "LOG_LEVEL": "ERROR",
            "BACKUP_FOLDER": str(self.work / "backups"),
        }
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.tree,
            env=variables,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end(self, process: subprocess.Popen[str]) -> str:
        said, wrong = process.communicate()
        if process.returncode:
            raise SystemExit(
                f"FAILED in {self.tree}: {process.args}\n{said[-4000:]}\n{wrong[-4000:]}"
            )
        return said

    def manage(self, database: str, *arguments: str) -> str:
        return self.end(self.start(database, "manage.py", *arguments))


class Drill:
    def __init__(self, old: Code, new: Code, database: str, other: str) -> None:
        self.old, self.new, self.database, self.other = old, new, database, other
        self.work, self.failed = old.work, []

    def run(self) -> bool:
        began = time.monotonic()
        self.old.manage(self.database, "demo", "--no-serve")
        self.old.manage(self.database, "backup")
        self.say("the earlier code made the demo and a backup", began)
        self.upgrade()
        self.walk("the earlier code on what was migrated", self.old, self.database)
        self.walk("this code", self.new, self.database)
        self.walk("back: the earlier code on what this code wrote", self.old, self.database)
        self.new.manage(self.database, "check_summaries")
        self.restore()
        return not self.failed

    def upgrade(self) -> None:
        ended = self.work / "migrated"
        walking = self.old.start(self.database, str(WALK), "--read", "--until", str(ended))
        began = time.monotonic()
        self.new.manage(self.database, "migrate", "--noinput")
        self.new.manage(self.database, "migrate", "--check")
        seconds = time.monotonic() - began
        ended.touch()
        title = f"the earlier code while this code migrated ({seconds:.0f} s)"
        self.look_at(title, self.old.end(walking), writes=False)

    def walk(self, title: str, code: Code, database: str, *, writes: bool = True) -> None:
        arguments = [] if writes else ["--read"]
        said = code.end(code.start(database, str(WALK), *arguments))
        self.look_at(title, said, writes=writes)

    def look_at(self, title: str, said: str, *, writes: bool) -> None:
        told = json.loads(said.strip().splitlines()[-1])
        print(
            f"{title}: {told['requests']} requests of {told['kinds']} kinds,"
            f" {told['saved']} kinds of forms saved, {len(told['failed'])} kinds failed,"
            f" {told['seconds']} s",
            flush=True,
        )
        for about, what in told["failed"].items():
            print(f"  {about}: {what}")
        self.failed += told["failed"]
        if told["kinds"] < FEWEST_KINDS or (writes and told["saved"] < FEWEST_SAVED):
            raise SystemExit(f"FAILED: {title}: too little was asked for to show anything.")

    def restore(self) -> None:
        """The last resort: what was written since is lost."""
        began = time.monotonic()
        [backup] = (self.work / "backups").glob("krams-*")
        self.old.manage(self.other, "restore", str(backup))
        self.old.manage(self.other, "restore", str(backup), "--check")
        self.say("the earlier code restored its backup, and it is what it was", began)
        self.walk("the earlier code on its backup", self.old, self.other, writes=False)

    @staticmethod
    def say(title: str, began: float) -> None:
        print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)


@contextmanager
def databases(work: Path) -> Iterator[tuple[str, str]]:
    """Two empty ones: in files, or on the server of ``DATABASE_URL``."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{work / 'one.sqlite3'}", f"sqlite:///{work / 'other.sqlite3'}"
        return
    import psycopg

    names = [f"krams_upgrade_{os.getpid()}_{number}" for number in (1, 2)]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        try:
            one, other = (urlsplit(server)._replace(path=f"/{name}").geturl() for name in names)
            yield one, other
        finally:
            for name in names:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--previous", default="", help="a commit or a tag; else the latest tag")
    parser.add_argument("--repository", type=Path, default=ROOT, help="where the history is")
    options = parser.parse_args(arguments)
    try:
        commit = earlier(options.repository, options.previous)
    except CannotTry as why:
        print(why, file=sys.stderr)
        return 2
    about = git(options.repository, "log", "-1", "--format=%h %cs %s", commit)
    print(f"Upgrade from {about}", flush=True)
    with tempfile.TemporaryDirectory(prefix="krams-upgrade-") as folder:
        work = Path(folder)
        tree = work / "earlier"
        tree.mkdir()
        archive = work / "earlier.tar"
        git(options.repository, "archive", f"--output={archive}", commit)
        subprocess.run(["tar", "-xf", str(archive), "-C", str(tree)], check=True)
        with databases(work) as (one, other):
            is_well = Drill(Code(tree, work), Code(ROOT, work), one, other).run()
    print("Nothing was answered by 500." if is_well else "FAILED")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
