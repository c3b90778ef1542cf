"""Letters are posted with what they tell, leave once, and are tried again."""

import datetime as dt
import smtplib
import threading

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from krams.enums import LetterState
from krams.letters import actions, composers, sending
from krams.letters.actions import post, post_again, send_letters
from krams.letters.retrying import GIVE_UP_AFTER, LONGEST_WAIT, next_try
from krams.models import Letter
from tests.inbox import post_letters

pytestmark = pytest.mark.django_db
KIND = "made_up"


def compose(letter):
    if letter.about == "broken":
        raise ValueError("cannot be written")
    if letter.about == "done meanwhile":
        return None
    return EmailMultiAlternatives("Emne", letter.text or letter.about, to=[letter.to.email])


@pytest.fixture(autouse=True)
def _made_up_kind(monkeypatch):
    monkeypatch.setitem(composers._COMPOSERS, KIND, compose)


@pytest.fixture
def person(make_user):
    return make_user()


def state_of(letter) -> str:
    letter.refresh_from_db()
    return letter.state


def test_a_letter_waits_and_leaves_once(person):
    letter = post(kind=KIND, to=person, about="nyt")
    assert (state_of(letter), mail.outbox) == (LetterState.WAITING, [])
    [message] = post_letters()
    assert (message.to, message.body) == ([person.email], "nyt")
    assert state_of(letter) == LetterState.SENT
    assert post_letters() == []


def test_what_was_undone_is_told_to_nobody(person):
    with transaction.atomic():
        post(kind=KIND, to=person, about="nyt")
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert post_letters() == []


def test_the_same_news_are_posted_once(person, make_user):
    first = post(kind=KIND, to=person, key="2026-W49")
    assert post(kind=KIND, to=person, key="2026-W49") == first
    assert post(kind=KIND, to=person, key="2026-W50") != first
    assert post(kind=KIND, to=person) != post(kind=KIND, to=person)


def test_a_kind_that_nobody_writes_is_refused_at_once(person):
    with pytest.raises(ValueError, match="no_such_kind"):
        post(kind="no_such_kind", to=person)


def test_what_became_pointless_is_not_sent(person):
    letter = post(kind=KIND, to=person, about="done meanwhile")
    assert post_letters() == []
    assert state_of(letter) == LetterState.POINTLESS


