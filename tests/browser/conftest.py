"""A real server with the settings of production on a copy of the demo, and a real browser.

``portal`` is the address, put back to the freshly loaded demo before each test; ``open_as`` opens
a page as one of the demo people. The test process itself never touches the database.
"""

import datetime as dt
import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.policy import POLICY

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW = {"width": 1280, "height": 900}
# A Sunday, on which the week is nearly written up.
TODAY = dt.date(2026, 11, 29)

REFUSALS = ("Failed to load resource", "Response Status Error Code", "htmx:")


@dataclass(frozen=True)
class Prepared:
    """What all workers share: the loaded demo, log-ins, addresses of pages, static files."""

    database: Path
    static: Path
    sessions: dict[str, str]
    paths: dict[str, str]


def environment(database: Path, static: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "BROWSER_TESTS_STATIC": str(static),
        "BROWSER_TESTS_NOW": f"{TODAY}T15:00+01:00",
        "SECRET_KEY": "browser-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DEBUG": "0",
        # The test speaks plain HTTP; everything else is as in production.
        "HTTPS": "0",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def run(arguments: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, worker_id) -> Prepared:
    """Loads the demo and collects static files, once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    folder = shared / "prepared"
    database, static, facts = folder / "demo.sqlite3", folder / "static", folder / "facts.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not facts.exists():
            folder.mkdir(exist_ok=True)
            env = environment(database, static)
            # Both take seconds, and the other workers wait.
            with ThreadPoolExecutor() as both:
                collected = both.submit(run, ["manage.py", "collectstatic", "--noinput"], env)
                told = run(["-m", "tests.browser.prepare"], env)
                collected.result()
            facts.write_text(told)
    return Prepared(database, static, **json.loads(facts.read_text()))


@pytest.fixture(scope="session")
def server(prepared, tmp_path_factory):
    """Gunicorn as in production, on a database of this worker: its address and the database."""
    database = tmp_path_factory.mktemp("server") / "portal.sqlite3"
    shutil.copy(prepared.database, database)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (database.parent / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "krams.wsgi"],
        cwd=ROOT,
        env=environment(
            database,
            prepared.static,
            BIND=f"127.0.0.1:{port}",
            WEB_WORKERS="1",
            WEB_THREADS="4",
            # Later than what the demo holds.
            BROWSER_TESTS_NOW=f"{TODAY}T16:00+01:00",
        ),
        stderr=log,
    )
    address = f"http://localhost:{port}"
    try:
        wait_until_it_answers(address, process, log)
        yield address, database
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers(address: str, process: subprocess.Popen, log) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except OSError:
            assert process.poll() is None, log.seek(0) or log.read()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server does not answer.")


@pytest.fixture
def portal(server, prepared) -> str:
    """The portal's address, its database as the demo was loaded."""
    address, database = server
    with sqlite3.connect(prepared.database) as demo, sqlite3.connect(database, timeout=20) as live:
        demo.backup(live)
    demo.close()
    live.close()
    return address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    assert executable, "The browser tests need Chromium."
    return {**browser_type_launch_args, "executable_path": executable, "args": FLAGS}


class Complaints(list):
    """What the browser complains about: errors, what the Content-Security-Policy blocked."""

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.hear(page, message))

    def hear(self, page: Page, message) -> None:
        # A refusal that the test asks for (403, 404, 409, 422, offline) is reported too.
        if message.type in ("error", "warning") and not any(
            words in message.text for words in REFUSALS
        ):
            self.append(f"{page.url}: {message.text}")


def context_of(make, who: str, address: str, prepared: Prepared, **options) -> BrowserContext:
    """``make`` is Playwright's own way to a context; the person is logged in."""
    context = make(base_url=address, locale="da-DK", **{"viewport": WINDOW, **options})
    context.set_default_timeout(10_000)
    if who:
        cookie = {"name": "sessionid", "value": prepared.sessions[who], "url": address}
        context.add_cookies([cookie])
    return context


@pytest.fixture
def open_as(portal, prepared, new_context):
    """``open_as("leder", "/botilbud/...")``: a page of a logged-in person in a context of its own.

    Further arguments are Playwright's for a new context (viewport, java_script_enabled ...).
    What the browser complains about fails the test at its end.
    """
    complaints = Complaints()

    def open_page(who: str, path: str = "/", **options):
        page = context_of(new_context, who, portal, prepared, **options).new_page()
        complaints.watch(page)
        page.goto(path)
        return page

    yield open_page
    assert complaints == []


class Windows:
    """A window for each person, kept from test to test: a new one costs more than most questions
    about a page."""

    def __init__(self, open_context):
        self.open_context = open_context
        self.complaints = Complaints()
        self.pages: dict[str, Page] = {}

    def look(self, who: str, path: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self.open_context(who).new_page()
            # Sent to the browser once, not for each page.
            for script in (POLICY, Axe().axe_script):
                self.pages[who].add_init_script(script)
            self.complaints.watch(self.pages[who])
        page = self.pages[who]
        page.set_viewport_size(WINDOW)
        page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="null")
        page.goto(path)
        return page

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()


@pytest.fixture(scope="session")
def windows(server, prepared, browser):
    address, _database = server

    def open_context(who):
        return context_of(browser.new_context, who, address, prepared)

    return Windows(open_context)


@pytest.fixture
def look_as(portal, windows, request):
    """Like ``open_as``, for tests that only look at a page: in a window that they share."""
    windows.complaints.clear()
    yield windows.look
    if request.node.rep_call.failed:
        # Whatever the page was left in, the next test begins afresh.
        windows.close()
    assert windows.complaints == []
