"""Real servers on loopback: PostgreSQL, one that follows it, PgBouncer, and the portal itself.

Each is a process of ours on a port of its own, in a folder that goes away with it. What is missing
on the machine is a failure, not a test left out.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Self

import psycopg

# What a proxy passes on, whichever process it asks.
HOST = "localhost"
ROOT = Path(__file__).resolve().parents[2]
# Neither PostgreSQL nor PgBouncer runs as root.
USER = "postgres" if os.getuid() == 0 else None
QUICK = {
    "fsync": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "autovacuum": "off",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(found, *, seconds: float = 20, every: float = 0.05, what: str = "it"):
    """What ``found`` gives as soon as that is true. Fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(every)
    return answer


def program(name: str, package: str) -> str:
    """The path of a program; fails where its Debian package is missing."""
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    places = os.pathsep.join([*map(str, reversed(bins)), os.environ["PATH"], "/usr/sbin"])
    found = shutil.which(name, path=places)
    assert found, f"{name} is missing; install it: apt-get install {package}"
    return found


def call(name: str, *arguments: str, **options) -> None:
    """Run one of PostgreSQL's own programs to its end."""
    command = [program(name, "postgresql"), *arguments]
    done = subprocess.run(command, text=True, capture_output=True, **options)
    assert done.returncode == 0, done.stderr


class Process:
    """Something that runs until it is stopped; what it says is in ``log``."""

    def __init__(self, name: str, within: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"krams-{name}-", dir=within))
        self.log = self.folder / "log"
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.give(self.folder)

    @staticmethod
    def give(path: Path) -> None:
        if USER:
            shutil.chown(path, USER)

    def run(self, arguments: list[str], **options) -> None:
        # It ends with the tests, also where they are killed.
        command = ["setpriv", "--pdeathsig", "KILL", *arguments]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **options)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        raise NotImplementedError

    def wait(self) -> Self:
        def found() -> bool:
            assert self.process.poll() is None, self.said()
            return self.answers()

        until(found, seconds=60, what=str(self.folder))
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error) -> None:
        self.stop()
        shutil.rmtree(self.folder)


class Postgres(Process):
    """A server; with ``follows`` one that holds a copy of another and keeps up with it.

    ``within`` is the folder that it is made in, ``holds`` data that is there already.
    """

    def __init__(
        self,
        *,
        follows: "Postgres | None" = None,
        within: Path | None = None,
        holds: Path | None = None,
    ) -> None:
        super().__init__("replica" if follows else "primary", within)
        self.data = holds or self.folder / "data"
        if holds:
            return
        if follows:
            arguments = ["-D", self.data, "-h", "127.0.0.1", "-p", follows.port, "-U", "postgres"]
            arguments += ["-R", "-X", "stream", "-c", "fast", "--no-sync"]
            call("pg_basebackup", *map(str, arguments), user=USER, cwd=self.folder)
        else:
            arguments = ["-D", str(self.data), "-U", "postgres", "-A", "trust", "--no-sync"]
            arguments += ["--locale=C.UTF-8", "--encoding=UTF8"]
            call("initdb", *arguments, user=USER, cwd=self.folder)

    def start(self, **settings: str) -> Self:
        """With ``settings`` of PostgreSQL's beside those of all tests."""
        options = [f"-c{name}={value}" for name, value in (QUICK | settings).items()]
        arguments = [program("postgres", "postgresql"), "-D", str(self.data), "-p", str(self.port)]
        self.run([*arguments, *options], user=USER, cwd=self.folder)
        return self.wait()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """At once, as when a machine fails; SIGINT ends it in order."""
        super().stop(how)

    def answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "portal") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def ask(self, sql: str, *values, database: str = "postgres") -> list[tuple]:
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql: str, *values, database: str = "portal"):
        [(value,)] = self.ask(sql, *values, database=database)
        return value


class PgBouncer(Process):
    """With ``deploy/pgbouncer.ini`` as it is shipped, but for what is this machine's own."""

    def __init__(self, server: Postgres, *, database: str, connections: int) -> None:
        super().__init__("pgbouncer")
        users, ini = self.folder / "userlist.txt", self.folder / "pgbouncer.ini"
        users.write_text('"postgres" ""\n')
        own = {
            "krams": f"host=127.0.0.1 port={server.port} user=postgres dbname={database}",
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "unix_socket_dir": "",
            "auth_type": "trust",
            "auth_file": str(users),
            "default_pool_size": str(connections),
            "admin_users": "postgres",
        }
        shipped = (ROOT / "deploy" / "pgbouncer.ini").read_text()
        for name, value in own.items():
            shipped, found = re.subn(
                rf"^{name} *=.*$", f"{name} = {value}", shipped, flags=re.MULTILINE
            )
            assert found == 1, name
        ini.write_text(shipped)
        for path in (users, ini):
            self.give(path)
        self.run([program("pgbouncer", "pgbouncer"), str(ini)], user=USER, cwd=self.folder)
        self.wait()

    def answers(self) -> bool:
        try:
            self.pools()
        except psycopg.OperationalError:
            return False
        return True

    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/krams"

    def clients(self) -> int:
        """How many connections of portals it serves."""
        [own] = [pool for pool in self.pools() if pool["database"] == "krams"]
        return own["cl_active"] + own["cl_waiting"]

    def pools(self) -> list[dict]:
        """What its own console says."""
        console = f"postgres://postgres@127.0.0.1:{self.port}/pgbouncer"
        with psycopg.connect(console, autocommit=True, connect_timeout=5) as connection:
            cursor = psycopg.ClientCursor(connection)
            cursor.execute("SHOW POOLS")
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Portal(Process):
    """One web process, as on a machine of its own, with the settings of production."""

    def __init__(self, database: str, **variables: str) -> None:
        super().__init__("portal")
        self.run(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "krams.wsgi"],
            cwd=ROOT,
            start_new_session=True,
            env=environment(
                database, **{"BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "1", **variables}
            ),
        )
        self.wait()

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """At once, and its worker too: neither keeps anything."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
            super().stop(how)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            request = urllib.request.Request(f"{self.address}/readyz", headers={"Host": HOST})
            urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            return False
        return True


class Caddy(Process):
    """The proxy with ``deploy/Caddyfile`` as it is shipped, in front of some portals."""

    def __init__(self, *portals: Portal) -> None:
        super().__init__("caddy")
        self.plain = free_port()
        own = {
            # TLS is Caddy's own, and needs a name that others can reach.
            "PORTAL_HOST": f"http://{HOST}:{self.port}",
            "PORTAL_PLAIN": f"http://{HOST}:{self.plain}",
            "PORTAL_UPSTREAM": " ".join(f"127.0.0.1:{portal.port}" for portal in portals),
            "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
        }
        config = str(ROOT / "deploy" / "Caddyfile")
        command = [program("caddy", "caddy"), "run", "--config", config, "--adapter", "caddyfile"]
        self.run(command, env={**os.environ, **own}, cwd=self.folder)
        self.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def environment(database: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
        "DATABASE_URL": database,
        "SECRET_KEY": "scale-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DEBUG": "0",
        # The tests speak plain HTTP; everything else is as in production.
        "HTTPS": "0",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def manage(database: str, *arguments: str, fails: bool = False, **variables: str) -> str:
    """What ``manage.py`` says, in its error where it ``fails``."""
    return python(database, "manage.py", *arguments, fails=fails, **variables)


def python(database: str, *arguments: str, fails: bool = False, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(database, **variables),
        text=True,
        capture_output=True,
    )
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    return done.stderr if fails else done.stdout
