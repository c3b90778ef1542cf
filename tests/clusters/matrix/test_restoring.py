"""Earlier versions of cells, efforts and notes come back as new changes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.enums import EffortState, PositionState
from clusters.matrix.actions.notes import remove_note, save_note
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer, EffortInput
from clusters.models import AuthorityNote, Effort, Position, Theme
from krams.enums import AuditKind, Role
from krams.models import AuditEntry

from ..conftest import cell_data, cell_path

pytestmark = pytest.mark.django_db


def versions(row):
    return list(type(row).history.filter(id=row.pk).order_by("history_date", "history_id"))


def put_back(client, key, row, record, version=None):
    data = {"saved": record.history_id, "version": row.version if version is None else version}
    return client.post(reverse("history-restore", args=[key, row.pk]), data)


@pytest.fixture
def column(cluster, municipality):
    return cluster.memberships.get(authority=municipality)


@pytest.fixture
def saved(rows, column, editor):
    """A cell that was saved three times."""

    def line(text, effort=None, **fields):
        return EffortInput(
            text, EffortState.RUNNING, frozenset({rows[0].pk}), effort_id=effort, **fields
        )

    def save(version, state, *lines):
        answer = Answer(state, efforts=lines)
        return save_cell(
            column=column, proposal=rows[0], version=version, answer=answer, by=editor
        ).position

    one = save(0, PositionState.ESTABLISHED, line("Gadeplan"), line("Café"))
    gadeplan, cafe = Effort.objects.order_by("pk")
    two = save(
        one.version,
        PositionState.ESTABLISHED,
        line("Gadeplansteam", gadeplan.pk),
        line("Café", cafe.pk, removed=True),
    )
    lines = line("Gadeplansteam", gadeplan.pk), line("Ny")
    return save(two.version, PositionState.ESTABLISHED, *lines)


def test_a_cell_comes_back_as_it_stood(login, editor, rows, saved):
    first = versions(saved)[0]

    answer = put_back(login(editor), "svar", saved, first)

    assert answer.status_code == 302
    now = Position.objects.get(pk=saved.pk)
    assert now.version > saved.version
    standing = Effort.objects.standing().filter(places__proposal=rows[0])
    assert sorted(standing.values_list("text", flat=True)) == ["Café", "Gadeplan"]
    assert Effort.objects.get(text="Ny").removed_at
    assert versions(now)[-1].history_change_reason.startswith("Gendannet")
    entry = AuditEntry.objects.get(kind=AuditKind.RESTORED)
    assert (entry.actor, entry.about) == (editor, f"svar:{saved.pk}")
    assert entry.authority == saved.authority


def test_a_stale_page_is_told_and_changes_nothing(login, editor, saved):
    answer = put_back(login(editor), "svar", saved, versions(saved)[0], version=1)
    assert answer.status_code == 409
    assert "gemt" in answer.content.decode()
    assert Position.objects.get(pk=saved.pk).version == saved.version


@pytest.mark.parametrize("data", [{}, {"saved": "x", "version": 1}, {"saved": "1"}])
def test_bad_input(login, editor, saved, data):
    client = login(editor)
    assert client.post(reverse("history-restore", args=["svar", saved.pk]), data).status_code == 422
    assert client.get(reverse("history-restore", args=["svar", saved.pk])).status_code == 405


def test_who_may_restore(
    login, editor, make_user, cluster, other_municipality, facility, rows, saved
):
    effort = Effort.objects.get(text="Gadeplansteam")
    for person, status in (
        (make_user(Role.EDITOR, authority=other_municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
    ):
        client = login(person)
        for key, row in (("svar", saved), ("skemaindsats", effort)):
            assert put_back(client, key, row, versions(row)[0]).status_code == status
            page = client.get(reverse("history", args=[key, row.pk]))
            assert b"/gendan/" not in page.content
    # A version of another row is no version of this one.
    other = versions(Effort.objects.get(text="Ny"))[0]
    other.history_id += 10**6
    assert put_back(login(editor), "skemaindsats", effort, other).status_code == 404
    assert b"/gendan/" in login(editor).get(reverse("history", args=["svar", saved.pk])).content


def test_the_words_of_an_effort_come_back_and_its_cell_counts_up(login, editor, saved):
    effort = Effort.objects.get(text="Gadeplansteam")
    put_back(login(editor), "skemaindsats", effort, versions(effort)[0])
    effort.refresh_from_db()
    assert effort.text == "Gadeplan"
    assert Position.objects.get(pk=saved.pk).version == saved.version + 1


@pytest.fixture
def themed(login, editor, rows, municipality):
    """An effort whose three themes were exchanged for another one; one has a comma in its name."""
    names = ("Mad, måltider", "Måltider", "Rygestop", "Søvn")
    themes = [Theme.objects.create(name=one, slug=f"t{at}") for at, one in enumerate(names)]
    client, path = login(editor), cell_path(rows[0], municipality)
    line = {"text": "Kursus", "themes": [one.pk for one in themes[:3]]}
    client.post(path, cell_data(rows[0], line))
    effort = Effort.objects.get()
    line = {"effort": effort.pk, "text": "Holdkursus", "themes": [themes[3].pk]}
    assert client.post(path, cell_data(rows[0], line, version=1)).status_code == 302
    effort.refresh_from_db()
    return client, effort, themes


@pytest.mark.parametrize("key", ["svar", "skemaindsats"])
def test_the_themes_of_an_effort_come_back_with_its_words(themed, key):
    client, effort, themes = themed
    row = effort if key == "skemaindsats" else Position.objects.get()
    assert put_back(client, key, row, versions(row)[0], version=1).status_code == 409
    assert list(effort.themes.all()) == themes[3:]

    assert put_back(client, key, row, versions(row)[0]).status_code == 302

    effort.refresh_from_db()
    assert (effort.text, set(effort.themes.all())) == ("Kursus", set(themes[:3]))
    assert effort.theme_text == "Mad, måltider, Måltider, Rygestop"
    # And that save is undone as well.
    row.refresh_from_db()
    put_back(client, key, row, versions(row)[1])
    assert list(effort.themes.all()) == themes[3:]


@pytest.mark.parametrize("key", ["svar", "skemaindsats"])
def test_a_theme_that_is_no_more_stays_away_and_that_is_said(themed, key):
    client, effort, themes = themed
    row = effort if key == "skemaindsats" else Position.objects.get()
    themes[2].delete()
    themes[0].name = "MAD, MÅLTIDER"
    themes[0].save()
    data = {"saved": versions(row)[0].history_id, "version": row.version}

    page = client.post(reverse("history-restore", args=[key, row.pk]), data, follow=True)

    said = "»Kursus« kom tilbage uden temaet »Rygestop«, som ikke findes længere."
    assert page.text.count("kom tilbage uden") == page.text.count(said) == 1
    effort.refresh_from_db()
    assert set(effort.themes.all()) == set(themes[:2])
    assert effort.theme_text == "MAD, MÅLTIDER, Måltider"
    assert Effort.history.latest().theme_text == effort.theme_text


def test_an_earlier_version_with_a_cpr_number_stays_where_it_is(login, editor, saved):
    effort = Effort.objects.get(text="Gadeplansteam")
    old = versions(effort)[0]
    Effort.history.filter(history_id=old.history_id).update(text="Gåtur med 010190-1234")

    answer = put_back(login(editor), "skemaindsats", effort, old)

    assert answer.status_code == 422
    assert "CPR" in answer.context["error"]
    assert "010190" not in answer.context["error"]
    effort.refresh_from_db()
    assert effort.text == "Gadeplansteam"


def test_a_cell_saved_unchanged_keeps_its_version(login, editor, rows, municipality, saved):
    lines = [
        {"effort": effort.pk, "text": effort.text}
        for effort in Effort.objects.standing().order_by("places__position")
    ]
    client, count = login(editor), Position.history.count()
    data = cell_data(rows[0], *lines, version=saved.version)

    assert client.post(cell_path(rows[0], municipality), data).status_code in (200, 302)
    assert Position.objects.get(pk=saved.pk).version == saved.version
    assert Position.history.count() == count

    # What was confirmed earlier is confirmed today, and that is no version either.
    Position.objects.filter(pk=saved.pk).update(confirmed_on=dt.date(2026, 1, 2))
    assert client.post(cell_path(rows[0], municipality), data).status_code in (200, 302)
    now = Position.objects.get(pk=saved.pk)
    assert (now.version, now.confirmed_on) == (saved.version, timezone.localdate())
    assert Position.history.count() == count + 1

    # Another order is a change.
    data = cell_data(rows[0], *reversed(lines), version=saved.version)
    client.post(cell_path(rows[0], municipality), data)
    assert Position.objects.get(pk=saved.pk).version == saved.version + 1


@pytest.fixture
def note(cluster, column, rows, municipality, editor):
    made = AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Café", text="Åben mandag"
    )
    return save_note(
        column=column,
        note_id=made.pk,
        version=1,
        by=editor,
        heading="Café",
        text="Åben tirsdag",
        link="",
        division="",
    )


def test_a_note_comes_back_with_its_efforts(login, editor, cluster, column, note, saved):
    effort = Effort.objects.get(text="Ny")
    Effort.objects.filter(pk=effort.pk).update(explained_by=note)
    effort.refresh_from_db()
    effort.version += 1
    effort.save()
    client = login(editor)
    answer = client.post(
        reverse("clusters:note-edit", args=[cluster.slug, note.pk]),
        {"heading": "Café", "text": "x", "version": note.version, "remove": "on"},
        follow=True,
    )
    address = reverse("history", args=["uddybning", note.pk])
    assert address in answer.content.decode()

    page = client.get(address)
    assert page.status_code == 200
    removed = page.context["events"][0]
    assert removed.kind == "-"
    data = {"saved": removed.history_id, "version": note.version}
    restore = reverse("history-restore", args=["uddybning", note.pk])
    assert client.post(restore, data).url == address

    back = AuthorityNote.objects.get(pk=note.pk)
    assert (back.text, back.version) == ("Åben tirsdag", note.version + 1)
    effort.refresh_from_db()
    assert effort.explained_by == back
    # Pressed twice it is stale, as somebody has saved meanwhile.
    assert (
        client.post(reverse("history-restore", args=["uddybning", note.pk]), data).status_code
        == 409
    )


def test_a_removed_note_is_read_by_who_sees_the_cluster_alone(
    login, make_user, cluster, column, note, editor, facility, other_municipality
):
    remove_note(column=column, note_id=note.pk, version=note.version, by=editor)
    address = reverse("history", args=["uddybning", note.pk])
    record = versions(note)[0]
    assert login(make_user(Role.STAFF, facility=facility)).get(address).status_code == 404
    other = login(make_user(Role.EDITOR, authority=other_municipality))
    assert other.get(address).status_code == 200
    assert put_back(other, "uddybning", note, record).status_code == 403
    assert not AuthorityNote.objects.exists()
