"""Logs say what happened, never what a form held."""

import json
import logging
import re
import runpy
import sys
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as settings_module
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from krams.letters.delivery import Delivery, deliver
from krams.models import Facility
from krams.web.logs import ErrorMail, JsonFormatter
from tests.inbox import post_letters

SECRET = "Hans Hansen 010203-1234"


@pytest.fixture
def lines():
    """Every log line of the test, formatted as in production."""
    found = []

    class Handler(logging.Handler):
        def emit(self, record):
            found.append(JsonFormatter().format(record))

    handler = Handler()
    loggers = [logging.getLogger(name) for name in ("", "django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


def format_error(raise_it) -> dict:
    try:
        raise_it()
    except Exception:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "p", 1, "%s: %s", ("Internal", "/x"), sys.exc_info()
        )
        record.request = RequestFactory().post("/x", {"note": SECRET})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_a_request_is_one_line_without_what_was_searched_for(client, db, lines):
    client.get("/hjaelp/", {"q": SECRET})
    [line] = [json.loads(line) for line in lines if '"krams.requests"' in line]
    assert line["path"] == "/hjaelp/"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert isinstance(line["duration_ms"], int)
    assert SECRET not in "".join(lines)


TOKEN = "d1fk2p-3e5a8c0b9f7d6e4a2b1c0d9e8f7a6b5c"


def addresses_with_a_secret() -> list[str]:
    """Every address that captures more than numbers and slugs, with a token in that place."""
    found = []
    for path, _pattern in all_addresses():
        filled = re.sub(r"<int:\w+>", "1", re.sub(r"<slug:\w+>", "noget", path))
        filled = re.sub(r"\(\?P<\w+>\[0-9A-Za-z\]\+\)", "1", filled)
        filled, number = re.subn(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)", TOKEN, filled)
        if number:
            found.append("/" + re.sub(r"[\^$\\]|\\Z", "", filled))
    return found


def all_addresses(patterns=None, prefix=""):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from all_addresses(one.url_patterns, path)
        else:
            yield path, one


def test_no_secret_of_an_address_is_written_down(client, db, lines):
    """Whatever the answer, and also where the link was cut short or lost its last sign."""
    addresses = addresses_with_a_secret()
    assert any("password/reset/key" in path for path in addresses)
    for path in addresses:
        for tried in (path, path.rstrip("/"), f"/vaek{path}", f"{path}?token={TOKEN}"):
            client.get(tried, headers={"Referer": f"http://testserver{path}"})
            client.post(tried)
    assert any("krams.requests" in line for line in lines)
    assert [line for line in lines if TOKEN[:20] in line] == []


def test_the_page_somebody_came_from_is_not_written_down(db, lines):
    """The check of forms quotes it where it refuses one."""
    client = Client(enforce_csrf_checks=True)
    for headers in (
        {"Referer": f"https://portal.example/konto/password/reset/key/{TOKEN}/"},
        {"Origin": f"https://{TOKEN}.example"},
    ):
        assert client.post("/konto/login/", secure=True, headers=headers).status_code == 403
    assert [line for line in lines if "checking failed" in line]
    assert [line for line in lines if TOKEN[:20] in line] == []


@pytest.mark.parametrize("path", [f"/{TOKEN}", f"/{TOKEN}/", f"/{TOKEN}/x/"])
def test_a_token_alone_is_not_written_down(client, db, lines, path):
    client.get(path)
    assert [line for line in lines if TOKEN[:20] in line] == []


def test_the_servers_own_lines_hold_no_address(lines):
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/konto/{TOKEN}/")
    assert TOKEN not in "".join(lines)
    assert "Error handling request" in "".join(lines)


def test_without_a_mail_server_no_letter_is_written_down(settings, make_user, lines, client, capfd):
    settings.EMAIL_BACKEND = "krams.letters.delivery.NoMailServer"
    user = make_user()
    assert client.post("/konto/password/reset/", {"email": user.email}).status_code == 302
    assert post_letters() == []
    assert any("EMAIL_HOST" in line for line in lines)
    written = "".join([*lines, *capfd.readouterr()])
    assert user.email not in written
    assert "reset/key" not in written
    letter = EmailMultiAlternatives("Emne", "Tekst", to=[user.email])
    assert deliver(letter, get_connection(), user.pk) is Delivery.UNREACHABLE


def test_the_line_names_the_account_by_number(login, make_user, lines):
    user = make_user()
    login(user).get("/konto/indstillinger/")
    assert f'"user_id": {user.pk}' in "".join(lines)
    assert user.email not in "".join(lines)


def test_an_error_tells_the_place_but_not_the_words(make_user, lines, monkeypatch):
    def break_down(user, namespace=""):
        raise ValueError(f"cannot read {SECRET}")

    monkeypatch.setattr("krams.pages.views.home.halves_of", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    client.get("/", {"note": SECRET})
    [line] = [json.loads(line) for line in lines if '"django.request"' in line]
    assert line["exception"] == "ValueError"
    assert any("break_down" in place for place in line["trace"])
    assert SECRET not in "".join(lines)


@pytest.fixture(autouse=True)
def _nothing_was_told_yet():
    for handler in logging.getLogger().handlers:
        if isinstance(handler, ErrorMail):
            handler.told.clear()


def test_the_same_error_is_told_once_in_ten_minutes(mailoutbox, settings):
    settings.ADMINS = [("", "drift@proeve.example")]
    logger = logging.getLogger("krams.digests")
    now = timezone.now()
    with time_machine.travel(now) as clock:
        for _ in range(3):
            logger.error("does not answer")
        logger.error("something else")
        assert len(mailoutbox) == 2
        clock.shift(ErrorMail.QUIET_SECONDS + 1)
        logger.error("does not answer")
    assert len(mailoutbox) == 3


def test_administrators_are_told_of_an_error_in_the_same_words(
    make_user, mailoutbox, settings, monkeypatch
):
    settings.ADMINS = [("", "drift@proeve.example")]

    def break_down(user, namespace=""):
        hidden = SECRET
        raise ValueError(f"cannot read {hidden}")

    monkeypatch.setattr("krams.pages.views.home.halves_of", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    client.get("/", {"note": SECRET}, headers={"Referer": f"http://testserver/{TOKEN}/"})
    [letter] = mailoutbox
    assert letter.to == ["drift@proeve.example"]
    assert '"exception": "ValueError"' in letter.body
    written = f"{letter.message()}{letter.subject}"
    cookie = client.cookies["sessionid"].value
    assert [word for word in (SECRET, TOKEN, cookie, "Traceback") if word in written] == []


def test_a_stranger_makes_no_letters(client, db, mailoutbox, settings):
    settings.ADMINS = [("", "drift@proeve.example")]
    assert client.get("/", headers={"Host": "fremmed.example"}).status_code == 400
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("logger", "letters"), [("krams.digests", 1), ("allauth", 1), ("krams.mail", 0)]
)
def test_administrators_are_told_of_errors_of_commands_but_not_of_the_mail_server(
    logger, letters, mailoutbox, settings
):
    settings.ADMINS = [("", "drift@proeve.example")]
    logging.getLogger(logger).warning("not yet an error")
    logging.getLogger(logger).error("did not work")
    assert len(mailoutbox) == letters


def test_what_opens_an_account_is_in_no_line(client, make_user, lines):
    """Codes, sessions and tokens, wherever a browser may send them, right and wrong."""
    user = make_user()
    for path in ("/konto/2fa/authenticate/", "/konto/2fa/totp/activate/", "/konto/login/"):
        data = {"code": "492817", "login": user.email, "password": TOKEN, "credential": TOKEN}
        query = f"?next=/konto/password/reset/key/{TOKEN}/&email={user.email}&code=492817"
        for logged_in in (False, True):
            if logged_in:
                client.force_login(user)
            client.get(path + query)
            client.post(path + query, data, headers={"Referer": f"http://testserver{path}{query}"})
            client.post(path + query, b"{" + TOKEN.encode(), content_type="application/json")
        session = client.cookies["sessionid"].value
        client.cookies["sessionid"] = f"{session}x"
        client.get("/")
        client.logout()
        secrets = (TOKEN, "492817", session, user.email, user.password)
        assert [line for line in lines if any(secret in line for secret in secrets)] == []
    client.get(f"/konto/login/{user.email}/")
    client.get("/soeg/", {"q": user.email})
    assert [line for line in lines if user.email in line] == []


def test_no_server_in_front_writes_whole_addresses():
    """gunicorn and Caddy write no access log: a line would hold the query and the page before."""
    deploy = Path(settings_module.BASE_DIR) / "deploy"
    gunicorn = runpy.run_path(str(deploy / "gunicorn.conf.py"))
    assert gunicorn["accesslog"] is None
    assert "access_log_format" not in gunicorn
    assert "gunicorn.access" not in gunicorn["logconfig_dict"]["loggers"]
    assert not re.search(r"^\s*log\b", (deploy / "Caddyfile").read_text(), re.MULTILINE)
    files = [path for path in (*deploy.iterdir(), deploy.parent / "Dockerfile") if path.is_file()]
    started = [path.read_text() for path in files]
    assert not [text for text in started if "--access-log" in text]


def test_a_database_error_does_not_quote_the_row(department, db):
    # The guard of the columns would not let a number in.
    name = "Et hus, som ingen må høre om"
    Facility.objects.create(department=department, name=name, slug="a")

    def again():
        Facility.objects.create(department=department, name=name, slug="b")

    with pytest.raises(IntegrityError), transaction.atomic():
        again()
    with transaction.atomic():
        line = format_error(lambda: _in_savepoint(again))
    assert line["exception"] == "IntegrityError"
    assert name not in json.dumps(line, ensure_ascii=False)


def _in_savepoint(action):
    with transaction.atomic():
        action()


def test_a_template_error_does_not_quote_the_context():
    class Bad:
        def __str__(self):
            raise RuntimeError(SECRET)

    line = format_error(lambda: Template("{{ bad }}").render(Context({"bad": Bad()})))
    assert line["exception"] == "RuntimeError"
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_the_chain_of_causes_is_left_out_too():
    def chained():
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise KeyError("x") from error

    assert SECRET not in json.dumps(format_error(chained), ensure_ascii=False)


def test_a_refused_form_leaves_no_words(client, db, lines):
    client.post("/konto/login/", {"login": f"{SECRET}@x", "password": "hemmelig-adgangskode"})
    assert SECRET not in "".join(lines)
    assert "hemmelig-adgangskode" not in "".join(lines)


def test_too_many_fields_leave_no_words(client, db, lines, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    response = client.post("/sprog/", {"language": SECRET, "next": SECRET})
    assert response.status_code == 413
    assert SECRET not in "".join(lines)


def test_sql_with_its_values_is_never_logged(settings):
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] == "INFO"


def test_lines_go_to_standard_error_and_errors_to_administrators_and_nowhere_else():
    """The inventory of docs/security.md has no other place."""
    served = runpy.run_path(str(settings_module.BASE_DIR / "deploy" / "gunicorn.conf.py"))
    classes = {
        handler["class"]
        for config in (settings_module.LOGGING, served["logconfig_dict"])
        for handler in config["handlers"].values()
    }
    assert classes == {"logging.StreamHandler", "krams.web.logs.ErrorMail"}
    assert served["accesslog"] is None
    streams = [
        handler.get("stream")
        for config in (settings_module.LOGGING, served["logconfig_dict"])
        for handler in config["handlers"].values()
    ]
    assert set(streams) == {None}


def test_a_line_break_does_not_make_a_second_line():
    record = logging.LogRecord("a", logging.INFO, "p", 1, 'x\n{"level": "ERROR"}', (), None)
    line = JsonFormatter().format(record)
    assert line.count("\n") == 0
    assert json.loads(line)["level"] == "INFO"
