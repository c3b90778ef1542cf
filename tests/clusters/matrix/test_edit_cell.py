"""Editing one cell: who may, what is saved, what is refused, and what comes back."""

import datetime as dt
import re

import html5lib
import pytest
from django.urls import reverse

from clusters.enums import EffortState, PositionState
from clusters.matrix.cell_status import DATED_STATES
from clusters.models import AuthorityNote, Effort, EffortProposal, Position, Proposal
from krams.enums import Role
from krams.models import ClusterMembership

from ..conftest import cell_data, cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db
NASTY = '<b>fed</b> "citat" O\'Brien 😀 \u200fעברית\u200e'


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def path(rows, municipality):
    return cell_path(rows[0], municipality)


@pytest.fixture
def client_in(login, coordinator):
    return login(coordinator)


def stored(proposal, authority) -> list[str]:
    places = EffortProposal.objects.standing().filter(
        proposal=proposal, effort__authority=authority
    )
    return [place.effort.text for place in places.order_by("position")]


# --- permission ---------------------------------------------------------------------------------


def test_who_may_edit_which_cell(
    login, rows, cluster, make_user, municipality, other_municipality, region, facility,
    other_cluster,
):  # fmt: skip
    """Visible but not allowed is 403; not visible is 404. Nothing is saved either way."""
    may, read, hidden = 200, 403, 404
    table = [
        (make_user(Role.COORDINATOR, cluster=cluster), (may, may, may)),
        (make_user(Role.ADMINISTRATOR, cluster=cluster), (may, may, may)),
        (make_user(Role.EDITOR, authority=municipality), (may, read, read)),
        (make_user(Role.EDITOR, authority=region), (read, read, may)),
        (make_user(Role.ADMINISTRATOR, authority=municipality), (may, read, read)),
        (make_user(Role.MANAGER, authority=municipality), (read, read, read)),
        (make_user(Role.VIEWER, cluster=cluster), (read, read, read)),
        (make_user(Role.VIEWER, authority=municipality), (read, read, read)),
        (make_user(Role.STAFF, facility=facility), (hidden, hidden, hidden)),
        (make_user(Role.COORDINATOR, cluster=other_cluster), (hidden, hidden, hidden)),
        (make_user(), (hidden, hidden, hidden)),
    ]
    for person, answers in table:
        client = login(person)
        for authority, status in zip(
            (municipality, other_municipality, region), answers, strict=True
        ):
            path = cell_path(rows[0], authority)
            assert client.get(path).status_code == status, (person, authority)
            # A version that cannot be keeps those who may from saving.
            sent = client.post(path, cell_data(rows[0], "Indsats", version="x"))
            assert sent.status_code == (422 if status == may else status), (person, authority)
    assert not Position.objects.exists()
    assert not Effort.objects.exists()


def test_an_editor_saves_in_the_own_column(login, editor, rows, municipality, path):
    response = login(editor).post(path, cell_data(rows[0], "Støttebesøg"))
    assert response.status_code == 302
    position = Position.objects.get()
    assert (position.state, position.version) == (PositionState.ESTABLISHED, 1)
    assert (position.confirmed_by, position.confirmed_on) == (editor, dt.date.today())
    assert stored(rows[0], municipality) == ["Støttebesøg"]


def test_what_is_not_in_this_matrix_is_not_found(
    client_in, rows, cluster, municipality, other_cluster, make_user, other_municipality
):
    foreign = Proposal.objects.create(
        cluster=other_cluster,
        group=other_cluster.proposal_groups.create(name="G"),
        number=1,
        title="Fremmed",
    )

    def cell(proposal, authority):
        return reverse("clusters:cell-edit", args=[cluster.slug, proposal, authority])

    for path in (
        cell(foreign.pk, municipality.slug),
        cell(999_999, municipality.slug),
        cell(rows[0].pk, "findes-ikke"),
        cell_path(foreign, other_municipality),
    ):
        assert client_in.get(path).status_code == 404
        assert client_in.post(path, cell_data(rows[0], "Nyt")).status_code == 404
    ClusterMembership.objects.filter(authority=municipality).update(valid_until=dt.date(2020, 1, 1))
    assert client_in.get(cell(rows[0].pk, municipality.slug)).status_code == 404


