"""The database stops and comes back: everybody is told at once, and no word is lost."""

import signal
import time

import pytest

from .browsers import Browser
from .conftest import _fill
from .servers import Portal, Postgres, until

TODAY = "/botilbud/bakkehuset/i-dag/"
WRITE = "/botilbud/bakkehuset/registrer/"
WITHIN = 2.0


@pytest.fixture(scope="module")
def server():
    """One of its own, since others' tests would fail while it is away."""
    with Postgres() as own:
        own.start()
        own.ask("CREATE DATABASE portal")
        _fill(own)
        yield own


@pytest.fixture(scope="module")
def portal(server):
    with Portal(server.url()) as one:
        yield one


@pytest.fixture
def somebody(portal) -> Browser:
    browser = Browser(portal)
    browser.log_in("medarbejder")
    return browser


def timed(ask, *arguments):
    began = time.monotonic()
    answer = ask(*arguments)
    return answer, time.monotonic() - began


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_a_database_that_restarts_costs_nobody_a_word(server, portal, somebody, how):
    before = len(somebody.exported())
    sent = somebody.registration(note="Gik rundt om søen <b>i regn</b>")
    server.stop(how)
    try:
        slowest = 0.0
        for _ in range(6):
            for ask, arguments in (
                (somebody.get, (TODAY,)),
                (somebody.post, (WRITE, sent)),
                (Browser(portal).get, ("/konto/login/",)),
                (somebody.get, ("/readyz",)),
            ):
                answer, seconds = timed(ask, *arguments)
                slowest = max(slowest, seconds)
                assert answer.status == 503, answer.text
        assert slowest < WITHIN
        assert somebody.get("/healthz").text == "ok"
        told = somebody.post(WRITE, sent)
        assert "Gik rundt om søen &lt;b&gt;i regn&lt;/b&gt;" in told.text
        form = told.form("/registrer/")
    finally:
        server.start()
    until(lambda: somebody.get("/readyz").status == 200, seconds=5, what="the portal")
    # By the button of that page, and once more by who is not sure.
    for _ in range(2):
        assert somebody.post(form.path, form.data).status == 200
    assert len(somebody.exported()) == before + 1


def test_after_a_long_absence_the_first_click_is_served(server, portal, somebody):
    server.stop(signal.SIGQUIT)
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            assert somebody.get(TODAY).status == 503
            time.sleep(0.5)
    finally:
        server.start()
    answer, seconds = timed(somebody.get, TODAY)
    assert (answer.status, seconds < WITHIN) == (200, True)
