"""Two people in one cell: nothing is lost, and of eight saves at once exactly one wins."""

import threading
from concurrent.futures import ThreadPoolExecutor

import html5lib
import pytest
from django.db import connection
from django.test import Client

from clusters.enums import PositionState
from clusters.models import Effort, EffortProposal, Position
from krams.enums import Role

from ..conftest import cell_data, cell_path, partial

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def stored(proposal) -> list[str]:
    places = EffortProposal.objects.standing().filter(proposal=proposal)
    return [place.effort.text for place in places.order_by("position")]


@pytest.fixture
def path(rows, municipality):
    return cell_path(rows[0], municipality)


@pytest.fixture
def efforts(rows, answer):
    return answer(rows[0], "Opsøgende besøg i lokalområder", "Forebyggende hjemmebesøg")


def lines(efforts, first: str, second: str) -> list[dict]:
    return [
        {"effort": efforts[0].pk, "text": first, "order": 1},
        {"effort": efforts[1].pk, "text": second, "order": 2},
    ]


@pytest.fixture
def clash(login, coordinator, editor, rows, path, efforts):
    """The editor saves first; returns the coordinator's client and what the coordinator sends."""
    theirs = lines(efforts, efforts[0].text, "Forebyggende hjemmebesøg til borgere over 65 år")
    saved = login(editor).post(
        path, cell_data(rows[0], *theirs, "Kun deres nye", version=1, state="established")
    )
    assert saved.status_code == 302
    mine = lines(efforts, "Opsøgende besøg i lokalområder, også om aftenen", efforts[1].text)
    data = cell_data(rows[0], *mine, "Kun min nye 😀 <b>", version=1, state="planned")
    return login(coordinator), data


def panel_data(response) -> dict:
    """The hidden fields of the conflict panel, as a browser would send them."""
    tree = html5lib.parse(text_of(response), namespaceHTMLElements=False)
    [panel] = (form for form in tree.iter("form") if form.get("class") == "clash")
    data = {}
    for field in panel.iter("input"):
        if field.get("type") == "hidden":
            data.setdefault(field.get("name"), []).append(field.get("value") or "")
    return data


def test_a_stale_save_shows_both_versions_with_who_and_when(clash, path, editor):
    client, data = clash
    for headers in ({}, partial()):
        response = client.post(path, data, **headers)
        page = text_of(response)
        assert response.status_code == 409
        assert "<ins>, også om aftenen</ins>" in page.replace("</ins> <ins>", " ")
        assert "<ins> til borgere over 65 år</ins>" in page
        assert "Kun min nye 😀 &lt;b&gt;" in page
        assert "Kun deres nye" in page
        assert str(editor) in page
        assert "kl. " in page
    assert stored(Position.objects.get().proposal)[-1] == "Kun deres nye"
    assert Position.objects.get().state == PositionState.ESTABLISHED


def test_mine_replaces_theirs_knowingly(clash, path, rows):
    client, data = clash
    sent = panel_data(client.post(path, data)) | {"choice": "mine"}
    assert client.post(f"{path}vaelg/", sent).status_code == 302
    assert stored(rows[0]) == [
        "Opsøgende besøg i lokalområder, også om aftenen",
        "Forebyggende hjemmebesøg",
        "Kun min nye 😀 <b>",
    ]
    assert Position.objects.get().state == PositionState.PLANNED
    assert Effort.objects.filter(removed_at=None).count() == 3


def test_theirs_leaves_the_cell_as_it_is(clash, path, rows):
    client, data = clash
    before = stored(rows[0])
    sent = panel_data(client.post(path, data)) | {"choice": "theirs"}
    assert client.post(f"{path}vaelg/", sent).status_code == 302
    assert stored(rows[0]) == before
    shown = client.post(f"{path}vaelg/", sent, **partial())
    assert "Kun deres nye" in text_of(shown)
    assert Position.objects.get().version == 2


def test_merging_keeps_what_only_one_changed_and_saves_in_one_go(clash, path, rows):
    client, data = clash
    sent = panel_data(client.post(path, data)) | {"choice": "mine"}
    draft = client.post(f"{path}saml/", sent)
    assert draft.status_code == 200
    tree = html5lib.parse(text_of(draft), namespaceHTMLElements=False)
    texts = [area.text for area in tree.iter("textarea") if area.get("name").endswith("-text")]
    merged = [
        "Opsøgende besøg i lokalområder, også om aftenen",
        "Forebyggende hjemmebesøg til borgere over 65 år",
        "Kun min nye 😀 <b>",
        "Kun deres nye",
    ]
    assert texts == merged
    assert Position.objects.get().version == 2
    keys = Effort.objects.in_bulk()
    again = cell_data(
        rows[0],
        *[
            {"effort": key, "text": text}
            for key, text in zip([*list(keys)[:2], "", list(keys)[2]], merged, strict=True)
        ],
        version=2,
    )
    assert client.post(path, again).status_code == 302
    assert stored(rows[0]) == merged


def test_an_effort_that_both_changed_stands_twice_in_the_draft(
    login, coordinator, editor, rows, path, efforts
):
    theirs = lines(efforts, "Opsøgende besøg i byen", efforts[1].text)
    login(editor).post(path, cell_data(rows[0], *theirs, version=1))
    client = login(coordinator)
    mine = lines(efforts, "Opsøgende besøg på landet", efforts[1].text)
    response = client.post(path, cell_data(rows[0], *mine, version=1))
    draft = text_of(client.post(f"{path}saml/", panel_data(response)))
    assert "Opsøgende besøg på landet" in draft
    assert "Opsøgende besøg i byen" in draft
    assert draft.count("Forebyggende hjemmebesøg</textarea>") == 1


