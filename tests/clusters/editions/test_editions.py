"""Editions: frozen whole and for good, numbered without gaps, compared word by word."""

import datetime as dt
import json
import random
import threading
import uuid

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from clusters.access import get_sheet
from clusters.editions.actions import withdraw_edition
from clusters.editions.content import freeze, thaw
from clusters.editions.differences import Known, compare, effort_text
from clusters.enums import Division, EffortState, PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer, EffortInput
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import (
    AuthorityNote,
    Edition,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
)
from krams.data_protection.actions.leaving import anonymise
from krams.enums import Role
from krams.models import ClusterMembership

from ..conftest import freeze_now

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def proposals(cluster):
    group = ProposalGroup.objects.create(cluster=cluster, name="På hospitalet")
    source = SourceDocument.objects.create(cluster=cluster, title="Notat", remark="En bemærkning")
    return [
        Proposal.objects.create(
            cluster=cluster, group=group, number=number, title=f"Forslag {number}", source=source
        )
        for number in (1, 2, 3)
    ]


@pytest.fixture
def coordinator(make_user, cluster):
    return make_user(Role.COORDINATOR, cluster=cluster)


@pytest.fixture
def fill(cluster, coordinator):
    """Answer one proposal for one authority through the product's own action."""

    def save(proposal, authority, state=PositionState.ESTABLISHED, *texts, serves=(), version=0):
        column = ClusterMembership.objects.get(cluster=cluster, authority=authority)
        keys = frozenset({proposal.pk, *(other.pk for other in serves)})
        efforts = tuple(
            EffortInput(text=text, state=EffortState.RUNNING, proposals=keys) for text in texts
        )
        answer = Answer(
            state=state, same_for=frozenset(other.pk for other in serves), efforts=efforts
        )
        save_cell(column=column, proposal=proposal, version=version, answer=answer, by=coordinator)

    return save


def whole(cluster, user):
    return read_matrix(get_sheet(user, cluster.slug))


def test_a_thawed_edition_reads_as_the_matrix_did(
    cluster, proposals, municipality, region, coordinator, fill
):
    fill(proposals[0], municipality, PositionState.NOT_NEEDED)
    fill(proposals[0], region, PositionState.ESTABLISHED, "Brobygning", serves=proposals[1:])
    AuthorityNote.objects.create(
        cluster=cluster, authority=region, heading="Brobygning", text="Fire ansatte."
    )
    before = whole(cluster, coordinator)
    thawed = thaw(freeze(cluster, before, TODAY))
    assert thawed.cells.keys() == before.cells.keys()
    for key, cell in before.cells.items():
        other = thawed.cells[key]
        assert (cell.state, cell.rowspan, cell.joint_text) == (
            other.state,
            other.rowspan,
            other.joint_text,
        )
        assert [line.effort.text for line in cell.lines] == [
            line.effort.text for line in other.lines
        ]
    assert thawed.cells[proposals[0].pk, region.pk].rowspan == 3
    assert [entry.label for column in thawed.columns for entry in column.entries] == ["P1"]
    assert not thawed.is_exhaustive
    # An edition is shown to others; the remark is the coordinator's.
    assert thawed.sources[0].remark == ""
    assert not compare(before, thawed)


@pytest.mark.parametrize("seed", range(5))
def test_notes_have_the_numbers_of_the_matrix_that_was_frozen(
    cluster, rows, municipality, region, coordinator, seed
):
    """Whatever order efforts and notes were written in, and wherever they stand."""
    dice = random.Random(seed)
    for number in range(12):
        authority = dice.choice([municipality, region])
        division = dice.choice(["", *Division.values])
        explained = AuthorityNote.objects.create(
            cluster=cluster,
            authority=authority,
            division=division,
            position=dice.randrange(4),
            heading=f"Uddybning {number}",
            text="Mere om det",
        )
        effort = Effort.objects.create(
            cluster=cluster,
            authority=authority,
            division=division,
            text=f"Indsats {number}",
            note=dice.choice(["", "Selv uddybet"]),
            explained_by=dice.choice([None, explained]),
        )
        for proposal in dice.sample(rows, dice.randint(1, 4)):
            EffortProposal.objects.create(
                effort=effort, proposal=proposal, position=dice.randrange(4)
            )

    def numbered(matrix):
        below = {e.anchor: e.label for column in matrix.columns for e in column.entries}
        cells = {
            key: [(line.effort.text, [e.label for e in line.entries]) for line in cell.lines]
            for key, cell in matrix.cells.items()
        }
        return below, cells

    matrix = read_matrix(get_sheet(coordinator, cluster.slug))
    frozen = thaw(json.loads(json.dumps(freeze(cluster, matrix, timezone.localdate()))))
    assert numbered(frozen) == numbered(matrix)
    # And they are in the order in which they are met when reading a column from the top.
    for column in matrix.columns:
        met = [
            entry.label
            for row in matrix.rows
            for cell in row.cells
            if cell.column is column
            for line in cell.lines
            for entry in line.entries
            if entry.note is None and not entry.division
        ]
        own = [e.label for e in column.entries if e.note is None and not e.division]
        assert list(dict.fromkeys(met)) == own


