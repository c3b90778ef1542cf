"""Somebody logged out everywhere by who may change all of their roles, and by nobody else."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krams.enums import AuditKind, Role
from krams.models import AuditEntry, Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


def comes_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_in(client) -> bool:
    return client.get("/konto/indstillinger/").status_code == 200


def page(user) -> str:
    return reverse("person", args=[user.pk])


def log_out(by, user):
    return comes_in(by).post(reverse("person-log-out", args=[user.pk]))


def test_who_may_change_all_of_somebodys_roles_logs_them_out(manager, staff, facility, make_user):
    phone, computer, colleague = comes_in(staff), comes_in(staff), make_user(facility=facility)
    other = comes_in(colleague)
    assert (
        reverse("person-log-out", args=[staff.pk])
        in comes_in(manager).get(page(staff)).content.decode()
    )
    client = comes_in(manager)
    done = client.post(reverse("person-log-out", args=[staff.pk]), follow=True)
    assert done.redirect_chain == [(page(staff), 302)]
    assert "Personen er logget ud overalt." in done.content.decode()
    assert [is_in(one) for one in (phone, computer, other, client)] == [False, False, True, True]
    assert is_in(comes_in(User.objects.get(pk=staff.pk)))
    entry = AuditEntry.objects.get(kind=AuditKind.LOG_OUT_EVERYWHERE)
    assert (entry.actor, entry.about) == (manager, f"account:{staff.pk}")
    # The administrators of the municipality read of it.
    assert entry.authority == facility.department.municipality


def refused(by, user, status: int) -> None:
    there = comes_in(user)
    assert log_out(by, user).status_code == status
    assert is_in(there)
    assert (
        reverse("person-log-out", args=[user.pk])
        not in comes_in(by).get(page(user)).content.decode()
    )
    assert not AuditEntry.objects.filter(kind=AuditKind.LOG_OUT_EVERYWHERE).exists()


@pytest.mark.parametrize("begins_in", [0, 7])
def test_who_works_elsewhere_too_is_for_nobody_of_one_place_to_put_out(
    manager, staff, other_facility, begins_in
):
    begins = timezone.localdate() + dt.timedelta(days=begins_in)
    Membership.objects.create(
        user=staff, role=Role.STAFF, facility=other_facility, valid_from=begins
    )
    refused(manager, staff, 403)


def test_a_role_that_has_ended_elsewhere_does_not_count(manager, staff, other_facility):
    day = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.create(user=staff, role=Role.STAFF, facility=other_facility, valid_until=day)
    assert log_out(manager, staff).status_code == 302


def test_nobody_puts_out_who_stands_beside_or_above_them(
    manager, staff, make_user, facility, municipality, cluster
):
    beside = make_user(Role.MANAGER, facility=facility)
    refused(manager, beside, 403)
    # Staff here, and something above elsewhere.
    Membership.objects.create(user=staff, role=Role.COORDINATOR, cluster=cluster)
    refused(manager, staff, 403)
    boss = make_user(Role.ADMINISTRATOR, authority=municipality)
    refused(boss, staff, 403)
    assert log_out(boss, beside).status_code == 302


def test_nor_a_superuser_who_works_here_too(manager, staff):
    User.objects.filter(pk=staff.pk).update(is_superuser=True)
    staff.refresh_from_db()
    refused(manager, staff, 403)


def test_one_is_not_ones_own_to_log_out_here(manager):
    refused(manager, manager, 403)


def test_whoever_is_not_seen_is_not_there(manager, make_user, other_facility, staff):
    there = make_user(Role.STAFF, facility=other_facility)
    refused(manager, there, 404)
    assert log_out(manager, User(pk=10**9)).status_code == 404
    # Who gives no roles has no such pages.
    assert log_out(staff, manager).status_code == 403


def test_who_administers_the_portal_puts_out_anybody(staff, cluster):
    Membership.objects.create(user=staff, role=Role.COORDINATOR, cluster=cluster)
    there = comes_in(staff)
    admin = User.objects.create_superuser("admin@proeve.example", name="Admin")
    assert log_out(admin, staff).status_code == 302
    assert not is_in(there)


def test_it_is_posted(manager, staff):
    assert comes_in(manager).get(reverse("person-log-out", args=[staff.pk])).status_code == 405
