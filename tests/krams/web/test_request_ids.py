"""One id a request: in every log line, in the answer, and on the page of an error."""

import json
import logging
import re
import uuid

import pytest
from django.db import OperationalError, connection
from django.test import Client

from krams.web.logs import ErrorMail, JsonFormatter

GIVEN = "3f2a91bc-0d4e-4c5f-9a61-7b8c9d0e1f2a"
NO_IDS = [
    "",
    "1",
    "010203-1234",
    "Hans Hansen",
    GIVEN[:-1],
    f"{GIVEN}0",
    f"{GIVEN},{GIVEN}",
    f'{GIVEN[:-1]}"',
    "g" * 32,
    "a" * 5_000,
]


@pytest.fixture
def lines():
    """Every log line of the test, as in production and read again."""
    found = []

    class Handler(logging.Handler):
        def emit(self, record):
            found.append(json.loads(JsonFormatter().format(record)))

    handler = Handler()
    loggers = [logging.getLogger(name) for name in ("", "django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


def break_down(user, namespace=""):
    logging.getLogger("krams.deep").warning("on the way down")
    raise ValueError("gone")


@pytest.fixture
def broken(make_user, monkeypatch):
    monkeypatch.setattr("krams.pages.views.home.halves_of", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    return client


@pytest.mark.parametrize("given", [GIVEN, GIVEN.upper(), GIVEN.replace("-", "")])
def test_the_id_of_the_proxy_is_taken_and_given_back(client, db, settings, lines, given):
    settings.BEHIND_PROXY = True
    answer = client.get("/hjaelp/", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given.lower()
    assert {line["request_id"] for line in lines} == {given.lower()}


@pytest.mark.parametrize("given", NO_IDS)
def test_what_is_no_id_is_not_taken(client, db, settings, lines, given):
    settings.BEHIND_PROXY = True
    answer = client.get("/hjaelp/", headers={"X-Request-ID": given})
    made = answer.headers["X-Request-ID"]
    assert uuid.UUID(hex=made).hex == made
    assert {line["request_id"] for line in lines} == {made}
    assert len(given) < 2 or given not in json.dumps(lines)


def test_without_a_proxy_nobody_chooses_the_id(client, db, lines):
    found = {
        client.get("/hjaelp/", headers={"X-Request-ID": GIVEN}).headers["X-Request-ID"]
        for _ in range(3)
    }
    assert len(found) == 3
    assert GIVEN not in found


def test_whatever_the_answer_it_has_an_id(client, db):
    for path, headers in (
        ("/findes-ikke/", {}),
        ("/", {}),
        ("/static/findes-ikke.css", {}),
        ("/", {"Host": "fremmed.example"}),
        (f"/?{'x' * 5_000}", {}),
    ):
        assert re.fullmatch("[0-9a-f]{32}", client.get(path, headers=headers)["X-Request-ID"])


def test_every_line_of_an_error_has_the_id_that_the_page_shows(broken, lines):
    answer = broken.get("/")
    assert answer.status_code == 500
    request_id = answer.headers["X-Request-ID"]
    told = {line["logger"]: line["request_id"] for line in lines}
    assert told.keys() >= {"krams.deep", "django.request", "krams.requests"}
    assert set(told.values()) == {request_id}
    assert f"<strong>{request_id[:8]}</strong>" in answer.content.decode()


def test_who_gets_the_error_by_mail_can_look_it_up(broken, mailoutbox, settings):
    settings.ADMINS = [("", "drift@proeve.example")]
    for handler in logging.getLogger().handlers:
        if isinstance(handler, ErrorMail):
            handler.told.clear()
    answer = broken.get("/")
    assert answer.headers["X-Request-ID"] in mailoutbox[-1].body


def test_a_database_that_is_away_shows_it_too(broken):
    def gone(*_arguments):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        answer = broken.get("/")
    assert answer.status_code == 503
    assert f"<strong>{answer.headers['X-Request-ID'][:8]}</strong>" in answer.content.decode()


def test_other_pages_show_none(client, db):
    answer = client.get("/findes-ikke/")
    assert answer.headers["X-Request-ID"][:8] not in answer.content.decode()


def test_what_is_answered_before_has_not_the_id_of_the_last_request(client, db, lines):
    client.get("/hjaelp/")
    lines.clear()

    def gone(*_arguments):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        assert client.get("/readyz").status_code == 503
    [line] = [line for line in lines if line["logger"] == "krams.health"]
    assert "request_id" not in line
