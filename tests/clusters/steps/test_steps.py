"""Who is responsible for an effort, its next step, and closing it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.access import get_sheet
from clusters.editions.content import thaw
from clusters.editions.differences import compare
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Effort, Position
from krams.enums import Role
from tests.clusters.conftest import cell_data, cell_path, freeze_now, told
from tests.files import docx_of, sheets_of

pytestmark = pytest.mark.django_db
LATE = timezone.localdate() - dt.timedelta(days=3)


@pytest.fixture
def effort(answer, rows):
    [made] = answer(
        rows[0],
        "Gadesygepleje",
        responsible="Sundhedsafdelingen",
        next_step="Ansæt en sygeplejerske",
        next_step_on=LATE,
    )
    return made


def done_path(effort) -> str:
    return reverse("clusters:step-done", args=[effort.cluster.slug, effort.pk])


def waiting(user) -> list[str]:
    return [line.text for line in told(user, "Næste skridt over fristen")]


def test_the_cell_form_keeps_responsible_step_and_date(client, login, editor, rows, municipality):
    login(editor)
    line = {
        "text": "Gadesygepleje",
        "responsible": "Sundhedsafdelingen",
        "next_step": "Ansæt en sygeplejerske",
        "next_step_on": "1.12.2027",
    }
    url = cell_path(rows[0], municipality)
    assert client.post(url, cell_data(rows[0], line)).status_code == 302
    effort = Effort.objects.get()
    assert (effort.responsible, effort.next_step) == ("Sundhedsafdelingen", line["next_step"])
    assert effort.next_step_on == dt.date(2027, 12, 1)
    alone = line | {"next_step": "", "effort": effort.pk}
    refused = client.post(url, cell_data(rows[0], alone, version=1))
    assert refused.status_code == 422
    assert "Skriv, hvad næste skridt er, eller slet datoen." in refused.content.decode()
    numbered = line | {"responsible": "010190-1234"}
    assert client.post(url, cell_data(rows[0], numbered, version=1)).status_code == 422


def test_a_step_is_done_and_another_follows(client, login, editor, effort, municipality, rows):
    login(editor)
    assert "Ansæt en sygeplejerske" in client.get(done_path(effort)).content.decode()
    following = {"version": 1, "next_step": "Find lokaler", "next_step_on": "1.12.2027"}
    for _time in range(2):
        assert client.post(done_path(effort), following).status_code == 302
    effort.refresh_from_db()
    assert (effort.next_step, effort.version) == ("Find lokaler", 2)
    reason = effort.history.first().history_change_reason
    assert reason == "Udført: Ansæt en sygeplejerske"
    position = Position.objects.get(proposal=rows[0], authority=municipality)
    assert position.version == 2
    assert client.post(done_path(effort), {"version": 2}).status_code == 302
    effort.refresh_from_db()
    assert (effort.next_step, effort.next_step_on) == ("", None)


def test_a_stale_step_keeps_what_was_typed(client, login, editor, effort):
    login(editor)
    client.post(done_path(effort), {"version": 1, "next_step": "Find lokaler"})
    stale = client.post(done_path(effort), {"version": 1, "next_step": "Noget andet"})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Noget andet" in page
    assert "Find lokaler" in page
    bad = client.post(done_path(effort), {"version": 2, "next_step_on": "1.12.2027"})
    assert bad.status_code == 422


def test_who_may(client, login, effort, make_user, cluster, other_cluster, other_municipality):
    login(make_user(Role.VIEWER, cluster=cluster))
    page = client.get(reverse("clusters:steps", args=[cluster.slug]))
    assert "Sundhedsafdelingen" in page.content.decode()
    assert "Udført" not in page.content.decode().split("<main")[1]
    assert client.post(done_path(effort), {"version": 1}).status_code == 403
    login(make_user(Role.EDITOR, authority=other_municipality))
    assert client.post(done_path(effort), {"version": 1}).status_code == 403
    login(make_user(Role.COORDINATOR, cluster=other_cluster))
    assert client.get(done_path(effort)).status_code == 404
    assert client.get(reverse("clusters:steps", args=[cluster.slug])).status_code == 404
    foreign = reverse("clusters:step-done", args=[other_cluster.slug, effort.pk])
    assert client.post(foreign, {"version": 1}).status_code == 404


def test_those_past_their_date_need_their_people(
    effort, editor, coordinator, make_user, cluster, django_assert_num_queries
):
    # The second reads who the person is.
    with django_assert_num_queries(2):
        mine = waiting(editor)
    day = f"{LATE:%d.%m.%Y}"
    assert mine == [
        f"Nordby Kommune, Gadesygepleje: »Ansæt en sygeplejerske« skulle være udført {day}"
    ]
    assert waiting(coordinator) == ["Nordby Kommune: 1 næste skridt er over fristen"]
    assert waiting(make_user(Role.VIEWER, cluster=cluster)) == []
    Effort.objects.update(next_step_on=timezone.localdate())
    assert waiting(editor) == waiting(coordinator) == []


def test_what_was_stopped_or_removed_waits_for_nobody(effort, editor):
    Effort.objects.update(state="discontinued")
    assert waiting(editor) == []
    Effort.objects.update(state="running", removed_at=timezone.now())
    assert waiting(editor) == []


def test_the_page_costs_the_same_whatever_its_rows(
    client, login, answer, rows, effort, coordinator, cluster, django_assert_max_num_queries
):
    answer(rows[1], *(f"Indsats {n}" for n in range(30)), responsible="Afdelingen", next_step="Se")
    login(coordinator)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("clusters:steps", args=[cluster.slug])).content.decode()
    assert "1 næste skridt er over fristen" in page


def test_editions_and_files_hold_it(client, login, effort, coordinator, cluster):
    edition = freeze_now(cluster, coordinator)
    whole = read_matrix(get_sheet(coordinator, cluster.slug))
    then = thaw(edition.content)
    [line] = [line for cell in then.cells.values() for line in cell.lines]
    assert line.effort.responsible == "Sundhedsafdelingen"
    assert line.effort.next_step_on == LATE
    assert not compare(then, whole)
    Effort.objects.update(next_step="Find lokaler")
    whole = read_matrix(get_sheet(coordinator, cluster.slug))
    [change] = compare(then, whole).cells
    assert "Find lokaler" in change.lines[0].new
    del edition.content["efforts"][0]["next_step"]
    assert not compare(thaw(edition.content), whole)


def test_the_search_finds_who_is_responsible(client, login, effort, coordinator):
    login(coordinator)
    found = client.get(reverse("search"), {"q": "sundhedsafdelingen"}).content.decode()
    assert "Gadesygepleje" in found


def test_the_page_is_a_file_too(client, login, effort, coordinator, cluster):
    login(coordinator)
    page = reverse("clusters:steps-file", args=[cluster.slug, "xlsx"])
    [table] = sheets_of(client.get(page)).values()
    assert table[1][:4] == [
        *("Nordby Kommune", "Gadesygepleje", "Sundhedsafdelingen", "Ansæt en sygeplejerske")
    ]
    word = client.get(reverse("clusters:steps-file", args=[cluster.slug, "docx"]))
    assert "Ansæt en sygeplejerske" in [
        cell.text for row in docx_of(word).tables[0].rows for cell in row.cells
    ]