def test_an_edition_says_who_confirmed_what_also_when_the_account_has_another_name(
    cluster, proposals, municipality, coordinator, fill, login
):
    fill(proposals[0], municipality)
    coordinator.name = "Koordinator, Klynge Prøve"
    coordinator.save()
    edition = freeze_now(cluster, coordinator)
    coordinator.name = "Et andet navn"
    coordinator.save()
    page = login(coordinator).get(edition.get_absolute_url()).content.decode()
    assert page.count(" af Koordinator, Klynge Prøve</p>") == 1
    # Editions from before it was kept.
    for entry in edition.content["answers"]:
        del entry["confirmed_by"]
    cell = thaw(edition.content).cells[proposals[0].pk, municipality.pk]
    assert (cell.confirmed_by, cell.confirmed_by_text) == ("", "")
    assert cell.confirmed_text.startswith("Bekræftet ")


def test_an_empty_cell_stays_apart_from_none(cluster, proposals, municipality, coordinator, fill):
    edition = freeze_now(cluster, coordinator)
    fill(proposals[0], municipality, PositionState.NONE)
    difference = compare(thaw(edition.content), whole(cluster, coordinator))
    assert [c.summary for c in difference.cells] == ["Ikke udfyldt → Ingen"]
    assert difference.unchanged == 8


def test_a_change_is_marked_word_by_word(cluster, proposals, municipality, coordinator, fill):
    fill(proposals[0], municipality, PositionState.ESTABLISHED, "Café hvert kvartal")
    edition = freeze_now(cluster, coordinator)
    effort = municipality.efforts.get()
    effort.text = "Café hver måned <b>"
    effort.save()
    (change,) = compare(thaw(edition.content), whole(cluster, coordinator)).cells
    assert not change.has_new_answer
    assert "<del>hvert kvartal</del>" in change.lines[0].inline
    assert "&lt;b&gt;" in change.lines[0].inline


def test_a_mark_that_turns_the_direction_ends_with_its_text(
    cluster, proposals, municipality, coordinator, fill
):
    fill(proposals[0], municipality, PositionState.ESTABLISHED, "Café")
    # As it was frozen before such signs were dropped.
    content = freeze_now(cluster, coordinator).content
    content = json.loads(json.dumps(content).replace("Caf", "\\u202eCaf"))
    [change] = compare(thaw(content), whole(cluster, coordinator)).cells
    assert [line.inline for line in change.lines] == [
        "<del>\u2068\u202e</del>Café<del>\u2069</del>"
    ]


def test_another_date_is_another_answer(cluster, proposals, municipality, coordinator, fill):
    fill(proposals[0], municipality, PositionState.PLANNED, "Café")
    Position.objects.update(state_from=dt.date(2027, 3, 1))
    edition = freeze_now(cluster, coordinator)
    Position.objects.update(state_from=dt.date(2027, 9, 1))
    difference = compare(thaw(edition.content), whole(cluster, coordinator))
    assert [c.summary for c in difference.cells] == [
        "Planlagt fra 01.03.2027 → Planlagt fra 01.09.2027"
    ]
    assert difference.unchanged == 8


