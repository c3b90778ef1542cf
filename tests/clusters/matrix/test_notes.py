"""The notes below the table: who may write them, what is refused, what comes back."""

import uuid

import html5lib
import pytest
from django.urls import reverse

from clusters.models import AuthorityNote
from krams.enums import Role

from ..conftest import matrix_path, partial

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def add_path(cluster, authority) -> str:
    return reverse("clusters:note-add", args=[cluster.slug, authority.slug])


def edit_path(note) -> str:
    return reverse("clusters:note-edit", args=[note.cluster.slug, note.pk])


def body(**fields) -> dict:
    new = {"heading": "Sundhedscafe", "text": "Lukket tilbud", "submission_id": uuid.uuid4()}
    return new | fields


@pytest.fixture
def note(cluster, rows, municipality):
    return AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Sundhedscafe", text="Lukket tilbud"
    )


def test_who_may_write_notes(
    login, cluster, note, make_user, municipality, other_municipality, facility, other_cluster
):
    table = [
        (make_user(Role.COORDINATOR, cluster=cluster), 200, 200),
        (make_user(Role.EDITOR, authority=municipality), 200, 403),
        (make_user(Role.EDITOR, authority=other_municipality), 403, 200),
        (make_user(Role.VIEWER, cluster=cluster), 403, 403),
        (make_user(Role.STAFF, facility=facility), 404, 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404, 404),
    ]
    for person, own, other in table:
        client = login(person)
        assert client.get(edit_path(note)).status_code == own
        assert client.get(add_path(cluster, municipality)).status_code == own
        assert client.get(add_path(cluster, other_municipality)).status_code == other
        for path in (edit_path(note), add_path(cluster, municipality)):
            assert client.get(f"{path}luk/", **partial()).status_code == own
            assert client.get(f"{path}luk/").status_code == (302 if own == 200 else own)
            assert client.post(f"{path}luk/").status_code == 405
        sent = client.post(edit_path(note), {"heading": "", "text": "", "version": 1})
        assert sent.status_code == (422 if own == 200 else own)
    note.refresh_from_db()
    assert note.version == 1


def test_a_note_of_another_cluster_is_not_found(login, coordinator, note, other_cluster, region):
    foreign = AuthorityNote.objects.create(
        cluster=other_cluster, authority=region, heading="H", text="T"
    )
    path = reverse("clusters:note-edit", args=[note.cluster.slug, foreign.pk])
    client = login(coordinator)
    assert client.get(path).status_code == 404
    assert client.post(path, body(version=1)).status_code == 404
    assert client.get(edit_path(foreign)).status_code == 404


def test_a_new_note_is_added_once_and_labelled(login, editor, cluster, note, municipality):
    client = login(editor)
    data = body(heading="<b>Rehabiliteringshold</b> 😀", link="eksempel.dk")
    path = add_path(cluster, municipality)
    response = client.post(path, data, **partial())
    page = text_of(response)
    assert response.status_code == 200
    assert "N2 &lt;b&gt;Rehabiliteringshold&lt;/b&gt; 😀." in page
    assert page.startswith('<li id="u-')
    again = client.post(path, data)
    assert again.status_code == 302
    assert AuthorityNote.objects.count() == 2
    assert AuthorityNote.objects.last().history.first().history_user == editor
    assert "N1 Sundhedscafe" in text_of(client.get(matrix_path(cluster)))


def test_a_submission_of_another_column_is_not_taken_over(
    login, coordinator, cluster, municipality, other_municipality
):
    client, data = login(coordinator), body()
    assert client.post(add_path(cluster, municipality), data).status_code == 302
    assert client.post(add_path(cluster, other_municipality), data).status_code == 403


def test_a_note_is_edited_in_place(login, editor, cluster, note):
    client = login(editor)
    form = client.get(edit_path(note), **partial())
    assert text_of(form).startswith('<li class="noteform">')
    page = client.get(edit_path(note))
    assert "<h1" in text_of(page)
    html5lib.HTMLParser(strict=True).parse(text_of(page))
    sent = client.post(edit_path(note), body(text="Udsat", version=1), **partial())
    assert "Udsat" in text_of(sent)
    note.refresh_from_db()
    assert (note.text, note.version) == ("Udsat", 2)
    closed = client.get(f"{edit_path(note)}luk/", **partial())
    assert "Udsat" in text_of(closed)
    assert "<form" not in text_of(closed)
    history = client.get(reverse("history", args=["uddybning", note.pk]))
    assert "Lukket tilbud" in text_of(history)


