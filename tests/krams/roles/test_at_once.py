"""Several people at the same time: one account, one invitation, and somebody is left."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from krams.enums import Role
from krams.models import Facility, Invitation, Membership, User
from krams.roles.actions.grants import end_role, give_role
from krams.roles.places import Place
from krams.roles.rules import Kind

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls) -> list:
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            return call()
        except (ValidationError, PermissionDenied) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_address_invited_by_four_to_two_places_is_one_account_and_two_invitations(
    make_user, facility, department
):
    second = Facility.objects.create(department=department, name="Lunden", slug="lunden")
    managers = [make_user(Role.MANAGER, department=department) for _n in range(4)]

    def inviting(number):
        place = Place(Kind.FACILITY, (facility, second)[number % 2].pk)
        return lambda: give_role(
            place=place,
            role=Role.STAFF,
            email="ny@proeve.example",
            name="Vagt",
            by=managers[number],
        )

    given = at_once(*map(inviting, range(4)))
    assert sorted(one.is_new for one in given) == [False, False, True, True]
    assert User.objects.filter(email="ny@proeve.example").count() == 1
    assert Invitation.objects.waiting().count() == 2


def test_two_administrators_who_end_each_other_leave_one(make_user, municipality):
    first, second = (make_user(Role.ADMINISTRATOR, authority=municipality) for _n in range(2))

    def ending(by, whose):
        return lambda: end_role(role_id=whose.memberships.get().pk, by=by)

    results = at_once(ending(first, second), ending(second, first))
    assert Membership.objects.valid_on().filter(role=Role.ADMINISTRATOR).count() == 1
    assert sum(isinstance(one, PermissionDenied | ValidationError) for one in results) == 1
