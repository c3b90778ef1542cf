"""What ``deploy/`` and ``compose.yaml`` hold is what the programs that read it understand."""

import os
import re
import runpy
import ssl
import subprocess
import urllib.error
import urllib.request
from http.client import HTTPConnection

import psycopg
import pytest

from .servers import HOST, ROOT, Portal, Postgres, Process, free_port, program

DEPLOY = ROOT / "deploy"
TIMERS = sorted(DEPLOY.glob("*.timer"))


def verified(folder, *names: str) -> str:
    """What systemd says of units; "" where nothing is wrong."""
    command = [program("systemd-analyze", "systemd"), "verify", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # What it ignores is a line and no failure.
    return done.stderr + (f"exit code {done.returncode}" if done.returncode else "")


@pytest.fixture
def units(tmp_path):
    """The units as they are shipped, where this machine has what they start."""
    for file in [*DEPLOY.glob("*.service"), *TIMERS, *DEPLOY.glob("*.socket")]:
        text = file.read_text().replace("/srv/krams", str(ROOT))
        (tmp_path / file.name).write_text(text)
    for timer in TIMERS:
        unit = re.search(r"^Unit=(krams-manage@\w+\.service)$", timer.read_text(), re.MULTILINE)
        if unit:
            (tmp_path / unit[1]).write_text((tmp_path / "krams-manage@.service").read_text())
    return tmp_path


def test_systemd_understands_every_unit(units):
    names = sorted(file.name for file in units.iterdir() if "@." not in file.name)
    assert {"krams.service", "krams.socket", "krams-backup.timer"} <= set(names)
    assert verified(units, *names) == ""


def test_it_would_tell_what_is_wrong(units):
    unit = units / "krams.service"
    unit.write_text(unit.read_text().replace("TimeoutStopSec=40", "TimeoutStopSec=forty"))
    assert "forty" in verified(units, "krams.service")


def test_every_timer_starts_a_command_that_there_is():
    commands = {file.stem for file in ROOT.glob("*/management/commands/*.py")}
    started = {timer.stem.removeprefix("krams-"): timer.read_text() for timer in TIMERS}
    for name, text in started.items():
        unit = re.search(r"^Unit=krams-manage@(\w+)\.service$", text, re.MULTILINE)
        assert (unit[1] if unit else f"send_{name}") in commands, name


def test_whoever_stops_the_portal_waits_longer_than_it_needs():
    graceful = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["graceful_timeout"]
    unit = (DEPLOY / "krams.service").read_text()
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]) > graceful
    compose = (ROOT / "compose.yaml").read_text()
    portal = compose[compose.index("\n  portal:\n") : compose.index("\n  proxy:\n")]
    assert int(re.search(r"stop_grace_period: (\d+)s", portal)[1]) > graceful


@pytest.fixture
def accounts():
    """A server as compose's first start leaves it."""
    with Postgres() as server:
        server.start()
        server.ask("CREATE DATABASE krams")
        passwords = {"OWNER_PASSWORD": "of the owner", "PORTAL_PASSWORD": "of 'the' portal"}
        subprocess.run(
            [DEPLOY / "compose-accounts.sh"],
            env={
                **os.environ,
                **passwords,
                "ACCOUNTS": str(DEPLOY / "database-roles.sql"),
                "PGHOST": HOST,
                "PGPORT": str(server.port),
            },
            check=True,
            capture_output=True,
        )
        yield server