def test_who_left_and_what_was_retired_is_named_and_no_changed_answer(
    cluster, proposals, municipality, other_municipality, coordinator, fill, login
):
    for authority in (municipality, other_municipality):
        fill(proposals[0], authority, PositionState.ESTABLISHED, "Café")
        fill(proposals[1], authority, PositionState.ESTABLISHED, "Kursus")
        AuthorityNote.objects.create(
            cluster=cluster, authority=authority, heading="Om os", text="Vi er to."
        )
    edition = freeze_now(cluster, coordinator)
    left = ClusterMembership.objects.get(cluster=cluster, authority=other_municipality)
    left.valid_until = timezone.localdate() - dt.timedelta(days=1)
    left.save()
    proposals[0].retired_on = timezone.localdate()
    proposals[0].save()
    Proposal.objects.filter(pk=proposals[2].pk).update(title="Nye ord")
    AuthorityNote.objects.filter(authority=municipality).update(text="Vi er tre.")
    difference = compare(thaw(edition.content), whole(cluster, coordinator))
    assert difference.cells == []
    assert [one.pk for one in difference.left] == [other_municipality.pk]
    assert [one.pk for one in difference.gone] == [proposals[0].pk]
    assert difference.unchanged == 4
    [(proposal, words)] = difference.reworded
    assert proposal.pk == proposals[2].pk
    assert "<del>Forslag 3</del><ins>Nye ord</ins>" in words.inline
    assert [one.pk for one in difference.noted] == [municipality.pk]
    url = reverse("clusters:changes", args=[cluster.slug]) + "?fra=1&til=kladde"
    page = login(coordinator).get(url).content.decode()
    for line in (
        "Sønderby Kommune er gået ud",
        "1 Forslag 1: står ikke længere i skemaet",
        "3 Nye ord: forslaget selv er ændret",
        "Nordby Kommune: uddybningerne er ændret",
    ):
        assert f"<li>{line}</li>" in page
    # Who has left can still be asked for, and what is counted is that authority's.
    page = login(coordinator).get(url + "&myndighed=soenderby").content.decode()
    assert "Sønderby Kommune er gået ud" in page
    assert "0 felter er uændrede" in page
    back = compare(whole(cluster, coordinator), thaw(edition.content))
    assert [one.pk for one in back.joined] == [other_municipality.pk]
    assert [one.pk for one in back.added] == [proposals[0].pk]
    assert [change.summary for change in back.cells] == ["Ikke udfyldt → Etableret"] * 3


def test_the_edition_keeps_cluster_and_members_as_they_were(
    cluster, proposals, municipality, coordinator, login
):
    edition = freeze_now(cluster, coordinator)
    municipality.official_name = "Nyt Navn Kommune"
    municipality.save()
    proposals[0].retired_on = TODAY
    proposals[0].save()
    page = login(coordinator).get(edition.get_absolute_url()).content.decode()
    assert "Nordby Kommune" in page
    assert "Forslag 1" in page
    assert "Nyt Navn Kommune" not in page


@pytest.mark.usefixtures("proposals")
def test_numbers_follow_each_other_and_a_double_post_freezes_once(cluster, coordinator):
    key = uuid.uuid4()
    first = freeze_now(cluster, coordinator, submission_id=key)
    again = freeze_now(cluster, coordinator, submission_id=key)
    second = freeze_now(cluster, coordinator)
    assert first == again
    assert [first.number, second.number] == [1, 2]


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize(
    "change",
    [
        {"title": "Omskrevet"},
        {"content": {}},
        {"number": 9},
        {"meeting_on": dt.date(2020, 1, 1)},
        {"frozen_by_name": "En anden"},
        {"id": 10**6},
        {"withdrawn_at": None, "withdrawn_reason": ""},
        {"withdrawn_reason": "En anden grund"},
    ],
)
def test_the_database_refuses_to_rewrite_an_edition(cluster, coordinator, change):
    edition = freeze_now(cluster, coordinator)
    withdraw_edition(edition=edition, reason="Forkert møde", by=coordinator)
    before = Edition.objects.values().get()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**change)
    assert Edition.objects.values().get() == before


def delete_by_sql():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clusters_edition")


@pytest.mark.usefixtures("proposals")
def test_an_edition_is_never_deleted_and_outlives_the_account(cluster, coordinator, make_user):
    edition = freeze_now(cluster, coordinator)
    with pytest.raises(models.ProtectedError):
        edition.delete()
    for remove in (Edition.objects.all().delete, delete_by_sql):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            remove()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Edition.objects.update(frozen_by=make_user())
    with pytest.raises(models.ProtectedError), transaction.atomic():
        coordinator.delete()
    anonymise(coordinator, by=None)
    edition.refresh_from_db()
    assert edition.frozen_by == coordinator
    assert edition.frozen_by_name


