"""Whoever is deactivated, or whose role has ended, is out at the next request."""

import datetime as dt

from django.core import mail
from django.test import Client
from django.utils import timezone

from krams.letters.actions import send_letters
from krams.mail.actions import send_due
from krams.models import Membership, User
from tests.demo import DemoTestCase

HTMX = {"HX-Request": "true"}
FACILITY = "/botilbud/mosbjerghus/"
# Of each demo person: what they read, what they take out, and where they write.
OPEN = {
    "medarbejder": (f"{FACILITY}i-dag/", f"{FACILITY}registreringer.csv", f"{FACILITY}registrer/"),
    "leder": (f"{FACILITY}ugeplan/", f"{FACILITY}ugeplan.csv", f"{FACILITY}ugeplan/tilfoej/"),
    "redaktoer": (
        "/klynger/syd/",
        "/klynger/syd/matrix.xlsx",
        "/klynger/syd/uddybning/rebild/ny/",
    ),
    "koordinator": ("/klynger/syd/", "/klynger/syd/huller.xlsx", "/klynger/syd/opsaetning/"),
}


class OutAtOnce(DemoTestCase):
    def in_use(self, who: str) -> tuple[Client, User]:
        """A browser in which the person has just read, also by htmx, and taken out a file."""
        client = self.client_of(who)
        read, file, form = OPEN[who]
        assert client.get(read).status_code == 200
        assert client.get(read, headers=HTMX).status_code == 200
        assert client.get(file).status_code == 200
        assert client.post(form, {}).status_code == 422
        return client, User.objects.get(email=f"{who}@demo.example")

    def test_a_deactivated_person_meets_the_log_in(self):
        for who, (read, file, form) in OPEN.items():
            client, person = self.in_use(who)
            person.is_active = False
            person.save()
            for path in (read, file, "/", "/soeg/?q=sundhed", "/konto/indstillinger/"):
                answer = client.get(path)
                assert answer.status_code == 302, path
                assert answer.headers["Location"].startswith("/konto/login/"), path
                assert client.get(path, headers=HTMX).status_code == 401, path
            assert client.post(form, {}).status_code == 302
            assert client.post(form, {}, headers=HTMX).status_code == 401

    def test_a_role_that_has_ended_opens_nothing_more(self):
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        for who, (read, file, form) in OPEN.items():
            client, person = self.in_use(who)
            for role in Membership.objects.filter(user=person):
                role.valid_until = yesterday
                role.save()
            for path in (read, file, form):
                assert client.get(path).status_code in (404, 405), path
                assert client.get(path, headers=HTMX).status_code in (404, 405), path
            assert client.post(form, {}).status_code == 404
            assert client.post(form, {}, headers=HTMX).status_code == 404
            found = client.get("/soeg/?q=sundhed")
            assert found.status_code == 200
            assert b"/botilbud/" not in found.content
            assert b"/klynger/syd/" not in found.content

    def test_neither_is_sent_any_letter(self):
        today = timezone.localdate()
        monday = today + dt.timedelta(days=-today.weekday() + 7)
        people = User.objects.filter(email__in=[f"{who}@demo.example" for who in OPEN])
        people.filter(email__startswith="leder").update(is_active=False)
        others = people.exclude(email__startswith="leder")
        yesterday = today - dt.timedelta(days=1)
        Membership.objects.filter(user__in=others).update(valid_until=yesterday)
        send_due(monday)
        send_letters()
        addressed = {to for letter in mail.outbox for to in letter.to}
        assert addressed & {person.email for person in people} == set()

    def test_a_role_for_tomorrow_opens_nothing_today(self):
        client, person = self.in_use("medarbejder")
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        Membership.objects.filter(user=person).update(valid_from=tomorrow)
        assert client.get(f"{FACILITY}i-dag/").status_code == 404
        assert client.post(f"{FACILITY}registrer/", {}).status_code == 404
