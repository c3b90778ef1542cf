"""Asking editors to confirm: who is asked, how often, what the letter and the log say."""

import datetime as dt
import logging
import threading

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from markupsafe import escape

from clusters.confirmations.actions.ask_editors import AskedLately, ask_editors
from clusters.models import ConfirmationRequest, Effort, Position
from clusters.worklist.queries import sections
from krams.enums import Role
from krams.models import Cluster, Membership

from ...inbox import parts_of
from ..conftest import matrix_path

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 31)


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


@pytest.fixture
def failures():
    """What the log says of letters that were not sent."""
    handler, lines = logging.Handler(), []
    handler.emit = lines.append
    logger = logging.getLogger("krams.mail")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def ask(client, path, authority):
    return client.post(path, {"authority": authority.slug}, follow=True)


def messages_of(response) -> str:
    return text_of(response).split('id="messages"')[1].split("<h1")[0]


def test_only_a_coordinator_of_the_cluster_may_ask(
    login, old, path, make_user, cluster, municipality, facility, other_cluster, coordinator, inbox
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
    assert not inbox.letters
    client = login(coordinator)
    assert path in text_of(client.get(matrix_path(cluster)))
    for wrong in ("", "findes-ikke", "x\x00"):
        assert client.post(path, {"authority": wrong}).status_code == 404


def test_the_editors_get_a_letter_each_in_their_language(
    login, coordinator, old, path, make_user, municipality, other_municipality, inbox
):
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
    assert inbox.letters.keys() == {danish.email, english.email}
    link = "https://portal.example.dk/klynger/proeve/?vis=nordby&gammel=1"
    for [letter] in inbox.letters.values():
        text, html = parts_of(letter)
        assert link in text
        assert f'href="{link.replace("&", "&amp;")}"' in html
        assert letter["Auto-Submitted"] == "auto-generated"
    assert "please confirm" in inbox.letters[english.email][0]["Subject"]
    request = ConfirmationRequest.objects.get()
    assert (request.authority, request.asked_by, request.recipient_count) == (
        municipality, coordinator, 2,
    )  # fmt: skip
    assert "is-ok" in messages_of(response)


def test_the_letter_is_danish_in_text_and_html_and_holds_no_answer(
    login, coordinator, old, path, editor, municipality, inbox
):
    municipality.official_name = 'Ærøskøbing <b> & "O\'Brien" 🌱 Kommune'
    municipality.save()
    ask(login(coordinator), path, municipality)
    [letter] = inbox.letters[editor.email]
    subject = f"KRAMS: Bekræft svarene fra {municipality.official_name}"
    assert letter["Subject"].strip() == subject
    text, html = parts_of(letter)
    asks = "2 svar fra {} i skemaet for Klynge Prøve venter på at blive bekræftet."
    assert asks.format(municipality.official_name) in text
    assert "&lt;b&gt; &amp; &#34;O&#39;Brien&#34; 🌱 Kommune" in html
    assert asks.format(escape(municipality.official_name)) in html
    assert '<html lang="da">' in html
    assert f"{coordinator} spørger dig" in text
    for part in (text, html):
        assert "Støttebesøg" not in part
        assert "Forslag nr." not in part


def test_nobody_is_asked_twice_in_a_week(
    login, coordinator, old, path, editor, municipality, inbox
):
    with time_machine.travel(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        client = login(coordinator)
        ask(client, path, municipality)
        clock.shift(dt.timedelta(days=7, seconds=-1))
        client = login(coordinator)
        assert "02.11.2026" in messages_of(ask(client, path, municipality))
        assert len(inbox.letters[editor.email]) == 1
        page = text_of(client.get(path))
        assert "<button" not in page.split('class="tbl')[1].split("</table>")[0]
        clock.shift(dt.timedelta(seconds=2))
        ask(login(coordinator), path, municipality)
    assert len(inbox.letters[editor.email]) == 2
    assert ConfirmationRequest.objects.count() == 2


def test_a_refused_address_stops_nobody_and_the_coordinator_is_told(
    login, coordinator, old, path, make_user, municipality, inbox, failures
):
    first, second, third = (make_user(Role.EDITOR, authority=municipality) for _ in range(3))
    inbox.refused.add(second.email)
    said = messages_of(ask(login(coordinator), path, municipality))
    assert inbox.letters.keys() == {first.email, third.email}
    assert ConfirmationRequest.objects.get().recipient_count == 2
    assert f"kunne ikke sendes til: {second}." in said
    assert "2 redaktører for Nordby Kommune er blevet spurgt" in said
    [line] = failures
    assert line.user_id == second.pk
    assert second.email not in line.getMessage()


def test_a_letter_that_may_have_arrived_is_not_sent_again(
    login, coordinator, old, path, editor, municipality, inbox
):
    inbox.hangs_up.add(editor.email)
    client = login(coordinator)
    said = messages_of(ask(client, path, municipality))
    assert f"måske ikke nået frem til: {editor}." in said
    assert "er blevet spurgt" not in said
    assert "is-warn" in messages_of(ask(client, path, municipality))
    assert len(inbox.letters[editor.email]) == 1


def test_where_no_letter_went_out_one_may_ask_again(
    login, coordinator, old, path, editor, municipality, inbox, settings
):
    client, port = login(coordinator), settings.EMAIL_PORT
    inbox.refused.add(editor.email)
    assert "is-err" in messages_of(ask(client, path, municipality))
    inbox.refused.clear()
    settings.EMAIL_PORT = 1
    assert "is-err" in messages_of(ask(client, path, municipality))
    assert not ConfirmationRequest.objects.exists()
    settings.EMAIL_PORT = port
    assert "is-ok" in messages_of(ask(client, path, municipality))
    assert len(inbox.letters[editor.email]) == 1


def test_a_server_that_is_gone_is_tried_once(
    login, coordinator, old, path, make_user, municipality, inbox, settings, failures
):
    people = [make_user(Role.EDITOR, authority=municipality) for _ in range(3)]
    settings.EMAIL_PORT = 1
    said = messages_of(ask(login(coordinator), path, municipality))
    assert ", ".join(map(str, people)) in said
    assert len(failures) == 1


def test_nobody_is_asked_about_a_matrix_that_is_closed(
    login, coordinator, old, path, editor, cluster, municipality, inbox
):
    today = timezone.localdate()
    client = login(coordinator)
    for closed in (
        {"valid_until": today - dt.timedelta(days=1)},
        {"valid_from": today + dt.timedelta(days=1)},
    ):
        Cluster.objects.filter(pk=cluster.pk).update(**closed)
        cluster.memberships.update(**closed)
        page = text_of(client.get(path))
        assert 'name="authority"' not in page
        assert "Kan ikke udfyldes i dag" in page
        assert "is-warn" in messages_of(ask(client, path, municipality))
        Cluster.objects.update(valid_from=None, valid_until=None)
        cluster.memberships.update(valid_from=None, valid_until=None)
    assert inbox.letters == {}
    assert not ConfirmationRequest.objects.exists()


def test_without_a_fixed_address_the_link_leads_where_the_coordinator_is(
    login, coordinator, old, path, editor, municipality, inbox, settings
):
    settings.PORTAL_URL = ""
    ask(login(coordinator), path, municipality)
    [letter] = inbox.letters[editor.email]
    assert "http://testserver/klynger/proeve/?vis=nordby&gammel=1" in parts_of(letter)[0]


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_ask_once(
    old, editor, coordinator, make_user, cluster, municipality, inbox
):
    people = [coordinator, make_user(Role.COORDINATOR, cluster=cluster)]
    column = cluster.memberships.get(authority=municipality)
    barrier, outcomes = threading.Barrier(2), []

    def work(person):
        try:
            barrier.wait()
            ask_editors(column=column, outdated=2, portal="", by=person)
        except AskedLately as error:
            outcomes.append(error.request.asked_by)
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [ConfirmationRequest.objects.get().asked_by]
    assert len(inbox.letters[editor.email]) == 1


def test_nobody_to_ask_and_nothing_to_ask_for_are_said(
    login, coordinator, old, path, municipality, other_municipality, inbox
):
    client = login(coordinator)
    for authority in (municipality, other_municipality):
        assert "is-warn" in messages_of(ask(client, path, authority))
    assert not inbox.letters
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


def waiting_lines(person, today):
    lines = [line for section in sections(person, today) for line in section.lines]
    return [line for line in lines if line.path.endswith(("&gammel=1", "/bekraeftelser/"))]


def test_the_digest_tells_editors_and_coordinators(old, editor, coordinator, make_user, cluster):
    today = timezone.localdate()
    for person, where in (
        (editor, "/klynger/proeve/?vis=nordby&gammel=1"),
        (coordinator, "/klynger/proeve/bekraeftelser/"),
    ):
        [line] = waiting_lines(person, today)
        assert line.path == where
        assert "Nordby Kommune" in line.text
        assert " 2 " in line.text
    viewer = make_user(Role.VIEWER, cluster=cluster)
    assert not waiting_lines(viewer, today)
    Position.objects.update(confirmed_on=today)
    assert not waiting_lines(editor, today)
    # What was confirmed in time and has expired since waits too.
    effort = Effort.objects.first()
    effort.valid_until = today
    effort.save()
    assert not waiting_lines(editor, today)
    [line] = waiting_lines(editor, today + dt.timedelta(days=1))
    assert " 1 " in line.text
    assert "udløbet" in line.text
