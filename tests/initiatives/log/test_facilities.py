"""The list of facilities: one's own, by department."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from krams.enums import Role
from krams.models import Facility

from ..planning import make_activity

pytestmark = pytest.mark.django_db


def places(client) -> list:
    departments = client.get(reverse("initiatives:facilities")).context["departments"]
    return [place for department in departments for place in department.facilities]


def shown(client) -> list[str]:
    return [place.slug for place in places(client)]


def test_each_sees_the_facilities_of_the_own_scope(
    login, make_user, facility, department, municipality, other_facility
):
    sister = Facility.objects.create(department=department, name="Åhuset", slug="aahuset")
    assert shown(login(make_user(Role.STAFF, facility=facility))) == [facility.slug]
    assert shown(login(make_user(Role.VIEWER, department=department))) == [
        facility.slug,
        sister.slug,
    ]
    assert shown(login(make_user(Role.MANAGER, authority=municipality))) == [
        facility.slug,
        sister.slug,
    ]
    assert shown(login(make_user(Role.STAFF, facility=other_facility))) == [other_facility.slug]


def test_who_has_none_is_told_whom_to_ask(login, make_user, facility):
    client = login(make_user())
    assert shown(client) == []
    assert "Spørg din leder" in client.get(reverse("initiatives:facilities")).content.decode()


def test_a_closed_facility_is_not_offered(login, make_user, facility):
    facility.closed_on = timezone.localdate() - dt.timedelta(days=1)
    facility.save()
    assert shown(login(make_user(Role.STAFF, facility=facility))) == []


def test_the_list_costs_the_same_with_thirty_facilities(login, make_user, facility, department):
    client = login(make_user(Role.MANAGER, department=department))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("initiatives:facilities"))
        return len(queries)

    make_activity(facility, held_on=timezone.localdate())
    one = cost()
    for number in range(29):
        place = Facility.objects.create(
            department=department, name=f"Hus {number}", slug=f"hus-{number}"
        )
        make_activity(place, held_on=timezone.localdate())
    assert cost() == one <= 8
    assert {place.registered for place in places(client)} == {1}
