"""The portal is stopped, restarted and told to reload while it is used: nobody is cut off."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.inbox import Inbox, serving

from .browsers import Browser
from .servers import HOST, ROOT, Portal, environment, free_port, manage, until

WRITE = "/botilbud/bakkehuset/registrer/"
PAGES = ["/botilbud/", "/botilbud/bakkehuset/i-dag/", "/konto/indstillinger/"]


@pytest.fixture
def portal(database):
    with Portal(database) as one:
        yield one


def is_refused(portal) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", portal.port)) != 0


def test_what_is_in_flight_is_answered_and_whoever_comes_then_is_refused(database, portal):
    somebody = Browser(portal).log_in("medarbejder")
    before = len(somebody.exported())
    sent = somebody.registration(note="Sendt, mens portalen blev stoppet")
    with psycopg.connect(database) as holding, ThreadPoolExecutor(1) as beside:
        holding.execute("LOCK TABLE initiatives_activity IN ACCESS EXCLUSIVE MODE")
        # Where it leads to is asked for later, by then of whoever is there.
        answer = beside.submit(somebody.post, WRITE, sent, follow=False)
        until(lambda: waits_for_lock(database), what="the request that waits")
        portal.process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(portal), seconds=3, what="the door to be closed")
        time.sleep(1)
        assert portal.process.poll() is None
        assert not answer.done()
        holding.rollback()
        assert answer.result(20).status in (302, 303)
    assert portal.process.wait(10) == 0
    with Portal(database) as next_one:
        assert len(Browser(next_one).log_in("medarbejder").exported()) == before + 1


def waits_for_lock(database) -> bool:
    sql = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with psycopg.connect(database, autocommit=True) as asking:
        return asking.execute(sql).fetchone()[0] > 0


class Users:
    """Several people who click without a pause; what was not answered well is kept."""

    def __init__(self, portal, names):
        self.portal, self.stopped, self.failed = portal, threading.Event(), []
        self.browsers = [Browser(portal).log_in(name) for name in names]
        self.asked = self.saved = 0

    def __enter__(self):
        self.pool = ThreadPoolExecutor(len(self.browsers))
        self.running = [self.pool.submit(self.click, one) for one in self.browsers]
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        for one in self.running:
            one.result(60)
        self.pool.shutdown()

    def click(self, browser):
        number = 0
        while not self.stopped.is_set():
            number += 1
            try:
                statuses = [browser.get(path).status for path in PAGES]
                sent = browser.registration(note=f"Klik {number}")
                statuses.append(browser.post(WRITE, sent).status)
            except OSError as error:
                self.failed.append(repr(error))
                continue
            self.asked += len(statuses)
            self.saved += statuses[-1] == 200
            self.failed += [status for status in statuses if status != 200]


def workers(portal) -> set[str]:
    listed = subprocess.run(
        ["pgrep", "-P", str(portal.process.pid)], capture_output=True, text=True, check=False
    )
    return set(listed.stdout.split())


def test_a_reload_under_load_loses_no_request(database):
    with Portal(database, WEB_WORKERS="2") as portal:
        rows = len(Browser(portal).log_in("leder").exported())
        with Users(portal, ["medarbejder", "kollega", "leder"]) as users:
            for _ in range(3):
                before = workers(portal)
                asked = users.asked
                portal.process.send_signal(signal.SIGHUP)
                # The new ones are there and the old ones are gone.
                until(lambda: not before & workers(portal), seconds=40, what="other workers")  # noqa: B023
                until(lambda: users.asked > asked + 20, seconds=40, what="clicks")  # noqa: B023
        assert users.failed == []
        assert users.saved > 10
        assert len(Browser(portal).log_in("leder").exported()) == rows + users.saved


class Held:
    """``systemd`` with ``krams.socket``: the door is open also while nobody stands behind it."""

    def __init__(self, database):
        self.database, self.port = database, free_port()
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind(("127.0.0.1", self.port))
        self.door.listen(512)
        self.process = None
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self):
        # As systemd hands it over (sd_listen_fds): the first one is number 3.
        number = self.door.fileno()
        gunicorn = f"{sys.executable} -m gunicorn --config deploy/gunicorn.conf.py krams.wsgi"
        script = f"exec 3<&{number}; LISTEN_FDS=1 LISTEN_PID=$$ exec setpriv --pdeathsig KILL"
        self.process = subprocess.Popen(
            ["bash", "-c", f"{script} {gunicorn}"],
            cwd=ROOT,
            pass_fds=[number],
            env=environment(self.database, BIND="127.0.0.1:1", WEB_WORKERS="1"),
        )

    def restart(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        self.start()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.door.close()


def test_a_restart_refuses_nobody_where_systemd_holds_the_door(database):
    with Held(database) as portal, Users(portal, ["medarbejder", "kollega"]) as users:
        for _ in range(2):
            asked = users.asked
            until(lambda: users.asked > asked + 10, seconds=40, what="clicks")  # noqa: B023
            portal.restart()
        asked = users.asked
        until(lambda: users.asked > asked + 10, seconds=40, what="clicks")
    assert users.failed == []


class SlowInbox(Inbox):
    """Takes a letter, and takes its time."""

    def __init__(self):
        super().__init__()
        self.begun = threading.Event()

    async def handle_DATA(self, server, session, envelope):
        self.begun.set()
        await asyncio.sleep(2.5)
        return await super().handle_DATA(server, session, envelope)


def test_the_letter_in_hand_is_sent_and_the_others_wait(database):
    inbox = SlowInbox()
    people = ["medarbejder", "kollega", "leder", "koordinator"]
    with serving(inbox) as port:
        mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
        with Portal(database, PORTAL_URL=f"http://{HOST}", **mail) as portal:
            browser = Browser(portal)
            browser.get("/konto/password/reset/")
            for name in people:
                form = {"email": f"{name}@proeve.example"}
                assert browser.post("/konto/password/reset/", form).status == 200
            assert inbox.begun.wait(10)
            portal.process.send_signal(signal.SIGTERM)
            assert portal.process.wait(30) == 0
        states = letters(database)
        assert set(states) == {"sent", "waiting"}
        assert states["sent"] == len(inbox.letters) >= 1
        manage(database, "send_letters", **mail)
    assert letters(database) == {"sent": len(people)}
    assert sorted(map(len, inbox.letters.values())) == [1] * len(people)


def letters(database) -> dict[str, int]:
    sql = "SELECT state, count(*) FROM krams_letter GROUP BY state"
    with psycopg.connect(database, autocommit=True) as asking:
        return dict(asking.execute(sql).fetchall())