def test_a_retired_proposal_takes_no_change(client_in, rows, path):
    Proposal.objects.filter(pk=rows[0].pk).update(retired_on=dt.date(2026, 1, 1))
    assert client_in.get(path).status_code == 403
    assert client_in.post(path, cell_data(rows[0], "Nyt")).status_code == 403
    assert not Position.objects.exists()


# --- what is saved ------------------------------------------------------------------------------


def test_every_field_of_a_line_is_kept(client_in, rows, municipality, path, cluster):
    note = AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Sundhedscafe", text="Tekst"
    )
    line = {
        "text": NASTY,
        "state": "postponed",
        "valid_from": "01.02.2026",
        "valid_until": "31-12-2026",
        "link": "eksempel.dk/aftale",
        "note": "Linje 1\r\nLinje 2",
        "explained_by": note.pk,
        "proposals": [rows[0].pk, rows[4].pk],
    }
    data = cell_data(rows[0], line, state="planned", state_from="1.1.2027")
    assert client_in.post(path, data).status_code == 302
    effort = Effort.objects.get()
    assert effort.text == NASTY
    assert (effort.state, effort.note) == (EffortState.POSTPONED, "Linje 1\nLinje 2")
    assert (effort.valid_from, effort.valid_until) == (dt.date(2026, 2, 1), dt.date(2026, 12, 31))
    assert (effort.link, effort.explained_by) == ("https://eksempel.dk/aftale", note)
    assert set(effort.proposals.all()) == {rows[0], rows[4]}
    position = Position.objects.get(proposal=rows[0])
    assert (position.state, position.state_from) == ("planned", dt.date(2027, 1, 1))
    form = client_in.get(path)
    for part in ("01.02.2026", "31.12.2026", "01.01.2027", "O&#39;Brien", "&lt;b&gt;fed"):
        assert part in text_of(form)
    html5lib.HTMLParser(strict=True).parse(text_of(form))


@pytest.mark.parametrize("state", PositionState)
def test_a_date_is_kept_or_asked_about_and_never_dropped(client_in, rows, path, state):
    lines = ["Kursus"] if state == PositionState.ANSWERED else []
    data = cell_data(rows[0], *lines, state=state.value, state_from="01.01.2027")
    response = client_in.post(path, data)
    if state in DATED_STATES:
        assert response.status_code == 302
        assert Position.objects.get().state_from == dt.date(2027, 1, 1)
    else:
        assert response.status_code == 422
        assert 'value="01.01.2027"' in response.content.decode()
        assert not Position.objects.exists()


def test_an_error_in_a_cell_leaves_the_spare_line_alone(client_in, rows, path):
    """Wherever the error is: in the head, in another line, or in both."""
    blank = {"text": "", "order": "", "state": "running", "proposals": [rows[0].pk]}
    wrong = {"text": "Kursus", "valid_from": "i morgen tidlig", "link": "ikke en adresse"}
    for lines, head in (
        ((wrong, blank), {}),
        ((blank, wrong), {"state": "hvad"}),
        ((blank, blank | {"proposals": []}), {"state": "hvad"}),
    ):
        response = client_in.post(path, cell_data(rows[0], *lines, **head))
        assert response.status_code == 422
        editor = response.context["editor"]
        spare = [line for line in editor.lines if line.is_blank]
        assert spare
        assert not any(line.errors for line in spare)
        shown = response.content.decode()
        for line in spare:
            names = "|".join(f"{line.prefix}-{name}" for name in line.fields)
            assert not re.search(rf'id="[^"]*({names})_error"', shown)
        assert shown.count('aria-invalid="true"') == editor.errors


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (("1", "2", "1"), "CAB"),
        (("1", "2", "2"), "ACB"),
        (("3", "2", "3"), "BCA"),
        (("2", "1", "3"), "BAC"),
        (("1", "1", "1"), "BCA"),
        (("9", "2", "3"), "BCA"),
        (("", "2", "3"), "ABC"),
    ],
)
def test_a_new_number_is_the_place_that_an_effort_gets(
    client_in, rows, municipality, path, answer, orders, expected
):
    efforts = answer(rows[0], "A1", "B1", "C1")
    lines = [
        {"effort": one.pk, "text": one.text, "order": order}
        for one, order in zip(efforts, orders, strict=True)
    ]
    client_in.post(path, cell_data(rows[0], *lines, version=1))
    assert stored(rows[0], municipality) == [f"{letter}1" for letter in expected]


