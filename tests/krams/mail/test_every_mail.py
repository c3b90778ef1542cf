"""Every e-mail that the portal can send: its links lead somewhere, and it promises no more."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from clusters.models import Ask, EffortProposal, Position, Proposal
from krams.mail import digests
from krams.models import User
from tests.demo import DemoTestCase
from tests.inbox import post_letters
from tests.test_terms import as_word, rejected_terms

PORTAL = "https://portal.example.dk"
PASSWORD = "krams-demo-2026"
OUTBOX = {
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "PORTAL_URL": PORTAL,
    "ALLOWED_HOSTS": ["testserver", "portal.example.dk", "127.0.0.1"],
}


@dataclass(frozen=True)
class Letter:
    kind: str
    to: str
    subject: str
    text: str
    html: str

    @property
    def links(self) -> set[str]:
        hrefs = Hrefs()
        hrefs.feed(self.html)
        return hrefs.found | set(re.findall(r"https?://[^\s<>]+", self.text))


class Hrefs(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.add(dict(attrs)["href"])


def letter_of(kind: str, message) -> Letter:
    html = next((part.content for part in getattr(message, "alternatives", [])), "")
    return Letter(kind, message.to[0], str(message.subject), message.body, html)


class EveryMail(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with override_settings(**OUTBOX):
            mail.outbox = []
            cls.letters = [
                letter_of(kind, message)
                for kind, make in (
                    ("digest", cls.digests),
                    ("ask", cls.asks),
                    ("conversation", cls.conversation),
                    ("invitation", cls.invitation),
                    ("forgotten", cls.forgotten_password),
                    ("notice", cls.notices),
                )
                for message in make()
            ]

    @staticmethod
    def digests():
        today = timezone.localdate()
        letters = [digests.compose(user, today) for user in User.objects.all()]
        return [letter for letter in letters if letter]

    @staticmethod
    def sent_since(number: int):
        post_letters()
        return mail.outbox[number:]

    @classmethod
    def asks(cls):
        """An ask of each kind, and a reminder of it the day after."""
        number = len(mail.outbox)
        Position.objects.update(confirmed_on="2020-01-01")
        # Nothing would be missing in the demo's column.
        Position.objects.filter(authority__slug="rebild", proposal__number=1).delete()
        EffortProposal.objects.filter(effort__authority__slug="rebild", proposal__number=1).delete()
        client = cls.client_of("koordinator")
        path = reverse("clusters:ask-new", args=["syd"])
        for kind in ("udfyld", "bekraeft", "kommenter"):
            form = client.get(f"{path}?hvad={kind}&myndighed=rebild").context["form"]
            data = {name: form[name].value() or "" for name in form.fields} | {
                "deadline": f"{timezone.localdate():%d.%m.%Y}",
                "proposals": [Proposal.objects.filter(cluster__slug="syd").earliest("pk").pk],
                "people": [key for key, _label in form.fields["people"].choices],
            }
            made = client.post(path, data).url
            post_letters()
            Ask.objects.update(asked_at=timezone.now() - timedelta(days=1))
            client.post(f"{made}paamind/")
        return cls.sent_since(number)

    @classmethod
    def conversation(cls):
        """A question to the editor, and the answer to the coordinator."""
        number = len(mail.outbox)
        proposal = Proposal.objects.filter(cluster__slug="syd").latest("pk")
        path = reverse("clusters:conversation", args=["syd", proposal.pk, "rebild"])
        for who in ("koordinator", "redaktoer"):
            said = {"text": "Hvem gør det?", "submission_id": str(uuid4())}
            assert cls.client_of(who).post(path, said).status_code == 302
        return cls.sent_since(number)

    @classmethod
    def invitation(cls):
        number = len(mail.outbox)
        user = User.objects.create_user("ny@demo.example", name="Redaktør, Rebild")
        cls.client_of("admin").post(
            reverse("admin:krams_user_changelist"),
            {"action": "send_password_link", "_selected_action": [user.pk]},
        )
        return cls.sent_since(number)

    @classmethod
    def forgotten_password(cls):
        number = len(mail.outbox)
        Client().post(reverse("account_reset_password"), {"email": "laeser@demo.example"})
        return cls.sent_since(number)

    @classmethod
    def notices(cls):
        """What allauth writes when somebody changes how they log in."""
        number = len(mail.outbox)
        client = Client()
        who = {"login": "medarbejder@demo.example", "password": PASSWORD}
        client.post(reverse("account_login"), who)
        new = "fire-gode-ord-i-traek"
        client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": new, "password2": new},
        )
        return cls.sent_since(number)

    def test_each_kind_is_among_them(self):
        kinds = {letter.kind for letter in self.letters}
        assert kinds == {
            *("digest", "ask", "conversation", "invitation", "forgotten", "notice"),
        }

    def test_every_link_begins_with_the_address_of_the_portal_and_opens(self):
        wrong = []
        for letter in self.letters:
            assert letter.links, letter
            reader = Client()
            reader.force_login(User.objects.get(email=letter.to))
            for link in letter.links:
                parts = urlsplit(link)
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                # As who has logged in, and as who has not.
                for client in (reader, Client()):
                    answer = client.get(path, follow=True)
                    ok = answer.status_code == 200 and link.startswith(PORTAL + "/")
                    anchor = parts.fragment and client is reader
                    if not ok or (anchor and f'id="{parts.fragment}"' not in text_of(answer)):
                        wrong.append((letter.kind, letter.to, link, answer.status_code))
        assert wrong == []

    def test_every_link_of_the_html_stands_in_the_text_too(self):
        for letter in self.letters:
            hrefs = Hrefs()
            hrefs.feed(letter.html)
            assert {href for href in hrefs.found if href not in letter.text} == set()

    def test_no_letter_promises_one_click_or_shouts(self):
        rejected = [as_word(term) for term in rejected_terms()]
        for letter in self.letters:
            said = re.sub(r"https?://\S+|\S+@\S+", "", f"{letter.subject}\n{letter.text}")
            # The titles of proposals are the council's.
            said = re.sub(r"(?m)^- \d+ .*$", "", said)
            assert not re.search(r"(?i)ét klik|et klik|!|venligst|Hello|Password", said), said
            assert [term.pattern for term in rejected if term.search(said)] == [], said

    def test_the_test_reads_all_places_that_send(self):
        """Whoever sends in another way adds a kind above."""
        senders = {
            str(file.relative_to(settings.BASE_DIR))
            for room in ("krams", "initiatives", "clusters")
            for file in (settings.BASE_DIR / room).rglob("*.py")
            if re.search(
                r"EmailMultiAlternatives\(|EmailMessage\(|def send_mail\(", file.read_text()
            )
        }
        assert senders == {
            "krams/mail/digests.py",
            "krams/letters/composers.py",
            "krams/log_in/letters.py",
            "krams/log_in/adapters.py",
        }


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:9000"])
def test_without_a_fixed_address_links_lead_to_the_port_that_was_asked(host, make_user, settings):
    settings.PORTAL_URL = ""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    user = make_user()
    Client(headers={"host": host}).post("/konto/password/reset/", {"email": user.email})
    [letter] = post_letters()
    assert re.findall(r"https?://[^/\s]+", letter.body) == [f"http://{host}"]


def test_a_strange_host_gets_no_letter_with_its_own_links(make_user, settings):
    settings.PORTAL_URL = PORTAL
    settings.ALLOWED_HOSTS = ["*"]
    user = make_user()
    Client(headers={"host": "ond.example"}).post("/konto/password/reset/", {"email": user.email})
    [letter] = post_letters()
    assert re.findall(r"https?://[^/\s]+", letter.body) == [PORTAL]