def test_where_labels_move_the_page_is_loaded_again(login, editor, cluster, note, municipality):
    later = AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Senere", text="T", position=5
    )
    client = login(editor)
    gone = client.post(edit_path(note), body(version=1, remove="on"), **partial())
    assert gone.headers.get("HX-Refresh") == "true"
    assert list(AuthorityNote.objects.all()) == [later]


def test_removing_a_note_keeps_its_efforts(login, editor, cluster, note, rows, answer):
    [effort] = answer(rows[0], "Sundhedscafe", explained_by=note)
    response = login(editor).post(edit_path(note), body(version=1, remove="on"))
    assert response.status_code == 302
    effort.refresh_from_db()
    assert effort.explained_by is None
    assert effort.history.first().history_user == editor
    assert AuthorityNote.history.first().history_type == "-"
    gone = login(editor).post(edit_path(note), body(version=1, remove="on"))
    assert gone.status_code == 404


def test_a_stale_note_keeps_both_texts(login, editor, coordinator, note):
    login(editor).post(edit_path(note), body(text="Lukket tilbud, udsat", version=1))
    client = login(coordinator)
    mine = body(text="Lukket tilbud i byen", version=1)
    for headers in ({}, partial()):
        response = client.post(edit_path(note), mine, **headers)
        page = text_of(response)
        assert response.status_code == 409
        assert "Lukket tilbud i byen" in page
        assert "<ins>" in page
        assert "udsat" in page
        assert str(editor) in page
        assert 'name="version" value="2"' in page
    assert client.post(edit_path(note), mine | {"version": 2}).status_code == 302
    note.refresh_from_db()
    assert note.text == "Lukket tilbud i byen"


@pytest.mark.parametrize(
    "fields",
    [
        {"heading": ""},
        {"text": ""},
        {"text": "   "},
        {"heading": "x" * 161},
        {"heading": "nul\x00tegn"},
        {"heading": "to\nlinjer"},
        {"text": "x" * 10_001},
        {"text": "styre\x01tegn"},
        {"text": "Født 010203-1234"},
        {"link": "javascript:alert(1)"},
        {"division": "ukendt"},
        {"submission_id": ""},
        {"submission_id": "abc"},
    ],
)
def test_bad_notes_are_422_and_nothing_typed_is_lost(login, editor, cluster, municipality, fields):
    data = body(heading="Beholdes", text="Beholdes") | fields
    response = login(editor).post(add_path(cluster, municipality), data)
    assert response.status_code == 422
    assert 'class="err"' in text_of(response)
    assert "Beholdes" in text_of(response)
    assert not AuthorityNote.objects.exists()


@pytest.mark.parametrize("version", ["", "abc", "-1", str(10**30)])
def test_a_bad_version_of_a_note_is_422(login, editor, note, version):
    response = login(editor).post(edit_path(note), body(version=version))
    assert response.status_code == 422
    assert 'class="err"' in text_of(response)


def test_ten_thousand_characters_fit(login, editor, cluster, municipality):
    text = ("æ" * 99 + "\n") * 99 + "æ" * 100
    sent = login(editor).post(add_path(cluster, municipality), body(text=text))
    assert sent.status_code == 302
    assert len(AuthorityNote.objects.get().text) == 10_000


def test_an_efforts_own_long_text_stands_among_the_notes(
    login, editor, cluster, note, rows, answer
):
    [effort] = answer(rows[0], "Røgfri psykiatri", note="Uddybet i flere ord")
    page = text_of(login(editor).get(matrix_path(cluster)))
    assert f'<li id="i-{effort.pk}">' in page
    assert "N2 Røgfri psykiatri." in page
    assert f'<a href="#i-{effort.pk}"' in page