def test_lines_stand_in_the_order_of_their_numbers(client_in, rows, municipality, path, answer):
    first, second, third = answer(rows[0], "A1", "B1", "C1")
    lines = [
        {"effort": first.pk, "text": "A1", "order": 3},
        {"effort": second.pk, "text": "B1", "order": 1},
        {"effort": third.pk, "text": "C1", "order": 2},
        {"text": "D1"},
    ]
    client_in.post(path, cell_data(rows[0], *lines, version=1))
    assert stored(rows[0], municipality) == ["B1", "C1", "A1", "D1"]


def test_saving_again_only_confirms(client_in, rows, path, answer):
    [effort] = answer(rows[0], "Værested")
    Position.objects.update(confirmed_on=dt.date(2021, 3, 2))
    line = {"effort": effort.pk, "text": "Værested", "order": 1}
    client_in.post(path, cell_data(rows[0], line, version=1))
    position = Position.objects.get()
    assert (position.version, position.confirmed_on) == (1, dt.date.today())
    effort.refresh_from_db()
    assert effort.version == 1


def test_an_effort_that_serves_three_proposals_changes_in_all(
    client_in, rows, municipality, answer
):
    [effort] = answer(rows[3:], "Brobygger")
    line = {
        "effort": effort.pk,
        "text": "Brobyggersygeplejersker",
        "proposals": [row.pk for row in rows[3:]],
    }
    path = cell_path(rows[3], municipality)
    client_in.post(path, cell_data(rows[3], line, version=1))
    assert Effort.objects.count() == 1
    for row in rows[3:]:
        assert stored(row, municipality) == ["Brobyggersygeplejersker"]
    # Whoever has another of the three cells open learns that it changed.
    assert [p.version for p in Position.objects.order_by("proposal__number")] == [2, 2, 2]
    stale = client_in.post(cell_path(rows[5], municipality), cell_data(rows[5], "Nyt", version=1))
    assert stale.status_code == 409


def test_an_effort_can_move_to_another_proposal(client_in, rows, municipality, path, answer):
    [effort] = answer(rows[0], "Flyttes")
    line = {"effort": effort.pk, "text": "Flyttes", "proposals": [rows[2].pk]}
    client_in.post(path, cell_data(rows[0], line, version=1))
    assert stored(rows[0], municipality) == []
    assert stored(rows[2], municipality) == ["Flyttes"]
    moved_to = Position.objects.get(proposal=rows[2])
    # It is answered by that, without a state, and nobody has confirmed it.
    assert (moved_to.state, moved_to.version) == (PositionState.ANSWERED, 1)
    assert moved_to.confirmed_on is None
    assert str(rows[2].number) in effort.history.first().history_change_reason


def test_the_same_state_reaches_open_and_joint_cells_only(client_in, rows, municipality, answer):
    answer(rows[0], "Fælles indsats")
    answer(rows[2], state=PositionState.NONE)
    path = cell_path(rows[0], municipality)
    keys = [rows[1].pk, rows[2].pk]
    line = {"text": "Ny", "proposals": [rows[0].pk, rows[1].pk]}
    client_in.post(path, cell_data(rows[0], line, version=1, state="unknown", same_for=keys))
    states = {p.proposal_id: p.state for p in Position.objects.all()}
    assert states == {rows[0].pk: "unknown", rows[1].pk: "unknown", rows[2].pk: "none"}


def test_removing_takes_an_effort_out_of_all_its_cells_and_keeps_its_history(
    client_in, rows, municipality, answer
):
    [effort] = answer(rows[3:], "Budgetaftalen 2021")
    line = {"effort": effort.pk, "text": "Budgetaftalen 2021", "remove": "on"}
    path = cell_path(rows[3], municipality)
    assert client_in.post(path, cell_data(rows[3], line, version=1)).status_code == 302
    assert all(stored(row, municipality) == [] for row in rows[3:])
    effort.refresh_from_db()
    assert effort.removed_at
    assert effort.history.count() == 2