@pytest.mark.usefixtures("proposals")
def test_a_withdrawn_edition_stays_readable_with_its_reason(cluster, coordinator, login):
    edition = freeze_now(cluster, coordinator)
    withdraw_edition(edition=edition, reason="Forkert møde", by=coordinator)
    client = login(coordinator)
    assert "Forkert møde" in client.get(edition.get_absolute_url()).content.decode()
    assert client.get(reverse("clusters:editions", args=[cluster.slug])).status_code == 200
    assert freeze_now(cluster, coordinator).number == 2


@pytest.mark.usefixtures("proposals")
def test_only_coordinators_freeze_and_withdraw(
    cluster, coordinator, make_user, municipality, facility, login
):
    edition = freeze_now(cluster, coordinator)
    pages = {
        "freeze": reverse("clusters:freeze", args=[cluster.slug]),
        "withdraw": reverse("clusters:withdraw", args=[cluster.slug, edition.number]),
    }
    reader = make_user(Role.VIEWER, cluster=cluster)
    editor = make_user(Role.EDITOR, authority=municipality)
    stranger = make_user(Role.STAFF, facility=facility)
    for url in pages.values():
        for user, status in [(reader, 403), (editor, 403), (stranger, 404)]:
            assert login(user).get(url).status_code == status
            assert login(user).post(url, {"reason": "x"}).status_code == status
    assert login(reader).get(edition.get_absolute_url()).status_code == 200
    assert login(stranger).get(edition.get_absolute_url()).status_code == 404


def freeze_form(**fields):
    return {
        "title": "Status",
        "meeting": "Klyngemøde",
        "meeting_on": "26.11.2026",
        "submission_id": str(uuid.uuid4()),
    } | fields


@pytest.mark.usefixtures("proposals")
def test_the_form_freezes(cluster, coordinator, login):
    url = reverse("clusters:freeze", args=[cluster.slug])
    response = login(coordinator).post(url, freeze_form())
    assert response.status_code == 302
    assert Edition.objects.get().meeting_on == dt.date(2026, 11, 26)


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 201},
        {"title": "et\x00nul"},
        {"meeting": "Om 010190-1234"},
        {"meeting_on": "31-02-2026"},
        {"meeting_on": "01.01.0001"},
        {"meeting_on": ""},
        {"submission_id": "abc"},
        {"submission_id": ""},
    ],
)
def test_bad_input_freezes_nothing_and_keeps_what_was_typed(cluster, coordinator, login, fields):
    url = reverse("clusters:freeze", args=[cluster.slug])
    response = login(coordinator).post(url, freeze_form(**fields))
    assert response.status_code == 422
    assert not Edition.objects.exists()
    assert 'role="alert"' in response.content.decode()


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?fra=1&til=kladde", 200),
        ("?fra=1&til=1&myndighed=nordby", 200),
        ("?fra=99&til=kladde", 422),
        ("?fra=1&til=", 422),
        ("?fra=1&til=kladde&myndighed=ukendt", 422),
        ("?fra=-1&til=1000000000", 422),
        ("?fra=%00&til=1", 422),
    ],
)
def test_versions_that_do_not_exist_are_named(cluster, coordinator, login, query, status):
    freeze_now(cluster, coordinator)
    url = reverse("clusters:changes", args=[cluster.slug])
    assert login(coordinator).get(url + query).status_code == status


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("proposals")
def test_two_coordinators_at_once_get_one_number_each(cluster, coordinator):
    barrier, numbers, errors = threading.Barrier(4), [], []

    def work():
        try:
            barrier.wait()
            numbers.append(freeze_now(cluster, coordinator).number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(numbers) == [1, 2, 3, 4]
    assert Position.objects.count() == 0


def test_themes_do_not_run_into_the_words_of_an_effort(cluster, municipality):
    effort = Effort(cluster=cluster, authority=municipality, text="Natcafé i Nordby")
    effort.theme_names, effort.initiative_title = ["Motion", "Søvn"], ""
    assert effort_text(effort, Known(links=True)) == "Natcafé i Nordby · Temaer: Motion, Søvn"
