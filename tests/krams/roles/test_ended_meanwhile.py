"""A role that ends while a form is on its way: after the page has asked, before the write does."""

import datetime as dt
import uuid
from unittest.mock import patch

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from initiatives.calendar.models import CalendarLink
from initiatives.models import FacilityPause, Initiative
from krams.enums import Role
from krams.models import Department, Membership

pytestmark = pytest.mark.django_db


def ending(user):
    """Ends the person's roles as the first transaction of a request begins."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    def run(execute, sql, *arguments):
        if sql.startswith("SAVEPOINT"):
            Membership.objects.filter(user=user).update(valid_from=None, valid_until=yesterday)
        return execute(sql, *arguments)

    return connection.execute_wrapper(run)


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def forms(facility) -> list[tuple[str, dict]]:
    department = facility.department
    initiative = Initiative.objects.create(department=department, title="Flere ture")
    day = timezone.localdate().strftime("%d.%m.%Y")
    sent = {"submission_id": str(uuid.uuid4())}
    pages = {
        reverse("initiatives:calendar", args=[facility.slug]): {"version": 0},
        reverse("initiatives:facility-pause", args=[facility.slug]): {
            "reason": "Flytning",
            "starts_on": day,
            "restarts_on": "",
            **sent,
        },
        reverse("initiatives:criterion-new", args=[initiative.pk]): {
            "title": "Flere går ture",
            "short_title": "Ture",
            "factors": ["M"],
            **sent,
        },
    }
    return [*pages.items()]


def test_the_form_is_refused_and_nothing_is_written(client, manager, facility):
    for path, data in forms(facility):
        Membership.objects.filter(user=manager).update(valid_until=None)
        client.force_login(manager)
        with ending(manager):
            assert client.post(path, data).status_code == 403, path
    assert not CalendarLink.objects.exists()
    assert not FacilityPause.objects.exists()


def test_what_is_missing_for_another_reason_is_an_error_of_ours(login, manager, facility):
    client = login(manager)
    client.raise_request_exception = False
    path = reverse("initiatives:calendar", args=[facility.slug])
    with patch(
        "initiatives.calendar.actions.renew_link", side_effect=Department.DoesNotExist("broken")
    ):
        assert client.post(path, {"version": 0}).status_code == 500
