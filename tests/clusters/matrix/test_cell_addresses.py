"""Each button of a cell's form has an address: who may post to it, and what is refused."""

import html5lib
import pytest

from clusters.models import Effort, Position, Proposal
from krams.enums import Role

from ..conftest import cell_data, cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db
POSTED = ("add-line", "choose", "merge")
TYPED = "Det jeg skrev 😀"


@pytest.fixture
def client_in(login, coordinator):
    return login(coordinator)


@pytest.fixture
def stale(login, editor, rows, municipality):
    """The body of a form that somebody else has overtaken."""
    path = cell_path(rows[0], municipality)
    assert login(editor).post(path, cell_data(rows[0], "Deres")).status_code == 302
    return cell_data(rows[0], TYPED, version=0)


def text_of(response) -> str:
    return response.content.decode()


def buttons(response) -> set[str]:
    """Where the buttons and links of the form lead."""
    tree = html5lib.parse(text_of(response), namespaceHTMLElements=False)
    [form] = (one for one in tree.iter("form") if one.get("class") in ("cellform", "clash"))
    found = {form.get("action")} | {one.get("formaction") for one in form.iter("button")}
    links = (one.get("href") for one in form.iter("a") if one.get("data-cancel") is not None)
    return (found | set(links)) - {None}


def saved() -> list:
    return [*Position.objects.values_list("state", "version"), *Effort.objects.values_list("text")]


@pytest.mark.parametrize("what", [*POSTED, "close"])
def test_who_may_open_a_cell_may_press_its_buttons_and_nobody_else(
    login, rows, cluster, make_user, municipality, other_municipality, other_cluster, what
):
    may, read, hidden = 200, 403, 404
    table = [
        (make_user(Role.COORDINATOR, cluster=cluster), may),
        (make_user(Role.EDITOR, authority=municipality), may),
        (make_user(Role.EDITOR, authority=other_municipality), read),
        (make_user(Role.VIEWER, cluster=cluster), read),
        (make_user(Role.COORDINATOR, cluster=other_cluster), hidden),
        (make_user(), hidden),
    ]
    path = cell_path(rows[0], municipality, what)
    data = cell_data(rows[0], TYPED) | {"choice": "theirs"}
    for person, status in table:
        client = login(person)
        for headers in ({}, partial()):
            send = client.get if what == "close" else client.post
            answer = send(path, {} if what == "close" else data, **headers)
            leads_back = answer.status_code == 302 and status == may
            assert answer.status_code == status or leads_back, (person, headers)
    assert saved() == []


@pytest.mark.parametrize("what", [*POSTED, "close"])
def test_a_cell_that_is_not_there_or_retired_has_no_buttons(
    client_in, rows, municipality, other_cluster, what
):
    def status(path):
        return (client_in.get if what == "close" else client_in.post)(path).status_code

    path = cell_path(rows[0], municipality, what)
    assert status(path.replace(f"/{rows[0].pk}/", "/999999/")) == 404
    assert status(path.replace("nordby", "findes-ikke")) == 404
    Proposal.objects.filter(pk=rows[0].pk).update(retired_on="2026-01-01")
    assert status(path) == 403


@pytest.mark.parametrize("what", POSTED)
def test_who_loads_the_address_of_a_button_gets_the_form(client_in, rows, municipality, what):
    response = client_in.get(cell_path(rows[0], municipality, what) + "?vis=nordby")
    assert response.status_code == 302
    assert response.headers["Location"] == cell_path(rows[0], municipality) + "?vis=nordby"
    assert client_in.get(response.headers["Location"]).status_code == 200


def test_closing_is_no_post(client_in, rows, municipality):
    assert client_in.post(cell_path(rows[0], municipality, "close")).status_code == 405


@pytest.mark.parametrize("headers", [{}, partial()], ids=["plain", "htmx"])
@pytest.mark.parametrize("tail", ["", "?vis=nordby"])
def test_the_form_and_the_conflict_lead_to_their_addresses(
    client_in, rows, municipality, stale, headers, tail
):
    def at(*names):
        return {cell_path(rows[0], municipality, name) + tail for name in names}

    path = cell_path(rows[0], municipality) + tail
    form = client_in.get(path, **headers)
    assert buttons(form) == at("edit", "add-line", "close")
    conflict = client_in.post(path, stale, **headers)
    assert buttons(conflict) == at("edit", "choose", "merge", "close")
    [merge] = at("merge")
    draft = client_in.post(merge, stale | {"version": 1}, **headers)
    assert buttons(draft) == at("edit", "add-line", "close")


def test_a_choice_that_is_none_shows_both_versions_again(client_in, rows, municipality, stale):
    before, path = saved(), cell_path(rows[0], municipality, "choose")
    for choice in ({}, {"choice": ""}, {"choice": "x"}):
        for headers in ({}, partial()):
            again = client_in.post(path, stale | {"version": 1} | choice, **headers)
            assert again.status_code == 422
            assert TYPED in text_of(again)
            assert "Deres" in text_of(again)
    assert saved() == before


def test_bad_input_is_422_with_what_was_typed_and_a_stale_choice_409(
    client_in, rows, municipality, stale
):
    before = saved()
    bad = stale | {"version": 1, "l0-valid_from": "31-02-2026"}
    for what, status in (("choose", 422), ("merge", 422), ("add-line", 200)):
        for headers in ({}, partial()):
            path = cell_path(rows[0], municipality, what)
            answer = client_in.post(path, bad | {"choice": "mine"}, **headers)
            assert answer.status_code == status, what
            assert TYPED in text_of(answer)
            assert "31-02-2026" in text_of(answer)
    choose = cell_path(rows[0], municipality, "choose")
    assert client_in.post(choose, stale | {"choice": "mine"}).status_code == 409
    assert saved() == before


def test_without_javascript_a_choice_leads_back_to_the_cell(client_in, rows, municipality, stale):
    back = f"{matrix_path(rows[0].cluster)}?vis=nordby#c-{rows[0].pk}-nordby"
    path = cell_path(rows[0], municipality, "choose") + "?vis=nordby"
    for choice in ("theirs", "mine"):
        answer = client_in.post(path, stale | {"version": 1, "choice": choice})
        assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert ("established", 2) in saved()


def test_a_draft_asks_before_it_is_lost_and_a_fresh_form_does_not(
    client_in, rows, municipality, stale
):
    path = cell_path(rows[0], municipality)
    assert "data-kept" not in text_of(client_in.get(path))
    for what in ("add-line", "merge"):
        draft = client_in.post(cell_path(rows[0], municipality, what), stale | {"version": 1})
        assert "data-kept" in text_of(draft)