def test_an_account_that_was_closed_gets_nothing(person):
    letter = post(kind=KIND, to=person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert post_letters() == []
    assert state_of(letter) == LetterState.POINTLESS


def test_a_text_that_was_kept_is_emptied_when_it_has_left(person):
    letter = post(kind=KIND, to=person, text="Ordret")
    assert post_letters()[0].body == "Ordret"
    letter.refresh_from_db()
    assert letter.text == ""


def test_one_that_cannot_be_written_stops_no_other(person):
    broken = post(kind=KIND, to=person, about="broken")
    post(kind=KIND, to=person, about="nyt")
    assert [message.body for message in post_letters()] == ["nyt"]
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == (LetterState.WAITING, 1)
    assert broken.next_try_at > timezone.now()


class Server:
    """What a mail server does to a letter, without one."""

    def __init__(self, monkeypatch, on_open=None, on_send=None):
        self.sent, self.on_open, self.on_send = [], on_open, on_send
        monkeypatch.setattr(actions, "get_connection", lambda: self)

    def open(self):
        if self.on_open:
            raise self.on_open

    def close(self):
        pass

    def send_messages(self, messages):
        if self.on_send:
            raise self.on_send
        self.sent += messages
        return len(messages)


def test_a_server_that_is_away_gets_it_later(person, monkeypatch):
    letter, other = (post(kind=KIND, to=person, about=about) for about in ("a", "b"))
    Server(monkeypatch, on_open=ConnectionRefusedError())
    done = send_letters()
    # It is asked once, not once for each letter.
    assert (done.is_unreachable, done.failed) == (True, [letter.pk])
    server = Server(monkeypatch)
    assert send_letters().sent == [other.pk]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert send_letters().sent == [letter.pk]
    assert [message.body for message in server.sent] == ["b", "a"]


def test_what_the_server_refuses_waits_for_a_person(person, monkeypatch):
    letter = post(kind=KIND, to=person)
    refusal = {person.email: (550, b"No such user")}
    Server(monkeypatch, on_send=smtplib.SMTPRecipientsRefused(refusal))
    assert send_letters().failed == [letter.pk]
    assert state_of(letter) == LetterState.FAILED
    server = Server(monkeypatch)
    assert send_letters().sent == []
    assert post_again(letter.pk)
    assert send_letters().sent == [letter.pk]
    assert len(server.sent) == 1
    assert not post_again(letter.pk)


@pytest.mark.parametrize(
    "says",
    [
        smtplib.SMTPRecipientsRefused({"a@proeve.example": (450, b"Greylisted")}),
        smtplib.SMTPSenderRefused(451, b"Come again", "portal@proeve.example"),
        smtplib.SMTPDataError(452, b"Full"),
    ],
)
def test_what_the_server_wants_later_is_tried_again(person, monkeypatch, says):
    letter = post(kind=KIND, to=person)
    Server(monkeypatch, on_send=says)
    done = send_letters()
    assert (done.postponed, done.failed, done.is_unreachable) == ([letter.pk], [], False)
    assert state_of(letter) == LetterState.WAITING
    server = Server(monkeypatch)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert send_letters().sent == [letter.pk]
    assert len(server.sent) == 1


def test_what_broke_off_may_have_arrived_and_is_not_sent_twice(person, monkeypatch):
    letter = post(kind=KIND, to=person)
    Server(monkeypatch, on_send=smtplib.SMTPServerDisconnected())
    assert send_letters().uncertain == [letter.pk]
    assert send_letters().sent == []
    assert state_of(letter) == LetterState.UNCERTAIN


def test_what_a_killed_process_held_is_told_as_uncertain(person):
    letter = post(kind=KIND, to=person)
    Letter.objects.update(state=LetterState.SENDING)
    assert send_letters().uncertain == []
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert send_letters().uncertain == [letter.pk]
    assert state_of(letter) == LetterState.UNCERTAIN


def test_the_waits_grow_and_end():
    written = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    waits = [next_try(written, attempts, written) - written for attempts in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[:3] == [dt.timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert max(waits) == LONGEST_WAIT
    assert next_try(written, 90, written + GIVE_UP_AFTER) is None


def test_the_command_tells_what_it_did(person, monkeypatch, capsys):
    post(kind=KIND, to=person)
    call_command("send_letters")
    assert "1 sent" in capsys.readouterr().out
    post(kind=KIND, to=person)
    Server(monkeypatch, on_open=ConnectionRefusedError())
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("send_letters")


@pytest.mark.django_db(transaction=True)
def test_it_leaves_when_the_transaction_is_committed_and_not_before(person, settings, monkeypatch):
    settings.LETTERS_IN_BACKGROUND = True
    woken = []
    monkeypatch.setattr(sending, "wake", woken.append)
    with transaction.atomic():
        post(kind=KIND, to=person)
        assert woken == []
    assert woken == [send_letters]


def test_the_thread_outlives_what_goes_wrong_in_it():
    """It is woken again after an error and after it has slept."""
    calls, called = [], threading.Semaphore(0)

    def send():
        calls.append(threading.current_thread())
        called.release()
        if len(calls) == 1:
            raise ValueError("once")

    for _ in range(2):
        sending.wake(send)
        assert called.acquire(timeout=5)
    assert len(set(calls)) == 1
    assert calls[0] is not threading.current_thread()


def test_administrators_send_again_and_read_no_text(client, person):
    admin = type(person).objects.create_superuser("admin@proeve.example", name="Administrator")
    client.force_login(admin)
    letter = post(kind=KIND, to=person, text="Hemmeligt link")
    Letter.objects.update(state=LetterState.FAILED)
    page = client.get(f"/admin/krams/letter/{letter.pk}/change/")
    assert page.status_code == 200
    assert "Hemmeligt" not in page.content.decode()
    fields = {"action": "send_again", "_selected_action": [letter.pk]}
    assert client.post("/admin/krams/letter/", fields).status_code == 302
    assert state_of(letter) == LetterState.WAITING
    fields["action"] = "let_be"
    client.post("/admin/krams/letter/", fields)
    assert state_of(letter) == LetterState.WAITING, "it is on its way"
    Letter.objects.update(state=LetterState.FAILED)
    client.post("/admin/krams/letter/", fields)
    assert state_of(letter) == LetterState.POINTLESS
    assert Letter.objects.get().text == ""
    assert client.post(f"/admin/krams/letter/{letter.pk}/delete/").status_code == 403
    assert client.post("/admin/krams/letter/add/").status_code == 403


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (LetterState.FAILED, "1 brev kunne ikke afleveres."),
        (LetterState.UNCERTAIN, "1 brev blev afbrudt og er måske ikke nået frem."),
    ],
)
def test_the_first_page_tells_who_may_send_again_where_they_stand(client, person, state, told):
    admin = type(person).objects.create_superuser("admin@proeve.example", name="Administrator")
    client.force_login(admin)
    letter = post(kind=KIND, to=person)
    assert told not in client.get("/").content.decode()
    Letter.objects.update(state=state)
    assert told in client.get("/").content.decode()
    path = f"/admin/krams/letter/?state__exact={state.value}"
    assert path in client.get("/").content.decode()
    assert f"/admin/krams/letter/{letter.pk}/change/" in client.get(path).content.decode()
    client.post(path, {"action": "let_be", "_selected_action": [letter.pk]})
    assert told not in client.get("/").content.decode()
