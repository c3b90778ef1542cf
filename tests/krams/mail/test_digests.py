"""The digests: who gets one, what is in it, and that nobody gets it twice; over real SMTP."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from krams.enums import DigestFrequency, DigestOutcome, Role
from krams.mail import actions, digests
from krams.mail.digests import Line, Section
from krams.mail.queries import due
from krams.models import DigestSent, Membership
from krams.worklist import registry

from ...inbox import parts_of

MONDAY = dt.datetime(2026, 11, 16, 6, 30)


@pytest.fixture
def said(monkeypatch):
    """What a provider says: user -> lines; everybody who is not in it has nothing."""
    lines = {}

    def provider(user, today):
        made = tuple(
            Line(f"{text} <&> æøå", "Registrér", f"/sted/{n}/")
            for n, text in enumerate(lines.get(user.pk, ()))
        )
        yield Section("Går i stå", made, "/alle/")

    monkeypatch.setattr(registry, "_PROVIDERS", [provider])
    return lines


@pytest.fixture
def people(make_user, facility, said):
    people = [make_user(Role.STAFF, facility=facility) for _ in range(3)]
    for person in people:
        said[person.pk] = ["Gåtur"]
    return people


def run(at=MONDAY) -> str:
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("send_digests", stdout=out, stderr=out)
    return out.getvalue()


def test_the_letter_says_it_in_text_and_html(inbox, people):
    assert run().startswith("3 sent")
    [letter] = inbox.letters[people[0].email]
    link = letter["List-Unsubscribe"].strip()
    assert link.startswith("<https://portal.example.dk/konto/afmeld/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Subject"] == "KRAMS: Én ting kræver din opmærksomhed"
    text, html = parts_of(letter)
    assert "Gåtur <&> æøå" in text
    assert "Registrér: https://portal.example.dk/sted/0/" in text
    assert "Gåtur &lt;&amp;&gt; æøå" in html
    assert 'href="https://portal.example.dk/sted/0/"' in html
    assert "<table" not in html
    assert '<html lang="da">' in html
    assert {row.outcome for row in DigestSent.objects.all()} == {DigestOutcome.SENT}


def test_a_second_run_sends_nothing_until_the_next_week(inbox, people):
    run()
    for days in range(7):
        assert run(MONDAY + dt.timedelta(days=days)).startswith("0 sent")
    run(MONDAY + dt.timedelta(days=7))
    assert [len(inbox.letters[person.email]) for person in people] == [2, 2, 2]


def test_a_refused_address_stops_nobody_and_is_tried_again(inbox, people):
    inbox.refused.add(people[1].email)
    with pytest.raises(CommandError, match=rf"1 failed \(accounts {people[1].pk}\)"):
        run()
    assert inbox.letters.keys() == {people[0].email, people[2].email}
    inbox.refused.clear()
    run(MONDAY + dt.timedelta(days=1))
    assert [len(inbox.letters[person.email]) for person in people] == [1, 1, 1]


def test_what_breaks_off_may_have_arrived_and_is_not_sent_again(inbox, people):
    inbox.hangs_up.add(people[0].email)
    assert "1 broken off" in run()
    assert inbox.letters.keys() == {person.email for person in people}
    run(MONDAY + dt.timedelta(days=1))
    assert [len(inbox.letters[person.email]) for person in people] == [1, 1, 1]
    assert DigestSent.objects.get(user=people[0]).outcome == DigestOutcome.SENDING


def test_a_crash_after_handing_over_sends_nothing_twice(inbox, people, monkeypatch):
    def crash(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_settle", crash)
        with pytest.raises(KeyboardInterrupt):
            run()
    run()
    assert [len(inbox.letters[person.email]) for person in people] == [1, 1, 1]


def test_no_server_is_said_and_everybody_gets_it_later(inbox, people, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(CommandError, match="cannot be reached"):
        run()
    assert not DigestSent.objects.exists()
    settings.EMAIL_PORT = port
    assert run().startswith("3 sent")


def test_one_broken_digest_stops_nobody(inbox, people, said, monkeypatch):
    [provider] = registry._PROVIDERS

    def breaks(user, today):
        if user.pk == people[0].pk:
            raise ZeroDivisionError
        return provider(user, today)

    monkeypatch.setattr(registry, "_PROVIDERS", [breaks])
    with pytest.raises(CommandError, match="1 failed"):
        run()
    assert inbox.letters.keys() == {people[1].email, people[2].email}


def test_nothing_to_say_is_no_letter(inbox, people, said):
    said[people[0].pk] = []
    assert run().startswith("2 sent, 1 with nothing")
    said[people[0].pk] = ["Gåtur"]
    run(MONDAY + dt.timedelta(days=2))
    assert people[0].email not in inbox.letters


def test_who_is_inactive_without_role_or_wants_none_is_skipped(inbox, people):
    people[0].is_active = False
    people[0].save()
    people[1].digest_frequency = DigestFrequency.NEVER
    people[1].save()
    Membership.objects.filter(user=people[2]).update(valid_until=dt.date(2026, 11, 15))
    run()
    assert inbox.letters == {}


def test_monthly_is_once_a_month(inbox, people, said):
    for person in people[1:]:
        said[person.pk] = []
    people[0].digest_frequency = DigestFrequency.MONTHLY
    people[0].save()
    for days in (0, 7, 14):
        run(MONDAY + dt.timedelta(days=days))
    assert len(inbox.letters[people[0].email]) == 1
    run(MONDAY + dt.timedelta(days=21))
    assert len(inbox.letters[people[0].email]) == 2


def test_another_frequency_sends_no_second_one_in_the_week(inbox, people):
    run()
    people[0].refresh_from_db()
    people[0].digest_frequency = DigestFrequency.MONTHLY
    people[0].save()
    run(MONDAY + dt.timedelta(days=1))
    assert len(inbox.letters[people[0].email]) == 1


def test_in_the_language_of_the_person_and_long_lists_are_cut(inbox, people, said):
    people[0].digest_language = "en"
    people[0].save()
    said[people[0].pk] = ["Walk"] * 13
    run()
    [letter] = inbox.letters[people[0].email]
    assert letter["Subject"] == "KRAMS: 13 things need you"
    assert "and 3 more: https://portal.example.dk/alle/" in parts_of(letter)[0]


def test_a_superuser_gets_what_their_role_says(make_user, department, facility, monkeypatch):
    seen = []
    monkeypatch.setattr(registry, "_PROVIDERS", [lambda u, t: seen.append(u.is_superuser) or []])
    boss = make_user(Role.STAFF, facility=facility)
    boss.is_superuser = True
    boss.save()
    digests.compose(boss, MONDAY.date())
    boss.refresh_from_db()
    assert seen == [False]
    assert boss.is_superuser


def test_without_an_address_for_links_nothing_is_sent(inbox, people, settings):
    settings.PORTAL_URL = ""
    with pytest.raises(CommandError, match="PORTAL_URL"):
        run()
    assert inbox.letters == {}


def test_who_is_due_is_one_query(people, db):
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        due(MONDAY.date())
    assert len([q for q in queries if q["sql"].startswith("SELECT")]) == 1


# --- Choosing -------------------------------------------------------------------------------------


def test_each_person_chooses(login, people):
    client = login(people[0])
    page = reverse("settings")
    assert 'value="weekly"' in client.get(page).content.decode()
    answer = client.post(page, {"frequency": "monthly", "language": "en"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("#besked")
    people[0].refresh_from_db()
    assert (people[0].digest_frequency, people[0].digest_language) == ("monthly", "en")


@pytest.mark.parametrize(
    "data",
    [{}, {"frequency": "daily", "language": "da"}, {"frequency": "weekly", "language": "sv\0"}],
)
def test_a_choice_that_is_none_is_pointed_at(login, people, data):
    answer = login(people[0]).post(reverse("settings"), data)
    assert answer.status_code == 422
    assert "_error" in answer.content.decode()
    people[0].refresh_from_db()
    assert people[0].digest_frequency == "weekly"