def test_who_changed_what_is_kept_for_state_efforts_and_places(
    client_in, coordinator, rows, path, answer
):
    [effort] = answer(rows[0], "Før")
    line = {"effort": effort.pk, "text": "Efter", "proposals": [rows[0].pk, rows[1].pk]}
    client_in.post(path, cell_data(rows[0], line, version=1, state="planned"))
    position = Position.objects.get(proposal=rows[0])
    place = EffortProposal.objects.get(proposal=rows[1])
    for record in (position.history.first(), effort.history.first(), place.history.first()):
        assert record.history_user == coordinator
    page = client_in.get(path)
    assert reverse("history", args=["svar", position.pk]) in text_of(page)
    shown = client_in.get(reverse("history", args=["skemaindsats", effort.pk]))
    assert "Efter" in text_of(shown)
    assert client_in.get(reverse("history", args=["svar", position.pk])).status_code == 200


def test_a_retired_proposal_keeps_the_efforts_that_others_still_edit(
    client_in, rows, municipality, path, answer
):
    [effort] = answer([rows[0], rows[1]], "Fælles")
    Proposal.objects.filter(pk=rows[1].pk).update(retired_on=dt.date(2026, 1, 1))
    line = {"effort": effort.pk, "text": "Fælles", "proposals": [rows[0].pk]}
    client_in.post(path, cell_data(rows[0], line, version=1))
    assert set(effort.places.values_list("proposal", flat=True)) == {rows[0].pk, rows[1].pk}


def test_sending_the_same_form_twice_stores_it_once(client_in, rows, path):
    data = cell_data(rows[0], "Ny indsats", {"text": "Anden", "state": "planned"})
    assert client_in.post(path, data).status_code == 302
    assert client_in.post(path, data).status_code == 302
    assert Effort.objects.count() == 2
    assert Position.objects.get().version == 1


def test_an_emptied_cell_is_no_longer_confirmed(client_in, rows, path, answer):
    answer(rows[0])
    client_in.post(path, cell_data(rows[0], version=1, state="not_filled"))
    position = Position.objects.get()
    assert (position.confirmed_on, position.confirmed_by) == (None, None)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "head"),
    [
        ([{"text": "", "note": "uden tekst"}], {}),
        ([{"text": "   ", "link": "https://eksempel.dk"}], {}),
        ([{"text": "x"}], {}),
        ([{"text": "nul\x00tegn"}], {}),
        ([{"text": "styre\x07tegn"}], {}),
        ([{"text": "x" * 301}], {}),
        ([{"text": "Født 010203-1234"}], {}),
        ([{"text": "Kort", "note": "x" * 10_001}], {}),
        ([{"text": "Kort", "note": "nul\x00tegn"}], {}),
        ([{"text": "Kort", "valid_from": "31-02-2026"}], {}),
        ([{"text": "Kort", "valid_from": "01.01.0001"}], {}),
        ([{"text": "Kort", "valid_until": "01.01.2999"}], {}),
        ([{"text": "Kort", "valid_from": "02.01.2026", "valid_until": "01.01.2026"}], {}),
        ([{"text": "Kort", "state": "ukendt"}], {}),
        ([{"text": "Kort", "state": ""}], {}),
        ([{"text": "Kort", "division": "ukendt"}], {}),
        ([{"text": "Kort", "link": "javascript:alert(1)"}], {}),
        ([{"text": "Kort", "link": "ikke et link"}], {}),
        ([{"text": "Kort", "order": "-1"}], {}),
        ([{"text": "Kort", "order": "1.5"}], {}),
        ([{"text": "Kort", "order": str(10**30)}], {}),
        ([{"text": "Kort", "explained_by": "999999"}], {}),
        ([{"text": "Kort", "proposals": []}], {}),
        ([{"text": "Kort", "proposals": ["999999"]}], {}),
        ([{"text": "Kort", "proposals": ["abc"]}], {}),
        ([{"text": "Kort", "effort": "999999"}], {}),
        ([{"text": "Kort", "effort": str(10**30)}], {}),
        ([{"text": "Kort", "effort": "abc"}], {}),
        (["Kort"], {"state": "ukendt"}),
        (["Kort"], {"state": ""}),
        (["Kort"], {"state": "not_filled"}),
        (["Kort"], {"state": "planned", "state_from": "31-02-2026"}),
        (["Kort"], {"same_for": ["999999"]}),
        (["Kort"], {"version": ""}),
        (["Kort"], {"version": "abc"}),
        (["Kort"], {"version": "-1"}),
        (["Kort"], {"version": str(10**30)}),
        (["Kort"] * 61, {}),
    ],
)
def test_bad_input_is_422_with_a_message_and_nothing_lost(client_in, rows, path, lines, head):
    data = cell_data(rows[0], *lines, **{"version": 0} | head)
    data["l90-text"] = "Beholdes uanset hvad"
    data |= {"l90-state": "running", "l90-proposals": [rows[0].pk]}
    for headers in ({}, partial()):
        response = client_in.post(path, data, **headers)
        page = text_of(response)
        assert response.status_code == 422
        assert "skal rettes" in page
        assert 'class="err"' in page or '<div class="note is-err" role="alert">' in page
        assert "Beholdes uanset hvad" in page
    assert not Position.objects.exists()
    assert not Effort.objects.exists()


