"""``/metrics``: what is counted, who is told, and what no label holds."""

import datetime as dt
import os

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from krams.enums import LetterState, Role
from krams.env import Env
from krams.models import Job, Letter
from krams.operation.middleware import MetricsMiddleware

TOKEN = "a-token-of-a-monitor-0123456789abcdef"
SECRET = "d1fk2p-3e5a8c0b9f7d6e4a2b1c0d9e8f7a6b5c"


@pytest.fixture
def watched(settings):
    """The portal as its operator has it who set the token."""
    settings.METRICS_TOKEN = TOKEN


def scrape() -> dict[tuple, float]:
    """Name and labels -> value, read as Prometheus reads it."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def grown(before: dict) -> dict[tuple, float]:
    after = scrape()
    differences = {name: value - before.get(name, 0) for name, value in after.items()}
    return {name: value for name, value in differences.items() if value}


def test_without_a_token_there_is_no_such_page(client, db):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    "given",
    [
        *(None, "", "Bearer", "Bearer ", TOKEN, f"bearer{TOKEN}", f"Basic {TOKEN}"),
        *(f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer \xe6"),
    ],
)
def test_who_does_not_know_the_token_is_told_nothing(client, db, given):
    headers = {} if given is None else {"Authorization": given}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "krams" not in answer.text


@pytest.mark.usefixtures("watched")
def test_it_is_read_under_any_host_and_never_written(client, db):
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.7:8000"}
    assert client.get("/metrics", headers=headers).status_code == 200
    answer = client.post("/metrics", headers=headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("token", ["short", "x" * 31, "æ" * 40, f"{'x' * 40}\n{'x' * 40}"])
def test_a_token_that_is_easily_guessed_stops_the_start(token):
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN"):
        Env({"METRICS_TOKEN": token}).token("METRICS_TOKEN")


@pytest.mark.usefixtures("watched")
def test_requests_are_counted_by_view_method_and_status(login, make_user, facility):
    person = login(make_user(Role.STAFF, facility=facility))
    before = scrape()
    for _ in range(3):
        assert person.get(facility.get_absolute_url()).status_code in (200, 302)
    person.get("/findes-ikke/")
    person.get("/static/findes-ikke.css")
    person.post("/konto/indstillinger/", {"digest": "vrøvl"})
    found = grown(before)
    counted = {name: value for name, value in found.items() if name[0] == "krams_requests_total"}
    assert sum(counted.values()) == 6
    assert counted["krams_requests_total", "4xx", "GET", "other"] == 1
    assert counted["krams_requests_total", "4xx", "GET", "static"] == 1
    assert counted["krams_requests_total", "4xx", "POST", "settings"] == 1
    assert found["krams_answers_total", "422"] == 1
    assert found["krams_answers_total", "404"] == 2
    assert found["krams_request_seconds_count", "settings"] == 1
    assert found["krams_request_seconds_sum", "settings"] > 0
    assert scrape()["krams_requests_in_flight",] == 0


@pytest.mark.usefixtures("watched")
def test_errors_are_told_apart(login, make_user, monkeypatch):
    def break_down(user, namespace=""):
        raise ValueError("gone")

    def gone(*_arguments):
        raise OperationalError("server closed the connection unexpectedly")

    person = login(make_user())
    person.raise_request_exception = False
    before = scrape()
    with connection.execute_wrapper(gone):
        assert person.get("/").status_code == 503
    assert grown(before)["krams_errors_total", "database_away"] == 1
    monkeypatch.setattr("krams.pages.views.home.halves_of", break_down)
    assert person.get("/").status_code == 500
    found = grown(before)
    assert found["krams_errors_total", "portal"] == 1
    assert found["krams_errors_total", "database_away"] == 1


@pytest.mark.usefixtures("watched")
def test_a_database_that_is_away_is_told_and_the_rest_too(db):
    def gone(*_arguments):
        raise OperationalError("server closed the connection unexpectedly")

    assert scrape()["krams_database_up",] == 1
    with connection.execute_wrapper(gone):
        found = scrape()
    assert found["krams_database_up",] == 0
    assert ("krams_letters_waiting",) not in found
    assert ("krams_requests_in_flight",) in found


@pytest.mark.usefixtures("watched")
def test_letters_that_wait_and_how_long(make_user, db):
    user = make_user()
    now = timezone.now()
    assert scrape()["krams_letters_oldest_seconds",] == 0
    for number, state in enumerate(LetterState):
        for more in range(2):
            at = now - dt.timedelta(minutes=10 * number + more)
            Letter.objects.create(kind="prøve", to=user, state=state, created_at=at)
    with time_machine.travel(now, tick=False):
        found = scrape()
    wait = [list(LetterState).index(one) for one in (LetterState.WAITING, LetterState.SENDING)]
    assert found["krams_letters_waiting",] == 4
    assert found["krams_letters_failed",] == 4
    assert found["krams_letters_oldest_seconds",] == max(wait) * 600 + 60


@pytest.mark.usefixtures("watched")
def test_when_a_command_last_ended_and_not_where_it_failed(db, settings, tmp_path):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for command in ("retention", "send_letters", "send_reminders", "check_summaries"):
            call_command(command, verbosity=0)
        settings.PORTAL_URL = "https://portal.example"
        call_command("send_digests")
    found = scrape()
    told = {name[1]: at for name, at in found.items() if name[0].startswith("krams_job_ended")}
    commands = {"retention", "send_letters", "send_digests", "send_reminders", "check_summaries"}
    assert told.keys() == commands
    assert all(at == pytest.approx(now.timestamp(), abs=0.01) for at in told.values())
    with time_machine.travel(now + dt.timedelta(days=1), tick=False):
        call_command("retention", "--dry-run")
    assert Job.objects.get(name="retention").ended_at == now


@pytest.mark.usefixtures("watched")
def test_the_age_of_the_latest_backup(db, settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path
    assert not any(name[0].startswith("krams_backup") for name in scrape())
    for day, name in ((1, "krams-20261101T024000Z.tar"), (2, "krams-20261102T024000Z.tar.age")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (day * 86_400, day * 86_400))
    (tmp_path / "noget-andet.tar").touch()
    assert scrape()["krams_backup_timestamp_seconds",] == 2 * 86_400


@pytest.mark.usefixtures("watched")
def test_sessions_that_have_run_out_are_none(login, make_user, db):
    before = scrape()["krams_sessions",]
    login(make_user())
    assert scrape()["krams_sessions",] == before + 1
    with time_machine.travel(timezone.now() + dt.timedelta(days=60)):
        assert scrape()["krams_sessions",] == 0


def test_a_page_costs_no_query_more(login, make_user, facility, settings):
    person = login(make_user(Role.STAFF, facility=facility))
    numbers = []
    for token in ("", TOKEN, ""):
        settings.METRICS_TOKEN = token
        person.handler._middleware_chain = None
        with CaptureQueriesContext(connection) as queries:
            assert person.get("/konto/indstillinger/").status_code == 200
        numbers.append(len(queries))
    assert numbers[1] == numbers[2]


@pytest.mark.usefixtures("watched")
def test_the_page_itself_asks_the_database_three_times(db):
    with CaptureQueriesContext(connection) as queries:
        scrape()
    assert len(queries) == 3


@pytest.mark.usefixtures("watched")
def test_whatever_strangers_ask_makes_no_label(login, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    person = login(user)
    scrape()
    for asking in (Client(), person):
        for number in range(20):
            asking.get(f"/{SECRET}{number}/", {"q": SECRET})
            asking.get(f"/konto/password/reset/key/{SECRET}{number}/")
            asking.get(f"/botilbud/{SECRET.lower()}{number}/", headers={"Host": f"{SECRET}.dk"})
            asking.generic(f"X{number}", "/")
        asking.get(facility.get_absolute_url())
    text = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    forbidden = (SECRET[:20], SECRET[:20].lower(), user.email, user.name, facility.slug, "X1")
    assert [one for one in forbidden if one in text] == []
    views = {name[3] for name in scrape() if name[0] == "krams_requests_total"}
    assert {"other", "account_reset_password_from_key"} <= views
    methods = {name[2] for name in scrape() if name[0] == "krams_requests_total"}
    assert methods <= {"GET", "HEAD", "POST", "OPTIONS", "other"}


def test_switched_off_it_is_no_part_of_the_portal(settings):
    assert settings.METRICS_TOKEN == ""
    with pytest.raises(MiddlewareNotUsed):
        MetricsMiddleware(lambda request: None)
