"""Confirming answers as they stand: one or a column, who may, what is refused, what comes back."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.enums import EffortState, PositionState
from clusters.models import Position
from krams.enums import Role

from ..conftest import matrix_path, partial

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 31)


def text_of(response) -> str:
    return response.content.decode()


def confirm_path(proposal, authority) -> str:
    args = [proposal.cluster.slug, proposal.pk, authority.slug]
    return reverse("clusters:cell-confirm", args=args)


def column_path(cluster, authority) -> str:
    return reverse("clusters:column-confirm", args=[cluster.slug, authority.slug])


def seen(*proposals, version=1) -> dict:
    return {"v": " ".join(f"{proposal.pk}:{version}" for proposal in proposals)}


@pytest.fixture
def old(rows, answer):
    """The first two proposals were answered long ago, each for itself."""
    answer(rows[0], "Støttebesøg")
    answer(rows[1], "Madklub")
    Position.objects.update(confirmed_on=LONG_AGO)
    return rows


def test_who_may_confirm(
    login, old, cluster, make_user, municipality, facility, other_cluster, other_municipality
):
    table = [
        (make_user(Role.EDITOR, authority=other_municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.MANAGER, authority=municipality), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
        (make_user(), 404),
    ]
    for person, status in table:
        client = login(person)
        sent = client.post(confirm_path(old[0], municipality), seen(old[0]))
        assert sent.status_code == status, person
        sent = client.post(column_path(cluster, municipality), seen(old[0]))
        assert sent.status_code == status, person
    assert not Position.objects.exclude(confirmed_on=LONG_AGO).exists()
    client = login(make_user(Role.EDITOR, authority=municipality))
    assert client.get(confirm_path(old[0], municipality)).status_code == 405
    response = client.post(confirm_path(old[0], municipality), seen(old[0]))
    assert response.status_code == 302
    assert response["Location"].endswith(f"/klynger/proeve/#c-{old[0].pk}-nordby")


def test_a_confirmation_keeps_date_person_and_reason_and_changes_nothing_else(
    login, editor, old, municipality
):
    before = Position.objects.get(proposal=old[0])
    login(editor).post(confirm_path(old[0], municipality), seen(old[0]))
    after = Position.objects.get(proposal=old[0])
    assert (after.confirmed_on, after.confirmed_by) == (timezone.localdate(), editor)
    assert (after.state, after.version) == (before.state, 2)
    last = after.history.first()
    assert last.history_user == editor
    assert last.history_change_reason
    assert Position.objects.get(proposal=old[1]).confirmed_on == LONG_AGO


def test_the_cell_alone_comes_back_without_the_button(login, editor, old, municipality):
    client = login(editor)
    page = text_of(client.get(matrix_path(old[0].cluster)))
    assert page.count('class="still"') == 2
    response = client.post(confirm_path(old[0], municipality), seen(old[0]), **partial())
    html = text_of(response)
    assert response.status_code == 200
    assert 'class="still"' not in html
    assert f" af {editor}</p>" in html
    assert "<html" not in html
    assert f"{old[0].pk}:2 {old[1].pk}:1" in html  # What the column's button sends from now on.
    assert len(response.content) <= 3000


def test_who_may_only_read_sees_no_button(login, old, make_user, cluster):
    page = text_of(login(make_user(Role.VIEWER, cluster=cluster)).get(matrix_path(cluster)))
    assert 'class="still"' not in page
    assert "colmenu" not in page


def test_the_same_twice_is_one_confirmation(login, editor, old, municipality):
    client = login(editor)
    for _ in range(2):
        assert client.post(confirm_path(old[0], municipality), seen(old[0])).status_code == 302
    assert Position.objects.get(proposal=old[0]).history.count() == 2


def test_an_answer_that_somebody_changed_meanwhile_is_a_conflict(
    login, editor, coordinator, old, municipality
):
    Position.objects.filter(proposal=old[0]).update(version=2)
    client = login(editor)
    for extra in ({}, partial()):
        response = client.post(confirm_path(old[0], municipality), seen(old[0]), **extra)
        assert response.status_code == 409
        assert 'role="alert"' in text_of(response)
    assert Position.objects.get(proposal=old[0]).confirmed_on == LONG_AGO


def test_a_joint_answer_is_confirmed_as_one(login, editor, rows, answer, municipality):
    answer([rows[0], rows[1]], "Støttebesøg")
    client, path = login(editor), confirm_path(rows[0], municipality)
    page = text_of(client.get(matrix_path(rows[0].cluster)))
    assert f'value="{rows[0].pk}:1 {rows[1].pk}:1"' in page
    assert client.post(path, seen(rows[0], rows[1])).status_code == 302
    assert {one.confirmed_by for one in Position.objects.all()} == {editor}
    # One that stands elsewhere is not confirmed along with it.
    answer(rows[4], "Madklub")
    assert client.post(path, seen(rows[0], rows[4], version=2)).status_code == 409


def test_one_stale_part_of_a_joint_answer_keeps_all_of_it(
    login, editor, rows, answer, municipality
):
    answer([rows[0], rows[1]], "Støttebesøg")
    Position.objects.filter(proposal=rows[1]).update(version=2)
    path = confirm_path(rows[0], municipality)
    assert login(editor).post(path, seen(rows[0], rows[1])).status_code == 409
    assert not Position.objects.exclude(confirmed_on=None).exists()


def test_an_expired_effort_must_be_seen_to_first(login, editor, rows, answer, municipality):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    [effort] = answer(rows[0], 'Kursus <b>"O\'Brien"', valid_until=yesterday)
    client, path = login(editor), confirm_path(rows[0], municipality)
    for extra in ({}, partial()):
        response = client.post(path, seen(rows[0]), **extra)
        assert response.status_code == 422
        assert "Kursus &lt;b&gt;&#34;O&#39;Brien&#34;" in text_of(response)
    assert Position.objects.get().confirmed_on is None
    effort.state = EffortState.DISCONTINUED
    effort.save()
    assert client.post(path, seen(rows[0])).status_code == 302
    assert Position.objects.get().confirmed_on == timezone.localdate()


def test_what_cannot_be_confirmed(login, editor, old, municipality, other_cluster):
    client = login(editor)
    empty = client.post(confirm_path(old[2], municipality), seen(old[2]))
    assert empty.status_code == 409
    Position.objects.create(proposal=old[3], authority=municipality)
    assert Position.objects.get(proposal=old[3]).state == PositionState.NOT_FILLED
    assert client.post(confirm_path(old[3], municipality), seen(old[3])).status_code == 409
    old[0].retired_on = timezone.localdate()
    old[0].save()
    assert client.post(confirm_path(old[0], municipality), seen(old[0])).status_code == 403
    elsewhere = reverse("clusters:cell-confirm", args=["anden", old[1].pk, "nordby"])
    assert client.post(elsewhere, seen(old[1])).status_code == 404
    unknown = reverse("clusters:cell-confirm", args=["proeve", 10**6, "nordby"])
    assert client.post(unknown, seen(old[1])).status_code == 404
    assert client.post(confirm_path(old[1], municipality), seen(old[2])).status_code == 403
    for wrong in ("", "x", "1", "1:", f"{old[1].pk}:-1", f"{old[1].pk}:{10**30}", "1:1\x00"):
        response = client.post(confirm_path(old[1], municipality), {"v": wrong})
        assert response.status_code == 422, wrong
    assert Position.objects.get(proposal=old[1]).confirmed_on == LONG_AGO


def test_a_column_is_confirmed_but_for_what_changed_or_expired(
    login, editor, old, answer, cluster, municipality, other_municipality
):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer(old[2], "Kursus", valid_until=yesterday)
    answer(old[3], "Værested", authority=other_municipality)
    Position.objects.filter(proposal=old[1]).update(version=5)
    client = login(editor)
    data = seen(*old[:4])
    response = client.post(column_path(cluster, municipality), data, follow=True)
    html = text_of(response)
    assert Position.objects.get(proposal=old[0]).confirmed_by == editor
    assert Position.objects.get(proposal=old[1]).confirmed_on == LONG_AGO
    assert Position.objects.get(proposal=old[2]).confirmed_on is None
    assert Position.objects.get(proposal=old[3]).confirmed_on is None
    messages = html.split('id="messages"')[1].split("<h1")[0]
    assert messages.count("is-ok") == 1
    assert "2 og 4." in messages
    assert "»Kursus«" in messages
    # The same once more: nothing is confirmed twice.
    client.post(column_path(cluster, municipality), data)
    assert Position.objects.get(proposal=old[0]).history.count() == 2


def test_the_page_sends_what_it_saw_of_a_column(login, editor, old, cluster, municipality):
    html = text_of(login(editor).get(matrix_path(cluster)))
    assert f'name="v" value="{old[0].pk}:1 {old[1].pk}:1"' in html
    assert f'formaction="{column_path(cluster, municipality)}"' in html


def test_a_column_with_nothing_to_confirm_says_so(login, editor, rows, cluster, municipality):
    client, path = login(editor), column_path(cluster, municipality)
    for data in ({}, {"v": "x"}, {"v": "999999:1"}):
        response = client.post(path, data, follow=True)
        assert response.status_code == 200
        assert text_of(response).split('id="messages"')[1].count('class="note') == 1
    assert not Position.objects.exists()
