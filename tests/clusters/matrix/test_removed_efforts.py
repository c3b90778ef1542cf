"""Taking back the removal of efforts: only what the last save removed, and only once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.models import Effort, EffortProposal, Position
from krams.enums import Role

from ...browser.words import da
from ..conftest import cell_data, cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def undo_path(proposal, authority) -> str:
    args = [proposal.cluster.slug, proposal.pk, authority.slug]
    return reverse("clusters:cell-undo", args=args)


def standing(proposal) -> list[str]:
    places = EffortProposal.objects.standing().filter(proposal=proposal)
    return [place.effort.text for place in places.order_by("position")]


@pytest.fixture
def removed(login, editor, rows, municipality):
    """The editor wrote two efforts and has just removed the first."""
    client, path = login(editor), cell_path(rows[0], municipality)
    client.post(path, cell_data(rows[0], "Kursus", "Madklub"))
    first = Effort.objects.get(text="Kursus")
    data = cell_data(rows[0], {"effort": first.pk, "text": "Kursus", "remove": "on"}, version=1)
    return client, client.post(path, data)


def test_the_cell_offers_to_undo_and_does(login, editor, rows, municipality):
    client, path = login(editor), cell_path(rows[0], municipality)
    client.post(path, cell_data(rows[0], "Kursus", "Madklub"))
    first = Effort.objects.get(text="Kursus")
    line = {"effort": first.pk, "text": "Kursus", "remove": "on"}
    html = text_of(client.post(path, cell_data(rows[0], line, version=1), **partial()))
    assert undo_path(rows[0], municipality) in html
    assert f'value="{rows[0].pk}:2"' in html
    response = client.post(undo_path(rows[0], municipality), {"v": f"{rows[0].pk}:2"}, **partial())
    assert response.status_code == 200
    assert "Kursus" in text_of(response)
    assert len(response.content) <= 3000
    assert undo_path(rows[0], municipality) not in text_of(response)
    assert standing(rows[0]) == ["Kursus", "Madklub"]


def test_a_save_that_removes_nothing_offers_nothing(login, editor, rows, municipality):
    path = cell_path(rows[0], municipality)
    response = login(editor).post(path, cell_data(rows[0], "Kursus"), **partial())
    assert "fortryd" not in text_of(response)


def test_without_javascript_the_page_offers_it(removed, rows, municipality, cluster):
    client, response = removed
    assert (
        response["Location"]
        == f"{matrix_path(cluster)}?fortryd=c-{rows[0].pk}-nordby#c-{rows[0].pk}-nordby"
    )
    page = text_of(client.get(response["Location"]))
    assert f'formaction="{undo_path(rows[0], municipality)}"' in page
    sent = client.post(undo_path(rows[0], municipality), {"v": f"{rows[0].pk}:2"})
    assert sent.status_code == 302
    assert standing(rows[0]) == ["Kursus", "Madklub"]
    for wrong in ("x", "c-1", "c-99999-nordby", "c-\x00"):
        page = client.get(matrix_path(cluster), {"fortryd": wrong})
        assert page.status_code == 200
        assert "/fortryd/" not in text_of(page)


def test_twice_undoes_once(removed, rows, municipality):
    client, _response = removed
    for _ in range(2):
        sent = client.post(undo_path(rows[0], municipality), {"v": f"{rows[0].pk}:2"})
        assert sent.status_code == 302
    assert Position.objects.get().version == 3


def test_a_cell_that_was_saved_since_is_left_alone(removed, rows, municipality):
    client, _response = removed
    kept = Effort.objects.get(text="Madklub")
    line = {"effort": kept.pk, "text": "Madklub om fredagen"}
    client.post(cell_path(rows[0], municipality), cell_data(rows[0], line, version=2))
    for version in (2, 3):
        data = {"v": f"{rows[0].pk}:{version}"}
        assert client.post(undo_path(rows[0], municipality), data).status_code == 409
    assert standing(rows[0]) == ["Madklub om fredagen"]


def test_an_effort_of_several_proposals_comes_back_in_all_with_their_answers(
    login, editor, rows, answer, municipality
):
    [course] = answer([rows[0], rows[1]], "Kursus")
    client = login(editor)
    line = {"effort": course.pk, "text": "Kursus", "remove": "on"}
    data = cell_data(rows[0], line, version=1, state="not_filled", same_for=[rows[1].pk])
    assert client.post(cell_path(rows[0], municipality), data).status_code == 302
    assert set(Position.objects.values_list("state", flat=True)) == {"not_filled"}
    client.post(undo_path(rows[0], municipality), {"v": f"{rows[0].pk}:2"})
    assert set(Position.objects.values_list("state", flat=True)) == {"established"}
    assert standing(rows[0]) == standing(rows[1]) == ["Kursus"]


def test_who_may_not_edit_may_not_undo(removed, login, rows, make_user, cluster, municipality,
                                       other_municipality, facility):  # fmt: skip
    data = {"v": f"{rows[0].pk}:2"}
    for person, status in (
        (make_user(Role.EDITOR, authority=other_municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
    ):
        assert login(person).post(undo_path(rows[0], municipality), data).status_code == status
    assert standing(rows[0]) == ["Madklub"]
    for wrong in ("", "x", "1:x", f"{rows[1].pk}:1"):
        client = login(make_user(Role.EDITOR, authority=municipality))
        sent = client.post(undo_path(rows[0], municipality), {"v": wrong})
        assert sent.status_code == 422, wrong


def removed_path(proposal, authority) -> str:
    args = [proposal.cluster.slug, proposal.pk, authority.slug]
    return reverse("clusters:cell-removed", args=args)


def test_a_removed_effort_is_reached_from_its_cell_and_comes_back_long_after(
    removed, rows, municipality
):
    client, _response = removed
    kept = Effort.objects.get(text="Madklub")
    line = {"effort": kept.pk, "text": "Madklub om fredagen"}
    client.post(cell_path(rows[0], municipality), cell_data(rows[0], line, version=2))
    path = removed_path(rows[0], municipality)
    assert path in text_of(client.get(cell_path(rows[0], municipality)))
    page = text_of(client.get(path))
    gone = Effort.objects.get(text="Kursus")
    assert "Kursus" in page
    assert reverse("history", args=["skemaindsats", gone.pk]) in page
    data = {"effort": gone.pk, "version": gone.version}
    for _ in range(2):
        sent = client.post(path, data)
        assert sent.status_code == 302
        assert sent["Location"].endswith(f"#c-{rows[0].pk}-nordby")
    assert sorted(standing(rows[0])) == ["Kursus", "Madklub om fredagen"]
    assert Position.objects.get().version == 4
    page = text_of(client.get(path))
    assert da("No effort was removed from this cell.") in page


def test_an_effort_that_comes_back_answers_an_emptied_cell(
    login, editor, rows, answer, municipality
):
    [course] = answer([rows[0], rows[1]], "Kursus")
    client = login(editor)
    line = {"effort": course.pk, "text": "Kursus", "remove": "on"}
    client.post(
        cell_path(rows[0], municipality), cell_data(rows[0], line, version=1, state="not_filled")
    )
    client.post(
        removed_path(rows[1], municipality),
        {"effort": course.pk, "version": Effort.objects.get().version},
    )
    states = dict(Position.objects.values_list("proposal__number", "state"))
    assert states == {1: "answered", 2: "established"}
    assert standing(rows[0]) == standing(rows[1]) == ["Kursus"]


def test_all_that_is_listed_for_a_joint_answer_comes_back(
    login, editor, rows, answer, municipality
):
    [course] = answer([rows[0], rows[1]], "Kursus")
    gone = Effort.objects.create(
        cluster=course.cluster, authority=municipality, text="Madklub", removed_at=timezone.now()
    )
    EffortProposal.objects.create(effort=gone, proposal=rows[1], position=2)
    client, path = login(editor), removed_path(rows[0], municipality)
    assert "Madklub" in text_of(client.get(path))
    assert client.post(path, {"effort": gone.pk, "version": gone.version}).status_code == 302
    assert standing(rows[0]) == ["Kursus"]
    assert standing(rows[1]) == ["Kursus", "Madklub"]


def test_only_what_was_removed_from_this_very_cell_comes_back(
    removed, login, rows, make_user, cluster, answer, municipality, other_municipality, facility
):  # fmt: skip
    client, _response = removed
    path, gone = removed_path(rows[0], municipality), Effort.objects.get(text="Kursus")
    good = {"effort": gone.pk, "version": gone.version}
    [foreign] = answer(rows[0], "Fremmed", authority=other_municipality)
    Effort.objects.filter(pk=foreign.pk).update(removed_at=gone.removed_at)
    for data, status in (
        ({}, 422),
        ({"effort": "x", "version": 1}, 422),
        ({"effort": 10**30, "version": 1}, 422),
        (good | {"version": ""}, 422),
        (good | {"version": gone.version + 5}, 409),
        (good | {"effort": 99999}, 404),
        (good | {"effort": foreign.pk}, 404),
        (good | {"effort": Effort.objects.get(text="Madklub").pk}, 409),
    ):
        assert client.post(path, data).status_code == status, data
    assert client.post(removed_path(rows[1], municipality), good).status_code == 404
    for person, status in (
        (make_user(Role.EDITOR, authority=other_municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
    ):
        other = login(person)
        assert other.get(path).status_code == status
        assert other.post(path, good).status_code == status
    assert standing(rows[0]) == ["Madklub"]
