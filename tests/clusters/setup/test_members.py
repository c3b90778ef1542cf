"""Authorities join a cluster, leave it and change places."""

import datetime as dt

import pytest

from clusters.access import get_sheet
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Position

from .conftest import at

pytestmark = pytest.mark.usefixtures("in_the_region")


def test_a_member_that_leaves_in_the_middle_of_a_year_keeps_its_answers(
    cluster, rows, answer, municipality, coordinator, login
):
    answer(rows[0], "Café")
    column = cluster.memberships.get(authority=municipality)
    client = login(coordinator)
    data = {"valid_from": "", "valid_until": "30.06.2026", "version": cluster.version}
    assert client.post(at("member", cluster, column.pk), data).status_code == 302
    shown = read_matrix(get_sheet(coordinator, cluster.slug))
    assert municipality not in [one.authority for one in shown.columns]
    assert Position.objects.filter(authority=municipality).count() == 1
    assert "30.06.2026" in client.get(at("setup", cluster)).content.decode()
    cluster.refresh_from_db()
    again = {"authority": municipality.pk, "valid_from": "21.11.2026", "version": cluster.version}
    assert client.post(at("member-add", cluster), again).status_code == 302
    assert client.post(at("member-add", cluster), again).status_code == 302
    assert cluster.memberships.filter(authority=municipality).count() == 2
    shown = read_matrix(get_sheet(coordinator, cluster.slug))
    assert "Café" in [line.effort.text for cell in shown.cells.values() for line in cell.lines]


def test_an_authority_is_no_member_twice(cluster, municipality, coordinator, login):
    data = {
        "authority": municipality.pk,
        "valid_from": "01.01.2027",
        "version": cluster.version,
    }
    response = login(coordinator).post(at("member-add", cluster), data)
    assert response.status_code == 422
    assert cluster.memberships.count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"authority": "0"},
        {"authority": ""},
        {"valid_from": ""},
        {"valid_from": "32.01.2027"},
        {"version": "x"},
    ],
)
def test_bad_members_do_not_join(cluster, municipality, coordinator, login, fields):
    cluster.memberships.filter(authority=municipality).delete()
    data = {"authority": municipality.pk, "valid_from": "01.01.2027", "version": cluster.version}
    client = login(coordinator)
    assert client.post(at("member-add", cluster), data | fields).status_code == 422
    assert cluster.memberships.count() == 2
    stale = data | {"version": cluster.version + 1}
    assert client.post(at("member-add", cluster), stale).status_code == 409
    assert client.post(at("member-add", cluster), data).status_code == 302


def test_dates_of_a_member_are_in_order_and_within_the_cluster(cluster, coordinator, login):
    cluster.valid_until = dt.date(2026, 12, 31)
    cluster.save()
    column = cluster.memberships.first()
    client = login(coordinator)
    for first, last in [("02.01.2026", "01.01.2026"), ("", "01.01.2027"), ("x", "")]:
        data = {"valid_from": first, "valid_until": last, "version": cluster.version}
        assert client.post(at("member", cluster, column.pk), data).status_code == 422
    data = {"valid_from": "", "valid_until": "01.05.2026", "version": cluster.version + 1}
    assert client.post(at("member", cluster, column.pk), data).status_code == 409


def test_columns_move_once_however_often_it_is_sent(cluster, coordinator, login):
    first, second, third = cluster.memberships.all()
    client = login(coordinator)
    data = {"ned": first.pk, "version": cluster.version}
    for _time in range(2):
        assert client.post(at("member-move", cluster), data).status_code == 302
    assert list(cluster.memberships.all()) == [second, first, third]
    cluster.refresh_from_db()
    client.post(at("member-move", cluster), {"op": second.pk, "version": cluster.version})
    assert list(cluster.memberships.all()) == [second, first, third]
