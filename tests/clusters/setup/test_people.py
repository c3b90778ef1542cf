"""People get and lose roles in a cluster."""

import datetime as dt

import pytest
from django.urls import reverse

from krams.enums import Role
from krams.models import ClusterMembership, Membership, User
from krams.roles.actions.grants import end_role
from tests.inbox import post_letters
from tests.roles import say_yes

from .conftest import at

pytestmark = pytest.mark.usefixtures("in_the_region")


def test_a_new_editor_gets_one_account_and_one_invitation(
    cluster, municipality, coordinator, login
):
    client = login(coordinator)
    url = at("setup-people", cluster)
    data = {"email": "Ny@Proeve.example", "name": "Redaktør, Nordby", "authority": municipality.pk}
    for _time in range(2):
        assert client.post(url, data).status_code == 302
    user = User.objects.get(email="ny@proeve.example")
    assert not user.memberships.exists()
    assert not user.has_usable_password()
    assert "Ny@" not in client.get(url).content.decode()
    assert "ny@proeve.example" in client.get(url).content.decode()
    assert [one.to for one in post_letters()] == [["ny@proeve.example"]]


def test_a_coordinator_invites_a_reader_from_there(cluster, coordinator, editor, login):
    """Who reads sees the matrix and changes nothing."""
    client = login(coordinator)
    path = reverse("role-give", args=[f"klynge-{cluster.pk}"])
    assert path in client.get(at("setup-people", cluster)).content.decode()
    data = {"email": "laeser@proeve.example", "name": "Læser, udvalget", "role": Role.VIEWER}
    assert client.post(path, data).status_code == 302
    assert [one.to for one in post_letters()] == [["laeser@proeve.example"]]
    say_yes("laeser@proeve.example")
    reader = User.objects.get(email="laeser@proeve.example")
    role = reader.memberships.get()
    assert (role.role, role.cluster) == (Role.VIEWER, cluster)
    assert login(reader).get(cluster.get_absolute_url()).status_code == 200
    assert login(reader).get(at("setup-people", cluster)).status_code == 403
    assert login(editor).get(path).status_code == 404


def test_an_account_that_exists_gets_the_role_at_once_and_is_told(
    cluster, coordinator, make_user, login, superuser
):
    user = make_user()
    client = login(coordinator)
    url = at("setup-people", cluster)
    data = {"email": user.email, "name": "Omdøbt", "authority": "klynge"}
    assert client.post(url, data).status_code == 302
    assert user.memberships.get().role == Role.COORDINATOR
    user.refresh_from_db()
    assert user.name != "Omdøbt"
    assert [(one.to, one.subject) for one in post_letters()] == [
        ([user.email], "Du har fået en ny rolle i KRAMS & Klynge")
    ]
    end = at("role-end", cluster, user.memberships.get().pk)
    assert client.post(end).status_code == 302
    assert not Membership.objects.valid_on().filter(user=user).exists()
    own = at("role-end", cluster, coordinator.memberships.get().pk)
    assert client.post(own).status_code == 403
    assert login(superuser).post(at("role-end", cluster, 10**6)).status_code == 404


def test_an_ended_role_is_given_again(cluster, editor, municipality, coordinator, login):
    role = editor.memberships.get()
    Membership.objects.filter(pk=role.pk).update(within=cluster)
    client = login(coordinator)
    for _time in range(2):
        assert client.post(at("role-end", cluster, role.pk)).status_code == 302
    role.refresh_from_db()
    assert role.valid_until == dt.date(2026, 11, 20)
    data = {"email": editor.email, "authority": municipality.pk}
    assert client.post(at("setup-people", cluster), data).status_code == 302
    assert Membership.objects.valid_on().get(user=editor).authority == municipality


def test_roles_are_refused_with_a_reason(
    cluster, other_cluster, municipality, facility, make_user, coordinator, login
):
    closed = make_user()
    closed.is_active = False
    closed.save()
    outside = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    outside.valid_until = dt.date(2026, 1, 1)
    outside.save()
    client = login(coordinator)
    url = at("setup-people", cluster)
    good = {"email": "ny@proeve.example", "name": "Redaktør", "authority": "klynge"}
    for fields in [
        {"email": ""},
        {"email": "ikke en adresse"},
        {"email": "x" * 250 + "@proeve.example"},
        {"email": "ny\x00@proeve.example"},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 121},
        {"authority": ""},
        {"authority": "999999"},
        {"authority": municipality.pk},
        {"email": closed.email},
    ]:
        assert client.post(url, good | fields).status_code == 422
    assert not User.objects.filter(email="ny@proeve.example").exists()
    assert post_letters() == []
    # Neither an administrator nor a role at a facility can be given or ended here.
    assert client.post(url, good | {"role": "administrator", "facility": facility.pk}).status_code
    assert say_yes("ny@proeve.example").memberships.get().role == Role.COORDINATOR
    staff = make_user(Role.STAFF, facility=facility).memberships.get()
    assert client.post(at("role-end", cluster, staff.pk)).status_code == 404


def test_a_role_that_is_gone_by_now_is_not_found(
    cluster, municipality, coordinator, make_user, login, monkeypatch
):
    """Given today and ended by two at once: there is no day that it was in force."""
    editor = make_user(Role.EDITOR, authority=municipality, within=cluster)
    role = editor.memberships.get()

    def ended_by_another(**told):
        Membership.objects.filter(pk=role.pk).delete()
        return end_role(**told)

    monkeypatch.setattr("clusters.setup.views.people.end_role", ended_by_another)
    client = login(coordinator)
    assert client.post(at("role-end", cluster, role.pk)).status_code == 404
