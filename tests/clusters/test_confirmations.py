"""Asking editors to confirm: who is asked, how often, what the letter and the log say."""

import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from clusters.confirmation import sections
from clusters.models import ConfirmationRequest, Position
from krams.enums import Role
from krams.models import Membership

from .conftest import matrix_path

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 31)


class Refusing(EmailBackend):
    """Takes every letter but those to an address of ``refused``."""

    refused = set()

    def send_messages(self, letters):
        if {to for letter in letters for to in letter.to} & self.refused:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(letters)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def path(cluster) -> str:
    return reverse("clusters:confirmations", args=[cluster.slug])


@pytest.fixture
def old(rows, answer):
    answer(rows[0], "Støttebesøg")
    answer(rows[1], "Madklub")
    Position.objects.update(confirmed_on=LONG_AGO)
    return rows


def ask(client, path, authority):
    return client.post(path, {"authority": authority.slug}, follow=True)


def messages_of(response) -> str:
    return text_of(response).split('id="messages"')[1].split("<h1")[0]


def test_only_a_coordinator_of_the_cluster_may_ask(
    login, old, path, make_user, cluster, municipality, facility, other_cluster, coordinator
):
    table = [
        (make_user(Role.EDITOR, authority=municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
    ]
    for person, status in table:
        client = login(person)
        assert client.get(path).status_code == status
        assert client.post(path, {"authority": "nordby"}).status_code == status
        page = client.get(matrix_path(cluster))
        assert path not in text_of(page)
    assert not mail.outbox
    client = login(coordinator)
    assert path in text_of(client.get(matrix_path(cluster)))
    for wrong in ("", "findes-ikke", "x\x00"):
        assert client.post(path, {"authority": wrong}).status_code == 404


def test_the_editors_get_a_letter_each_in_their_language(
    login, coordinator, old, path, make_user, municipality, other_municipality, settings
):
    settings.PORTAL_URL = "https://portal.example.dk"
    danish, english = (make_user(Role.EDITOR, authority=municipality) for _ in range(2))
    english.digest_language = "en"
    english.save()
    gone = make_user(Role.EDITOR, authority=municipality)
    gone.is_active = False
    gone.save()
    former = make_user(Role.EDITOR, authority=municipality)
    Membership.objects.filter(user=former).update(valid_until=LONG_AGO)
    make_user(Role.EDITOR, authority=other_municipality)
    make_user(Role.VIEWER, authority=municipality)
    response = ask(login(coordinator), path, municipality)
    assert {to for letter in mail.outbox for to in letter.to} == {danish.email, english.email}
    link = "https://portal.example.dk/klynger/proeve/?vis=nordby&gammel=1"
    for letter in mail.outbox:
        assert link in letter.body
        assert link.replace("&", "&amp;") in letter.alternatives[0][0]
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert "please confirm" in letters[english.email].subject
    assert "please confirm" not in letters[danish.email].subject
    request = ConfirmationRequest.objects.get()
    assert (request.authority, request.asked_by, request.recipient_count) == (
        municipality, coordinator, 2,
    )  # fmt: skip
    assert "is-ok" in messages_of(response)


def test_nobody_is_asked_twice_in_a_week(login, coordinator, old, path, make_user, municipality):
    make_user(Role.EDITOR, authority=municipality)
    with time_machine.travel(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        client = login(coordinator)
        ask(client, path, municipality)
        clock.shift(dt.timedelta(days=7, seconds=-1))
        client = login(coordinator)
        assert "02.11.2026" in messages_of(ask(client, path, municipality))
        assert len(mail.outbox) == 1
        page = text_of(client.get(path))
        assert "<button" not in page.split('class="tbl')[1].split("</table>")[0]
        clock.shift(dt.timedelta(seconds=2))
        ask(login(coordinator), path, municipality)
    assert len(mail.outbox) == 2
    assert ConfirmationRequest.objects.count() == 2


def test_an_address_that_fails_does_not_stop_the_others(
    login, coordinator, old, path, make_user, municipality, settings, monkeypatch
):
    first, second = (make_user(Role.EDITOR, authority=municipality) for _ in range(2))
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "refused", {first.email})
    response = ask(login(coordinator), path, municipality)
    assert [letter.to for letter in mail.outbox] == [[second.email]]
    assert ConfirmationRequest.objects.get().recipient_count == 1
    assert str(first) in messages_of(response)
    assert "is-err" in messages_of(response)


def test_where_no_letter_went_out_one_may_ask_again(
    login, coordinator, old, path, editor, municipality, settings, monkeypatch
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "refused", {editor.email})
    client = login(coordinator)
    assert "is-err" in messages_of(ask(client, path, municipality))
    assert not ConfirmationRequest.objects.exists()
    monkeypatch.setattr(Refusing, "refused", set())
    assert "is-ok" in messages_of(ask(client, path, municipality))


def test_nobody_to_ask_and_nothing_to_ask_for_are_said(
    login, coordinator, old, path, municipality, other_municipality
):
    client = login(coordinator)
    for authority in (municipality, other_municipality):
        assert "is-warn" in messages_of(ask(client, path, authority))
    assert not mail.outbox
    assert not ConfirmationRequest.objects.exists()


def test_the_page_counts_per_authority(
    login, coordinator, old, answer, path, municipality, django_assert_max_num_queries
):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer(old[2], "Kursus", valid_until=yesterday)
    Position.objects.filter(proposal=old[2]).update(confirmed_on=timezone.localdate())
    client = login(coordinator)
    with django_assert_max_num_queries(8):
        html = text_of(client.get(path))
    row = html.split("<tbody>")[1].split("</tr>")[0]
    cells = [cell.split("</td>")[0] for cell in row.split("<td")[1:]]
    assert "3 " in cells[0]
    assert "</svg>2</span>" in cells[1]
    assert "</svg>1</span>" in cells[2]


def test_the_digest_tells_editors_and_coordinators(old, editor, coordinator, make_user, cluster):
    today = timezone.localdate()
    for person, where in (
        (editor, "/klynger/proeve/?vis=nordby&gammel=1"),
        (coordinator, "/klynger/proeve/bekraeftelser/"),
    ):
        [section] = [one for one in sections(person, today) if one.lines]
        [line] = section.lines
        assert line.path == where
        assert "Nordby Kommune" in line.text
        assert " 2 " in line.text
    viewer = make_user(Role.VIEWER, cluster=cluster)
    assert not [one for one in sections(viewer, today) if one.lines]
    Position.objects.update(confirmed_on=today)
    assert not [one for one in sections(editor, today) if one.lines]
