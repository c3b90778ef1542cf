"""A whole column in one form: what is saved, what is refused, what others changed meanwhile."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.enums import PositionState
from clusters.models import AskedColumn, Effort, Position, Proposal, RefusedSave
from krams.enums import Role

from ..conftest import partial
from .conftest import column_path, field_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(cluster, municipality) -> str:
    return column_path(cluster, municipality)


def text_of(response) -> str:
    return response.content.decode()


def state_of(proposal, authority) -> str:
    return Position.objects.get(proposal=proposal, authority=authority).state


def name(proposal, field: str) -> str:
    return f"f{proposal.pk}-{field}"


def test_what_was_touched_is_saved_and_nothing_else(login, editor, path, rows, municipality):
    client = login(editor)
    data = field_data(client.get(path))
    data |= {name(rows[0], "state"): "none", name(rows[2], "state"): "established"}
    data[name(rows[2], "new")] = "Madklub\n\n  Gåtur om onsdagen "
    response = client.post(path, data)
    assert response.status_code == 302
    assert Position.objects.count() == 2
    assert state_of(rows[0], municipality) == "none"
    position = Position.objects.get(proposal=rows[2])
    assert (position.state, position.confirmed_by) == ("established", editor)
    texts = Effort.objects.order_by("places__position").values_list("text", flat=True)
    assert list(texts) == ["Madklub", "Gåtur om onsdagen"]


def test_what_the_form_does_not_show_of_an_effort_stays(login, editor, path, rows, answer):
    """Its date is changed; who is responsible, the next step and the rest are not touched."""
    hidden = {
        "responsible": "Sundhedsafdelingen",
        "next_step": "Find lokaler",
        "next_step_on": dt.date(2026, 11, 18),
        "division": "",
        "link": "https://eksempel.dk/",
        "note": "Kun om vinteren",
    }
    [effort] = answer(rows[0], "Madklub", **hidden)
    client = login(editor)
    data = field_data(client.get(path)) | {f"f{rows[0].pk}-e{effort.pk}-valid_until": "31.3.2099"}
    assert client.post(path, data).status_code == 302
    effort.refresh_from_db()
    assert effort.valid_until == dt.date(2099, 3, 31)
    assert {name: getattr(effort, name) for name in hidden} == hidden


def test_sent_twice_it_is_saved_once(login, editor, path, rows):
    client = login(editor)
    data = field_data(client.get(path))
    data |= {name(rows[0], "state"): "established", name(rows[0], "new"): "Madklub"}
    for _ in range(2):
        assert client.post(path, data).status_code == 302
    assert Effort.objects.count() == 1
    assert Position.objects.get().version == 1


def test_of_forty_proposals_one_is_wrong_and_39_are_saved(login, editor, path, rows, cluster):
    rows += [
        Proposal.objects.create(
            cluster=cluster, group=rows[0].group, number=number, title=f"Forslag {number}"
        )
        for number in range(7, 41)
    ]
    client = login(editor)
    data = field_data(client.get(path))
    for row in rows:
        data |= {name(row, "state"): "established", name(row, "new"): f"Indsats {row.number}"}
    data[name(rows[20], "new")] = "x"
    response = client.post(path, data)
    page = text_of(response)
    assert response.status_code == 422
    assert Position.objects.count() == 39
    assert not Position.objects.filter(proposal=rows[20]).exists()
    assert "39 svar er gemt" in page
    [wrong] = [one for one in response.context["editors"] if one.errors]
    assert wrong.cell.proposal.pk == rows[20].pk
    assert wrong.head["new"].value() == "x"
    assert wrong.head["state"].value() == "established"
    # What stands on the page goes through once it is right.
    again = field_data(response) | {name(rows[20], "new"): "En rigtig indsats"}
    assert client.post(path, again).status_code == 302
    assert Position.objects.count() == 40


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("state", "findes-ikke", ""),
        ("state", "not_filled", "Vælg en tilstand"),
        ("state_from", "31.02.2026", "findes ikke"),
        ("new", "Gåtur med 010190-1234", "CPR"),
        ("new", "x" * 301, "300"),
        ("version", "mange", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field(login, editor, path, rows, field, value, said):
    client = login(editor)
    data = field_data(client.get(path))
    data |= {name(rows[0], "state"): "established", name(rows[0], "new"): "Madklub"}
    data |= {name(rows[0], field): value}
    response = client.post(path, data)
    assert response.status_code == 422
    [wrong] = [one for one in response.context["editors"] if one.errors]
    assert said in text_of(response)
    assert not Position.objects.exists()
    if field not in ("version", "state"):
        assert wrong.head[field].value() == value


def test_a_field_that_a_colleague_saved_is_a_conflict_of_that_field_alone(
    login, editor, coordinator, path, rows, answer, municipality
):
    answer(rows[0], "Støttebesøg")
    mine, theirs = login(editor), login(coordinator)
    data = field_data(mine.get(path))
    other = field_data(theirs.get(path)) | {name(rows[0], "state"): "planned"}
    assert theirs.post(path, other).status_code == 302
    data |= {name(rows[0], "state"): "individual", name(rows[1], "state"): "none"}
    response = mine.post(path, data)
    assert response.status_code == 409
    assert state_of(rows[0], municipality) == "planned"
    assert state_of(rows[1], municipality) == "none"
    [clash] = [one for one in response.context["editors"] if one.conflict]
    assert clash.head["state"].value() == "individual"
    kept = RefusedSave.objects.get()
    assert (kept.proposal, kept.authority, kept.by) == (rows[0], municipality, editor)
    assert str(coordinator) in text_of(response)
    # Saved once more it stands.
    again = field_data(response)
    assert mine.post(path, again).status_code == 302
    assert state_of(rows[0], municipality) == "individual"


def test_after_a_conflict_the_saved_answer_may_stay(
    login, editor, coordinator, path, rows, answer, municipality
):
    answer(rows[0], "Støttebesøg")
    mine, theirs = login(editor), login(coordinator)
    data = field_data(mine.get(path)) | {name(rows[0], "state"): "individual"}
    theirs.post(path, field_data(theirs.get(path)) | {name(rows[0], "state"): "planned"})
    response = mine.post(path, data)
    again = field_data(response) | {name(rows[0], "theirs"): "on"}
    assert mine.post(path, again).status_code == 302
    assert state_of(rows[0], municipality) == "planned"


def test_what_a_colleague_saved_and_i_did_not_touch_is_no_conflict(
    login, editor, coordinator, path, rows, answer, municipality
):
    answer(rows[0], "Støttebesøg")
    mine, theirs = login(editor), login(coordinator)
    data = field_data(mine.get(path)) | {name(rows[1], "state"): "none"}
    theirs.post(path, field_data(theirs.get(path)) | {name(rows[0], "state"): "planned"})
    assert mine.post(path, data).status_code == 302
    assert state_of(rows[0], municipality) == "planned"


def test_words_of_an_effort_that_a_colleague_removed_are_not_lost(
    login, editor, coordinator, path, rows, answer
):
    [effort] = answer(rows[0], "Støttebesøg")
    mine, theirs = login(editor), login(coordinator)
    line = name(rows[0], f"e{effort.pk}")
    data = field_data(mine.get(path)) | {f"{line}-text": "Støttebesøg hver uge"}
    gone = field_data(theirs.get(path)) | {f"{line}-remove": "on"}
    assert theirs.post(path, gone).status_code == 302
    response = mine.post(path, data)
    assert response.status_code == 409
    [clash] = [one for one in response.context["editors"] if one.conflict]
    assert clash.head["new"].value() == "Støttebesøg hver uge"
    assert mine.post(path, field_data(response)).status_code == 302
    standing = Effort.objects.standing().values_list("text", flat=True)
    assert list(standing) == ["Støttebesøg hver uge"]


def test_an_effort_in_several_fields_is_changed_in_the_first_and_hinders_none(
    login, editor, path, rows, answer, municipality
):
    [effort] = answer([rows[0], rows[1]], "Støttebesøg")
    Position.objects.filter(proposal=rows[1]).update(state="individual")
    client = login(editor)
    page = client.get(path)
    first, second = page.context["editors"][:2]
    assert [len(first.lines), len(second.lines), len(second.elsewhere)] == [1, 0, 1]
    data = field_data(page) | {
        name(rows[0], f"e{effort.pk}-text"): "Støttebesøg hver uge",
        name(rows[1], "state"): "planned",
    }
    assert client.post(path, data).status_code == 302
    effort.refresh_from_db()
    assert effort.text == "Støttebesøg hver uge"
    assert state_of(rows[1], municipality) == "planned"


def test_an_answer_to_several_proposals_stands_once_and_stays_one(
    login, editor, path, rows, answer, municipality
):
    answer([rows[0], rows[1]], "Støttebesøg")
    client = login(editor)
    page = client.get(path)
    assert len(page.context["editors"]) == len(rows) - 1
    data = field_data(page) | {name(rows[0], "state"): "individual"}
    assert client.post(path, data).status_code == 302
    assert state_of(rows[0], municipality) == state_of(rows[1], municipality) == "individual"


def test_that_an_answer_is_right_confirms_it(login, editor, path, rows, answer):
    answer(rows[0], "Støttebesøg")
    Position.objects.update(confirmed_on="2020-01-31")
    client = login(editor)
    data = field_data(client.get(path)) | {name(rows[0], "right"): "on"}
    assert client.post(path, data).status_code == 302
    assert Position.objects.get().confirmed_by == editor


def test_htmx_saves_one_field_and_gets_it_back(login, editor, path, rows, municipality):
    client = login(editor)
    data = field_data(client.get(path))
    data |= {name(rows[0], "state"): "none", name(rows[1], "state"): "none"}
    response = client.post(path, data | {"only": rows[0].pk}, **partial())
    page = text_of(response)
    assert response.status_code == 200
    assert Position.objects.get().proposal == rows[0]
    assert f'id="felt-{rows[0].pk}"' in page
    assert f'id="felt-{rows[1].pk}"' not in page
    assert "1 af 6" in page
    wrong = data | {"only": rows[1].pk, name(rows[1], "new"): "x"}
    assert client.post(path, wrong, **partial()).status_code == 422


def test_who_may_fill_in_the_column(
    login, path, rows, cluster, municipality, make_user, other_cluster, facility
):
    for who, status in (
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
    ):
        client = login(who)
        assert client.get(path).status_code == status
        assert client.post(path, {name(rows[0], "state"): "none"}).status_code == status
    assert not Position.objects.exists()


def test_a_whole_column_costs_the_same_for_one_proposal_and_for_thirty(
    login, editor, cluster, municipality, rows, ask
):
    asked = ask().columns.get()
    client = login(editor)
    path = column_path(cluster, municipality, asked)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = queries()
    for number in range(7, 31):
        row = Proposal.objects.create(
            cluster=cluster, group=rows[0].group, number=number, title=f"Forslag {number}"
        )
        asked.fields.create(proposal=row)
    assert queries() == few <= 8


def test_only_the_fields_that_are_asked_for_are_shown(
    login, editor, cluster, municipality, rows, answer, ask, other_municipality
):
    answer(rows[0], "Støttebesøg")
    asked = ask().columns.get()
    client = login(editor)
    page = client.get(column_path(cluster, municipality, asked))
    shown = [one.cell.proposal.number for one in page.context["editors"]]
    assert shown == [2, 3, 4, 5, 6]
    # Of another authority, or not there at all.
    for wrong in (
        asked.pk + 999,
        AskedColumn.objects.create(ask=asked.ask, authority=other_municipality).pk,
    ):
        assert client.get(f"{column_path(cluster, municipality)}?bed={wrong}").status_code == 404
    assert PositionState.NOT_FILLED.value in text_of(page)
