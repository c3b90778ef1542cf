"""How often a password may be guessed, and whom that keeps out."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from krams.enums import AuditKind, Role
from krams.log_in import attempts
from krams.log_in.attempts import Locked
from krams.log_in.refusals import account_hash
from krams.models import AuditEntry
from krams.web.logs import JsonFormatter

from ...conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
TOWN_HALL, HOME = "192.0.2.17", "198.51.100.4"
NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def log_in(email, password=PASSWORD, address=TOWN_HALL):
    return Client().post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def gets_in(email, address=TOWN_HALL) -> bool:
    return log_in(email, address=address).status_code == 302


def fail(email="a@proeve.example", times=1, address=TOWN_HALL) -> None:
    for _one in range(times):
        attempts.begin(email, address)


def waits(email="a@proeve.example", address=TOWN_HALL) -> int:
    """Seconds; 0 for who need not wait."""
    try:
        attempts.begin(email, address)
    except Locked as locked:
        return locked.seconds
    return 0


def test_each_further_wrong_password_waits_twice_as_long(clock):
    fail(times=4)
    waited = []
    for _one in range(7):
        fail()
        seconds = waits()
        waited.append(seconds)
        clock.shift(dt.timedelta(seconds=seconds))
    assert waited == [60, 120, 240, 480, 900, 900, 900]


def test_who_waits_is_told_how_long_and_the_right_password_does_not_help(person, clock):
    for _one in range(6):
        log_in(person.email, "forkert-adgangskode")
        clock.shift(dt.timedelta(minutes=1, seconds=1))
    page = log_in(person.email)
    assert page.status_code == 422
    assert "For mange forsøg. Vent 1 minut" in page.content.decode()
    clock.shift(dt.timedelta(minutes=1))
    assert gets_in(person.email)


def test_one_account_that_is_guessed_at_keeps_nobody_else_out(person, make_user, facility):
    colleague = make_user(Role.STAFF, facility=facility)
    for _one in range(60):
        log_in(person.email, "forkert-adgangskode")
    assert not gets_in(person.email)
    assert gets_in(colleague.email)


def test_a_stranger_who_guesses_elsewhere_does_not_keep_the_person_out(person):
    for _one in range(10):
        log_in(person.email, "forkert-adgangskode", address=HOME)
    assert gets_in(person.email)


def test_many_addresses_give_no_more_guesses():
    tries = 0
    for number in range(200):
        tries += not waits(address=f"203.0.113.{number}")
    assert tries == attempts.FREE_FROM_ANYWHERE


def test_of_ipv6_one_network_is_one_address():
    fail(times=4, address="2001:db8:1:2::1")
    fail(address="2001:db8:1:2:ffff::9")
    assert waits(address="2001:db8:1:2:3::") == 60
    assert waits(address="2001:db8:1:3::1") == 0


def test_a_hundred_failing_accounts_close_the_address_and_those_who_got_in_do_not_count(clock):
    for number in range(99):
        fail(f"{number}@proeve.example")
    for number in range(60):
        attempts.begin(f"god{number}@proeve.example", TOWN_HALL)
        attempts.succeeded(f"god{number}@proeve.example", TOWN_HALL)
    fail("nr100@proeve.example")
    assert waits("nr101@proeve.example") == attempts.ADDRESS_SECONDS
    assert waits("nr101@proeve.example", HOME) == 0
    clock.shift(attempts.ADDRESS_SECONDS + 1)
    assert waits("nr101@proeve.example") == 0


def test_getting_in_forgives_ones_own_mistakes_and_not_those_of_others(clock):
    for number in range(15):
        fail(address=f"203.0.113.{number}")
    fail(times=4)
    attempts.succeeded("a@proeve.example", TOWN_HALL)
    fail(times=4)
    assert waits() == 0
    assert waits(address=HOME) == 60


def test_the_case_of_an_address_gives_no_more_guesses():
    fail("A@Proeve.Example", times=3)
    fail(" a@proeve.example", times=2)
    assert waits() == 60


def test_after_a_day_it_is_forgotten(clock):
    fail(times=4)
    clock.shift(dt.timedelta(days=1, minutes=1))
    fail(times=4)
    assert waits() == 0


def test_a_new_password_ends_the_wait(person):
    for _one in range(5):
        log_in(person.email, "forkert-adgangskode")
    assert not gets_in(person.email)
    attempts.forget(person.email, TOWN_HALL)
    assert gets_in(person.email)


def test_unknown_addresses_wait_as_known_ones_do(person):
    for email in (person.email, "ukendt@proeve.example"):
        answers = [log_in(email, "forkert-adgangskode") for _one in range(6)]
        texts = [one.content.decode().replace(email, "") for one in answers]
        assert ["For mange" in text for text in texts] == [False] * 5 + [True]
        assert {one.status_code for one in answers} == {422}


def test_guesses_sent_at_once_are_all_counted(monkeypatch):
    """In one process: the cache of a test database is not shared between its threads."""
    shared = LocMemCache("attempts", {})
    shared.clear()
    monkeypatch.setattr(attempts, "cache", shared)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _one: waits(), range(64)))
    assert found.count(0) == attempts.FREE_AT_ONE_ADDRESS


def test_a_refused_log_in_is_a_line_and_an_entry_without_what_was_typed(person, caplog):
    secret = "min-rigtige-adgangskode-1"
    log_in(person.email, secret)
    log_in(secret + "@proeve.example", "forkert-adgangskode")
    lines = [
        json.loads(JsonFormatter().format(one))
        for one in caplog.records
        if one.name == "krams.log_in"
    ]
    assert [line.get("user_id") for line in lines] == [person.pk, None]
    assert {line["address"] for line in lines} == {TOWN_HALL}
    assert lines[0]["account"] == account_hash(person.email.upper())
    entries = AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).order_by("pk")
    known, unknown = entries
    assert (known.about, known.address) == (f"account:{person.pk}", "192.0.2.0/24")
    assert unknown.about == f"unknown:{account_hash(secret + '@proeve.example')}"
    written = json.dumps(lines) + str([(one.about, one.details) for one in entries])
    assert secret not in written
    assert person.email not in written


def test_who_only_waits_fills_no_audit_log(person):
    for _one in range(50):
        log_in(person.email, "forkert-adgangskode")
    assert AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).count() == 5