def test_the_cpr_number_is_never_repeated_in_the_message(client_in, rows, path):
    response = client_in.post(path, cell_data(rows[0], "Borger 010203-1234"))
    message = text_of(response).split('class="err"')[1].split("</p>")[0]
    assert "CPR" in message
    assert "010203" not in message


def test_missing_fields_are_422(client_in, path):
    assert client_in.post(path, {}).status_code == 422
    assert client_in.post(path, {"version": "0"}).status_code == 422


def test_ids_of_others_in_the_body_are_refused(
    client_in, rows, path, answer, other_municipality, other_cluster, cluster, municipality
):
    [theirs] = answer(rows[1], "Sønderbys indsats", authority=other_municipality)
    foreign = Proposal.objects.create(
        cluster=other_cluster,
        group=other_cluster.proposal_groups.create(name="G"),
        number=1,
        title="Fremmed",
    )
    note = AuthorityNote.objects.create(
        cluster=cluster, authority=other_municipality, heading="Deres", text="T"
    )
    for line in (
        {"text": "Kapret", "effort": theirs.pk},
        {"text": "Kort", "proposals": [foreign.pk]},
        {"text": "Kort", "proposals": [rows[0].pk, foreign.pk]},
        {"text": "Kort", "explained_by": note.pk},
    ):
        assert client_in.post(path, cell_data(rows[0], line)).status_code == 422
    sent = client_in.post(path, cell_data(rows[0], "Kort", same_for=[foreign.pk]))
    assert sent.status_code == 422
    theirs.refresh_from_db()
    assert (theirs.text, theirs.version) == ("Sønderbys indsats", 1)
    assert not Position.objects.filter(authority=municipality).exists()


def test_the_focus_goes_to_the_first_wrong_field(client_in, rows, path):
    response = client_in.post(path, cell_data(rows[0], "God", {"text": "", "note": "x"}))
    page = text_of(response)
    focused = page.split("autofocus")[0].rsplit("<", 1)[1]
    assert 'name="l1-text"' in focused
    assert page.count("autofocus") == 1


