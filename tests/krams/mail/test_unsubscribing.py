"""The link that stops an e-mail (RFC 8058): one post is enough, and nobody else's."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.test import Client
from django.urls import reverse

from krams.data_protection.actions.leaving import anonymise
from krams.enums import DigestFrequency, Role
from krams.mail import unsubscribe_links
from krams.mail.digests import Line, Section, compose
from krams.mail.queries import due
from krams.models import User

MONDAY = dt.date(2026, 11, 16)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def program():
    """A mail program: no cookies, no token of a form."""
    return Client(enforce_csrf_checks=True)


def frequency_of(person: User) -> str:
    return User.objects.get(pk=person.pk).digest_frequency


def page_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("encoded", [{}, {"content_type": "application/x-www-form-urlencoded"}])
def test_one_post_stops_the_e_mail_for_that_person_alone(program, person, make_user, encoded):
    other = make_user(Role.STAFF, facility=person.memberships.get().facility)
    body = "List-Unsubscribe=One-Click" if encoded else ONE_CLICK
    answer = program.post(unsubscribe_links.path_for(person), body, **encoded)
    assert answer.status_code == 200
    assert "E-mailen er afmeldt" in page_of(answer)
    assert frequency_of(person) == DigestFrequency.NEVER
    assert frequency_of(other) == DigestFrequency.WEEKLY
    assert due(MONDAY) == [other]
    assert not program.cookies.get("sessionid")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_program_that_opens_every_link_stops_nothing(program, person, method):
    answer = getattr(program, method)(unsubscribe_links.path_for(person))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert frequency_of(person) == DigestFrequency.WEEKLY


def test_the_page_asks_with_a_button_and_names_nobody(program, person):
    page = page_of(program.get(unsubscribe_links.path_for(person)))
    assert re.search(r'<form\b[^>]*\bmethod="post"', page)
    assert person.email not in page
    assert person.name not in page


def test_it_is_undone_under_ones_own_settings(client, program, person):
    path = unsubscribe_links.path_for(person)
    program.post(path)
    assert "E-mailen er afmeldt" in page_of(program.get(path))
    client.force_login(person)
    client.post(reverse("settings"), {"frequency": "monthly", "language": "da"})
    assert frequency_of(person) == DigestFrequency.MONTHLY
    # The letter is still there, and so is its link.
    program.post(path)
    assert frequency_of(person) == DigestFrequency.NEVER


def test_each_change_is_kept_once(client, program, person):
    for _ in range(2):
        program.post(unsubscribe_links.path_for(person))
    client.force_login(person)
    for language in ("da", "en"):
        client.post(reverse("settings"), {"frequency": "weekly", "language": language})
    kept = LogEntry.objects.filter(user=person, object_id=str(person.pk)).order_by("pk")
    by_link, by_hand = [entry.get_change_message() for entry in kept]
    assert "»Hver uge« til »Aldrig«, med linket i en e-mail" in by_link
    assert "»Aldrig« til »Hver uge«, valgt under Indstillinger" in by_hand


def test_an_administrator_reads_it_in_the_accounts_history(client, program, person, make_user):
    program.post(unsubscribe_links.path_for(person))
    administrator = make_user()
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)
    page = page_of(client.get(reverse("admin:krams_user_history", args=[person.pk])))
    assert "med linket i en e-mail" in page


def forged(person: User) -> dict[str, str]:
    token = unsubscribe_links.path_for(person).strip("/").split("/")[-1]
    payload, stamp, signature = token.split(":")
    other = signing.dumps(["digest", person.pk + 1], salt="krams.unsubscribing").split(":")[0]
    sign = unsubscribe_links._SALT
    return {
        "nothing of ours": "rebild",
        "cut short": token[:-1],
        "another's account": f"{other}:{stamp}:{signature}",
        "another day": f"{payload}:1:{signature}",
        "unsigned": payload,
        "of another e-mail": signing.dumps(["confirmations", person.pk], salt=sign),
        "of another use": signing.dumps(["digest", person.pk], salt="account"),
        "of another shape": signing.dumps({"digest": person.pk}, salt=sign),
        "of no account": signing.dumps(["digest", 10**9], salt=sign),
        "of no number": signing.dumps(["digest", None], salt=sign),
        "control characters": "%01%0a:x:y",
        "very long": "a" * 3000,
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_stops_nothing_and_says_so(program, person, make_user, facility, method):
    make_user(Role.STAFF, facility=facility)
    for kind, token in forged(person).items():
        answer = getattr(program, method)(f"/konto/afmeld/{token}/")
        assert answer.status_code == 404, kind
        assert "Linket kan ikke bruges" in page_of(answer), kind
    assert not User.objects.filter(digest_frequency=DigestFrequency.NEVER).exists()


def test_a_link_of_last_year_says_so(program, person):
    with time_machine.travel(dt.datetime(2026, 1, 5, tzinfo=dt.UTC), tick=False) as clock:
        path = unsubscribe_links.path_for(person)
        clock.shift(unsubscribe_links.VALID_FOR - dt.timedelta(seconds=1))
        assert program.get(path).status_code == 200
        clock.shift(dt.timedelta(seconds=3))
        for answer in (program.get(path), program.post(path, ONE_CLICK)):
            assert answer.status_code == 410
            assert "mere end et år gammelt" in page_of(answer)
    assert frequency_of(person) == DigestFrequency.WEEKLY


def test_of_a_closed_account_the_link_is_dead(program, person):
    path = unsubscribe_links.path_for(person)
    User.objects.update(is_active=False)
    assert program.post(path).status_code == 404
    anonymise(person, by=None)
    assert program.post(path).status_code == 404


def test_the_link_opens_nothing_else(program, person):
    path = unsubscribe_links.path_for(person)
    program.post(path)
    assert program.get(reverse("settings")).status_code == 302
    assert program.get("/").status_code == 302
    for method in ("put", "patch", "delete"):
        assert getattr(program, method)(path).status_code == 405


def test_the_letter_names_the_link_as_mail_programs_read_it(person, monkeypatch, settings):
    settings.PORTAL_URL = "https://portal.example.dk"
    section = Section("x", (Line("y", "z", "/"),), "/")
    monkeypatch.setattr("krams.mail.digests.sections_for", lambda user, today: [section])
    letter = compose(person, MONDAY).message()
    address = letter["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://portal.example.dk/konto/afmeld/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client().get(address.removeprefix("https://portal.example.dk")).status_code == 200
    raw = letter.as_bytes().decode()
    # In one piece, on a line of its own at most.
    assert f"<{address}>" in raw