def test_what_they_removed_comes_back_with_mine(login, coordinator, editor, rows, path, efforts):
    theirs = lines(efforts, efforts[0].text, efforts[1].text)
    theirs[0]["remove"] = "on"
    login(editor).post(path, cell_data(rows[0], *theirs, version=1))
    assert stored(rows[0]) == [efforts[1].text]
    client = login(coordinator)
    mine = lines(efforts, "Opsøgende besøg, ny tekst", efforts[1].text)
    response = client.post(path, cell_data(rows[0], *mine, version=1))
    assert response.status_code == 409
    client.post(f"{path}vaelg/", panel_data(response) | {"choice": "mine"})
    assert stored(rows[0]) == ["Opsøgende besøg, ny tekst", efforts[1].text]


def test_a_panel_that_is_stale_itself_is_a_conflict_once_more(clash, path, rows, login, editor):
    client, data = clash
    sent = panel_data(client.post(path, data)) | {"choice": "mine"}
    third = Client()
    third.force_login(editor)
    third.post(path, cell_data(rows[0], "Tredje person", version=2))
    assert client.post(f"{path}vaelg/", sent).status_code == 409
    assert "Tredje person" in stored(rows[0])


def test_the_first_save_of_an_empty_cell_can_clash_too(login, coordinator, editor, rows, path):
    login(editor).post(path, cell_data(rows[0], "Først"))
    response = login(coordinator).post(path, cell_data(rows[0], "Samtidig"))
    assert response.status_code == 409
    assert "Samtidig" in text_of(response)
    assert stored(rows[0]) == ["Først"]


# --- at the same time -------------------------------------------------------------------------


def all_at_once(people, paths, bodies) -> list:
    """Post each body with a client of its own, all starting together."""
    clients = []
    for person in people:
        client = Client()
        client.force_login(person)
        clients.append(client)
    barrier = threading.Barrier(len(clients))

    def send(client, path, body):
        try:
            barrier.wait(timeout=30)
            return client.post(path, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients, paths, bodies))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_filled", [False, True])
def test_eight_saves_of_one_cell_are_one_saved_and_seven_conflicts(
    make_user, cluster, rows, path, answer, is_filled
):
    if is_filled:
        answer(rows[0], "Står der i forvejen")
    people = [make_user(Role.COORDINATOR, cluster=cluster) for _number in range(8)]
    bodies = [
        cell_data(rows[0], f"Skrevet af person nr. {number}", version=int(is_filled))
        for number in range(8)
    ]
    answers = all_at_once(people, [path] * 8, bodies)
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 7
    for number, response in enumerate(answers):
        if response.status_code == 409:
            assert f"Skrevet af person nr. {number}" in text_of(response)
    position = Position.objects.get()
    assert position.version == 1 + is_filled
    assert len(stored(rows[0])) == 1 + is_filled


@pytest.mark.django_db(transaction=True)
def test_eight_saves_of_eight_cells_are_all_saved(
    make_user, cluster, rows, municipality, other_municipality, region
):
    cells = [(row, municipality) for row in rows]
    cells += [(rows[0], other_municipality), (rows[0], region)]
    people = [make_user(Role.COORDINATOR, cluster=cluster) for _number in range(8)]
    paths = [cell_path(*cell) for cell in cells]
    bodies = [cell_data(row, f"Felt {number}") for number, (row, _who) in enumerate(cells)]
    answers = all_at_once(people, paths, bodies)
    assert [answer.status_code for answer in answers] == [302] * 8
    assert Position.objects.count() == Effort.objects.count() == 8


@pytest.mark.parametrize(
    ("pick", "texts"),
    [
        ("mine", ["Kursus om mandagen"]),
        ("theirs", ["Kursus om fredagen"]),
        ("both", ["Kursus om mandagen", "Kursus om fredagen"]),
        ("x", ["Kursus om mandagen", "Kursus om fredagen"]),
    ],
)
def test_of_an_effort_that_both_changed_one_picks_which_shall_stand(
    login, coordinator, rows, municipality, pick, texts
):
    client, path = login(coordinator), cell_path(rows[0], municipality)
    client.post(path, cell_data(rows[0], "Kursus"))
    key = Effort.objects.get().pk
    theirs = {"effort": key, "text": "Kursus om fredagen"}
    client.post(path, cell_data(rows[0], theirs, version=1))
    mine = cell_data(rows[0], {"effort": key, "text": "Kursus om mandagen"}, version=1)
    response = client.post(path, mine)
    assert response.status_code == 409
    assert f'name="pick-{key}" value="theirs"' in response.content.decode()
    again = mine | {"version": 2, "base": 1, f"pick-{key}": pick, "pick-x": "mine"}
    merged = text_of(client.post(f"{path}saml/", again))
    draft = html5lib.parse(merged, namespaceHTMLElements=False)
    written = [area.text.strip() for area in draft.iter("textarea") if "-text" in area.get("name")]
    assert [text for text in written if text] == texts
    assert Effort.objects.get().text == "Kursus om fredagen"