def test_what_compose_serves_with_changes_no_table(accounts):
    address = accounts.url("krams")
    with psycopg.connect(address, user="krams_owner", autocommit=True) as owner:
        owner.execute("CREATE TABLE one (id integer)")
    with psycopg.connect(address, user="krams", autocommit=True) as portal:
        portal.execute("INSERT INTO one VALUES (1)")
        assert portal.execute("SELECT id FROM one").fetchall() == [(1,)]
        for statement in ("ALTER TABLE one ADD own text", "CREATE TABLE two ()", "DROP TABLE one"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                portal.execute(statement)
    kinds = "rolname, rolsuper, rolpassword LIKE 'SCRAM-SHA-256$%%'"
    asked = f"SELECT {kinds} FROM pg_authid WHERE rolname LIKE %s ORDER BY 1"
    assert accounts.ask(asked, "krams%") == [
        ("krams", False, True),
        ("krams_owner", False, True),
    ]


def test_compose_gives_each_service_its_own_password_alone():
    compose = (ROOT / "compose.yaml").read_text()
    portal, migrate = (
        compose[compose.index(f"\n{begins}") : compose.index(f"\n{ends}")]
        for begins, ends in (("x-portal:", "services:"), ("  migrate:", "  portal:"))
    )
    assert "DATABASE_URL: postgres://krams:${PORTAL_PASSWORD:" in portal
    assert "DATABASE_URL: postgres://krams_owner:${OWNER_PASSWORD:" in migrate
    # .env is handed to all of them.
    assert {'POSTGRES_PASSWORD: ""', 'OWNER_PASSWORD: ""'} <= set(
        map(str.strip, portal.split("\n"))
    )
    assert 'PORTAL_PASSWORD: ""' in migrate


def test_caddy_understands_its_file():
    command = [program("caddy", "caddy"), "validate", "--adapter", "caddyfile"]
    done = subprocess.run(
        [*command, "--config", str(DEPLOY / "Caddyfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


class Nginx(Process):
    """nginx with ``deploy/nginx.conf`` as it is shipped, but for what is this machine's own."""

    def __init__(self, portal: Portal) -> None:
        super().__init__("nginx")
        self.plain_port = free_port()
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        command += ["-subj", f"/CN={HOST}", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
        own = {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{portal.port};",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "server_name portal.example.dk;": f"server_name {HOST};",
            "/etc/ssl/certs/portal.example.dk.pem": str(certificate),
            "/etc/ssl/private/portal.example.dk.key": str(key),
            "/var/log/nginx/krams.log": str(self.folder / "error.log"),
        }
        site = (DEPLOY / "nginx.conf").read_text()
        for shipped, here in own.items():
            assert shipped in site, shipped
            site = site.replace(shipped, here)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = self.folder / "nginx.conf"
        # Its workers write what does not fit into memory: into our folder.
        user = "user root;\n" if os.getuid() == 0 else ""
        whole.write_text(
            f"{user}pid {self.folder}/pid;\ndaemon off;\nevents {{}}\n"
            f"http {{\n{temporary}{site}}}\n"
        )
        self.run([program("nginx", "nginx-light"), "-e", str(self.log), "-c", str(whole)])
        self.wait()

    def answers(self) -> bool:
        try:
            self.ask("/healthz").close()
        except OSError:
            return False
        return True

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        anyone = ssl._create_unverified_context()
        address = f"https://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, data, {"Host": HOST, **headers})
        return urllib.request.urlopen(request, timeout=20, context=anyone)


def test_behind_nginx_a_request_has_its_id_and_a_large_form_arrives(database):
    own = {"BEHIND_PROXY": "1", "HTTPS": "1", "LOG_LEVEL": "INFO"}
    with Portal(database, **own) as portal, Nginx(portal) as nginx:
        sent = {"X-Request-ID": "1" * 32, "X-Forwarded-Proto": "http"}
        with nginx.ask("/hjaelp/", **sent) as answer:
            assert answer.status == 200
            assert "max-age=" in answer.headers["Strict-Transport-Security"]
            request_id = answer.headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", request_id)
        assert request_id != "1" * 32
        assert f'"request_id": "{request_id}"' in portal.said()
        with pytest.raises(urllib.error.HTTPError) as refused:
            nginx.ask("/konto/login/", b"x=" + b"y" * 30_000_000)
        # By a page of the portal, not by nginx.
        assert refused.value.code in (403, 413)
        assert 'lang="da"' in refused.value.read().decode()
        long = {"Cookie": "a=" + "x" * 9_000}
        for path, more, status in (("/", long, 431), (f"/hjaelp/?q={'x' * 9_000}", {}, 414)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                nginx.ask(path, **more)
            assert refused.value.code == status
            assert 'lang="da"' in refused.value.read().decode()
        plain = HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)
        for path, status in (("/kalender/hemmelig.ics", 403), ("/hjaelp/?q=x", 301)):
            plain.request("GET", path, headers={"Host": HOST})
            answer = plain.getresponse()
            answer.read()
            assert answer.status == status
        assert answer.headers["Location"] == f"https://{HOST}/hjaelp/?q=x"