def test_without_csrf_token_nothing_is_saved(coordinator, rows, path, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(coordinator)
    assert client.post(path, cell_data(rows[0], "Nyt")).status_code == 403
    assert not Position.objects.exists()


# --- what comes back ----------------------------------------------------------------------------


def test_a_save_sends_that_cell_alone_with_the_share_out_of_band(
    client_in, rows, path, municipality
):
    data = cell_data(rows[0], *[f"En ganske almindelig indsats nr. {n}" for n in range(6)])
    response = client_in.post(path, data, **partial())
    page = text_of(response)
    assert response.status_code == 200
    assert response.headers["HX-Retarget"] == f"#c-{rows[0].pk}-nordby"
    assert response.headers["HX-Reswap"] == "innerHTML"
    assert page.lstrip().startswith('<p class="state is-ok">')
    assert '<small id="n-nordby" hx-swap-oob="true">1 af 6 besvaret' in page
    assert f'<div id="e-{rows[0].pk}-nordby" hx-swap-oob="delete">' in page
    assert page.count('class="pen"') == page.count("data-focus") == 1
    assert len(response.content) <= 3000


@pytest.mark.parametrize("show", ["", "?vis=nordby"])
def test_what_a_save_swaps_out_of_band_looks_as_it_does_on_the_page(
    client_in, rows, cluster, municipality, answer, show
):
    answer([rows[0]], "Indsats")
    tag = re.compile(r'<(\w+)(?=[^>]* id="([^"]+)")([^>]*)')
    page = text_of(client_in.get(matrix_path(cluster) + show))
    classes = {found[2]: re.findall(r' class="[^"]*"', found[3]) for found in tag.finditer(page)}
    path = cell_path(rows[0], municipality) + show
    saved = text_of(client_in.post(path, cell_data(rows[0], "Nyt", version=1), **partial()))
    swapped = [found for found in tag.finditer(saved) if 'hx-swap-oob="true"' in found[3]]
    assert len(swapped) == 3
    for found in swapped:
        assert re.findall(r' class="[^"]*"', found[3]) == classes[found[2]], found[0]


def test_a_save_that_joins_or_splits_cells_reloads_the_page(client_in, rows, municipality, path):
    keys = [rows[0].pk, rows[1].pk]
    data = cell_data(rows[0], {"text": "Fælles", "proposals": keys}, same_for=[rows[1].pk])
    assert client_in.post(path, data, **partial()).headers.get("HX-Refresh") == "true"
    effort = Effort.objects.get()
    line = {"effort": effort.pk, "text": "Fælles", "proposals": [rows[0].pk]}
    split = client_in.post(path, cell_data(rows[0], line, version=1), **partial())
    assert split.headers.get("HX-Refresh") == "true"


def test_a_save_redraws_the_other_cells_that_changed_with_it(client_in, rows, municipality, answer):
    [effort] = answer([rows[0], rows[2]], "Fælles")
    keys = [rows[0].pk, rows[2].pk]
    line = {"effort": effort.pk, "text": "Omdøbt", "proposals": keys}
    path = cell_path(rows[0], municipality)
    response = client_in.post(path, cell_data(rows[0], line, version=1), **partial())
    other = f'<div hx-swap-oob="innerHTML:#c-{rows[2].pk}-nordby">'
    assert other in text_of(response)
    assert text_of(response).count("Omdøbt") == 2


def test_without_htmx_a_save_leads_back_to_the_cell(client_in, rows, cluster, path):
    response = client_in.post(f"{path}?vis=nordby", cell_data(rows[0], "Nyt"))
    expected = f"{matrix_path(cluster)}?vis=nordby#c-{rows[0].pk}-nordby"
    assert (response.status_code, response.headers["Location"]) == (302, expected)


def test_the_form_is_a_row_below_the_proposal_or_a_page(client_in, rows, path, answer):
    answer(rows[0], "Værested")
    row = text_of(client_in.get(path, **partial()))
    assert row.startswith(f'<tbody class="editor" id="e-{rows[0].pk}-nordby"')
    assert '<td colspan="4"' in row
    assert '<td colspan="2"' in text_of(client_in.get(f"{path}?vis=nordby", **partial()))
    page = client_in.get(path)
    assert "<h1" in text_of(page)
    assert "hx-post" not in text_of(page)
    html5lib.HTMLParser(strict=True).parse(text_of(page))


def test_closing_the_form_shows_the_cell_again(client_in, rows, cluster, path, answer):
    answer(rows[0], "Værested")
    shown = client_in.get(f"{path}luk/", **partial())
    assert "Værested" in text_of(shown)
    assert 'hx-swap-oob="delete"' in text_of(shown)
    assert client_in.get(f"{path}luk/").status_code == 302


def test_add_a_line_keeps_what_was_typed_and_saves_nothing(client_in, rows, path):
    data = cell_data(rows[0], {"text": "Halvt skrev", "valid_from": "31-02-2026"})
    for headers in ({}, partial()):
        page = text_of(client_in.post(f"{path}linje/", data, **headers))
        assert "Halvt skrev" in page
        assert "31-02-2026" in page
        assert 'name="l1-text"' in page
        assert "skal rettes" not in page
        assert page.count("autofocus") == 1
    assert not Position.objects.exists()


def test_a_new_line_of_a_joint_answer_serves_all_its_proposals(
    client_in, rows, municipality, answer
):
    answer(rows[3:], "Brobygger")
    page = text_of(client_in.get(cell_path(rows[3], municipality)))
    new_line = page.split('name="l1-proposals"')
    assert sum("checked" in part.split(">")[0] for part in new_line[1:]) == 3


def test_a_division_is_asked_of_the_region_only(client_in, rows, municipality, region):
    own = text_of(client_in.get(cell_path(rows[0], municipality)))
    assert '<input type="hidden" name="l0-division"' in own
    regional = text_of(client_in.get(cell_path(rows[0], region)))
    assert '<select name="l0-division"' in regional
