"""A cluster is created and changed: name, address, kind, region and end."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clusters.models import Effort
from clusters.setup.actions.clusters import save_cluster
from krams.enums import AuthorityKind, ClusterKind, Role
from krams.models import Authority, Cluster, RegionMembership

from ..conftest import cell_data
from .conftest import at, facts, new_form

pytestmark = pytest.mark.usefixtures("in_the_region")


def test_an_administrator_creates_a_cluster_and_coordinates_it(
    region, municipality, make_user, login
):
    user = make_user(Role.ADMINISTRATOR, authority=municipality)
    client = login(user)
    data = new_form(region, municipality, region)
    for _time in range(2):
        response = client.post(reverse("clusters:new"), data)
        assert response["Location"] == "/klynger/klynge-oesteraa/opsaetning/"
    made = Cluster.objects.get()
    assert made.valid_from == dt.date(2026, 12, 1)
    assert {one.authority for one in made.memberships.all()} == {municipality, region}
    assert made.history.get().history_user == user
    assert client.get(response["Location"]).status_code == 200


def test_the_municipalities_of_a_region_are_shown_before_anything_is_saved(
    region, municipality, superuser, login
):
    client = login(superuser)
    page = client.get(reverse("clusters:new"))
    assert not page.context["form"].has_candidates
    data = new_form(region, name="Halvt skrevet", vis="1", valid_from="01.12.2026")
    page = client.post(reverse("clusters:new"), data)
    assert page.status_code == 200
    assert str(municipality.pk) in page.context["form"].fields["authorities"].known
    assert "Halvt skrevet" in page.content.decode()
    assert not Cluster.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 81},
        {"name": "et\x00nul"},
        {"slug": "ny"},
        {"slug": "to ord"},
        {"slug": "x" * 51},
        {"slug": "\x00"},
        {"kind": "x"},
        {"region": ""},
        {"region": "0"},
        {"valid_from": "31.02.2027"},
        {"valid_from": "01.01.0001"},
        {"valid_until": "30.11.2026"},
        {"confirmation_interval_months": "61"},
        {"confirmation_interval_months": "1.5"},
        {"authorities": []},
        {"authorities": ["1", "abc"]},
        {"authorities": ["9" * 30]},
        {"submission_id": ""},
    ],
)
def test_bad_input_creates_nothing(region, municipality, superuser, login, fields):
    data = new_form(region, municipality, **fields)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Cluster.objects.exists()


def test_an_authority_that_does_not_exist_then_is_no_member(
    region, municipality, other_municipality, superuser, login
):
    RegionMembership.objects.filter(municipality=other_municipality).update(
        valid_until=dt.date(2026, 11, 30)
    )
    data = new_form(region, municipality, other_municipality)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert "authorities" in response.context["form"].errors
    region.valid_until = dt.date(2026, 11, 30)
    region.save()
    data = new_form(region, municipality)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert "region" in response.context["form"].errors


def test_the_end_moves_the_members_that_end_with_the_cluster(
    cluster, municipality, coordinator, login
):
    column = cluster.memberships.get(authority=municipality)
    column.valid_until = dt.date(2026, 6, 30)
    column.save()
    client = login(coordinator)
    data = facts(cluster, name="Klynge Ny", valid_until="31.12.2026")
    assert client.post(at("setup", cluster), data).status_code == 302
    cluster.refresh_from_db()
    assert (cluster.name, cluster.version) == ("Klynge Ny", 2)
    ends = {one.authority.name: one.valid_until for one in cluster.memberships.all()}
    assert ends.pop("Nordby") == dt.date(2026, 6, 30)
    assert set(ends.values()) == {dt.date(2026, 12, 31)}


def test_a_stale_save_keeps_both_texts(cluster, coordinator, login):
    client = login(coordinator)
    old = facts(cluster, name="Min klynge")
    assert client.post(at("setup", cluster), facts(cluster, name="Deres")).status_code == 302
    response = client.post(at("setup", cluster), old)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Deres" in page
    assert "Min klynge" in page
    again = old | {"version": response.context["form"]["version"].value()}
    assert client.post(at("setup", cluster), again).status_code == 302
    cluster.refresh_from_db()
    assert cluster.name == "Min klynge"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "\x00"},
        {"valid_from": "01.01.2027", "valid_until": "31.12.2026"},
        {"confirmation_interval_months": "0"},
        {"version": "abc"},
        {"version": "9" * 30},
        {"version": ""},
    ],
)
def test_bad_facts_change_nothing(cluster, coordinator, login, fields):
    response = login(coordinator).post(at("setup", cluster), facts(cluster, **fields))
    assert response.status_code == 422
    cluster.refresh_from_db()
    assert cluster.version == 1


@pytest.fixture
def other_region(db):
    return Authority.objects.create(
        kind=AuthorityKind.REGION, name="Øst", official_name="Region Øst", slug="region-oest"
    )


def test_name_address_kind_and_region_change_and_old_links_lead_on(
    cluster, coordinator, other_region, login, rows, municipality, make_user, facility
):
    RegionMembership.objects.filter(municipality=municipality).update(region=other_region)
    client = login(coordinator)
    old = {name: at(name, cluster) for name in ("matrix", "setup", "editions")}
    cell = at("cell-edit", cluster, rows[0].pk, municipality.slug)
    changed = facts(
        cluster, name="Råd Ærø", slug="", kind=ClusterKind.HEALTH_COUNCIL, region=other_region.pk
    )
    response = client.post(old["setup"], changed)
    assert (response.status_code, response.url) == (302, "/klynger/raad-aeroe/opsaetning/")
    cluster.refresh_from_db()
    assert (cluster.name, cluster.slug) == ("Råd Ærø", "raad-aeroe")
    assert (cluster.kind, cluster.region) == (ClusterKind.HEALTH_COUNCIL, other_region)
    for name, path in old.items():
        answer = client.get(path + "?vis=nordby")
        assert (answer.status_code, answer.url) == (307, at(name, cluster) + "?vis=nordby")
    # A form that was open meanwhile is saved all the same.
    saved = client.post(cell, cell_data(rows[0], "Kursus"), follow=True)
    assert saved.status_code == 200
    assert Effort.objects.get().text == "Kursus"
    history = client.get(reverse("history", args=["klynge", cluster.pk])).content.decode()
    assert "raad-aeroe" in history
    assert "Region Øst" in history
    # Who may not see the cluster does not learn where it went; nor is there more than one way.
    assert login(make_user(Role.STAFF, facility=facility)).get(old["matrix"]).status_code == 404
    assert login(coordinator).get("/klynger/har-aldrig-vaeret/").status_code == 404


def test_an_address_is_never_given_to_another_cluster(
    cluster, other_cluster, coordinator, superuser, region, municipality, login
):
    client = login(coordinator)
    moved = facts(cluster, slug="flyttet")
    assert client.post(at("setup", cluster), moved).status_code == 302
    client = login(superuser)
    for slug in ("flyttet", "proeve", "ny"):
        response = client.post(at("setup", other_cluster), facts(other_cluster, slug=slug))
        assert response.status_code == 422
        assert "Adressen er optaget" in response.content.decode()
        made = client.post(reverse("clusters:new"), new_form(region, municipality, slug=slug))
        assert made.status_code == 422
    assert Cluster.objects.count() == 2
    # Its own earlier address it may have back, and then nothing leads away from there.
    cluster.refresh_from_db()
    back = facts(cluster, slug="proeve")
    assert client.post(at("setup", cluster), back).status_code == 302
    assert client.get("/klynger/proeve/").status_code == 200
    assert client.get("/klynger/flyttet/").url == "/klynger/proeve/"
    with pytest.raises(ValidationError):
        save_cluster(
            cluster=other_cluster, version=other_cluster.version, by=superuser, slug="flyttet"
        )


@pytest.mark.parametrize(
    "wrong", [{"slug": "to ord"}, {"slug": "x" * 51}, {"kind": "x"}, {"kind": ""},
              {"region": ""}, {"region": "0"}, {"region": "x"}],
)  # fmt: skip
def test_what_no_address_kind_or_region_can_be(cluster, coordinator, login, wrong):
    response = login(coordinator).post(
        at("setup", cluster), facts(cluster, name="Beholdes", **wrong)
    )
    assert response.status_code == 422
    assert 'value="Beholdes"' in response.content.decode()
    cluster.refresh_from_db()
    assert (cluster.name, cluster.slug) == ("Klynge Prøve", "proeve")
