"""Registrations from a spreadsheet: planned or not, once each, with nothing about a resident."""

import datetime as dt
import time
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.enums import ActivitySource
from krams.enums import Role
from tests.spreadsheets import agree, agreed, problems, states, upload, xlsx

from ..planning import TODAY, make_activity, make_plan, make_type

pytestmark = pytest.mark.django_db
HEADER = ["Dato", "Aktivitet", "Klokkeslæt", "Udfald", "Deltagere", "Årsag til aflysning"]
HEADER += ["Bemærkning"]
FRIDAY = dt.datetime(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with patch.object(timezone, "localdate", return_value=TODAY):
        yield


@pytest.fixture
def desk(login, make_user, facility):
    make_type()
    return login(make_user(Role.STAFF, facility=facility))


@pytest.fixture
def url(facility):
    return reverse("initiatives:log-sheet", args=[facility.slug])


def row(day=FRIDAY, activity="Gåtur", at=None, outcome=None, count=5, reason=None, note=None):
    return [day, activity, at, outcome, count, reason, note]


def test_what_was_planned_belongs_to_its_plan_and_the_rest_to_a_type(desk, url, facility):
    plan = make_plan(facility, "Fælles mad", weekdays="45", start_time=dt.time(17))
    thursday = FRIDAY - dt.timedelta(days=1)
    rows = [
        row(activity="fælles mad", count=7, note="Det gik godt"),
        row(thursday, "Fælles mad", None, "Aflyst", None, "Andet: Strømmen gik"),
        row(at=dt.time(9, 30)),
    ]
    content = xlsx(HEADER, *rows)
    shown = upload(desk, url, content)
    assert states(shown) == ["new"] * 3
    assert not facility.activities.exists()
    assert agree(desk, url, shown).status_code == 302
    mad, cancelled, walk = facility.activities.order_by("pk")
    assert (mad.planned_activity, mad.participant_count, mad.note) == (plan, 7, "Det gik godt")
    assert mad.started_at == dt.time(17)
    assert (cancelled.outcome, cancelled.reason) == ("cancelled", "Strømmen gik")
    assert (walk.planned_activity, walk.title, walk.started_at) == (None, "Gåtur", dt.time(9, 30))
    assert {one.source for one in (mad, cancelled, walk)} == {ActivitySource.IMPORT}
    assert mad.history.get().history_user == mad.registered_by
    # The form again, and the file again.
    assert desk.post(url, agreed(shown)).status_code == 302
    assert states(upload(desk, url, content)) == ["same"] * 3
    assert facility.activities.count() == 3


def test_what_was_exported_is_there_already(desk, url, facility):
    plan = make_plan(facility, weekdays="5", start_time=dt.time(14))
    make_activity(facility, plan, FRIDAY.date(), started_at=dt.time(14))
    make_activity(facility, held_on=FRIDAY.date(), title="Gåtur")
    for kind in ("xlsx", "csv"):
        export = reverse("initiatives:log-export", args=[facility.slug, kind])
        response = upload(desk, url, desk.get(export).getvalue(), f"log.{kind}")
        assert states(response) == ["same", "same"]
        assert any("Uge" in remark or "uge" in remark for remark in _remarks(response))


def _remarks(response) -> list[str]:
    return response.context["report"].remarks


def test_bad_rows_are_told_and_nothing_is_registered(desk, url, facility):
    plan = make_plan(facility, "Fælles mad", weekdays="5")
    make_activity(facility, plan, FRIDAY.date(), participant_count=3)
    rows = [
        row(activity="Fælles mad"),
        row(activity="Bingo"),
        row(outcome="Aflyst", count=None, reason="Vejret"),
        row(day=dt.datetime(2026, 11, 23)),
        row(count="mange"),
        row(count=None),
        row(note="010190-1234 var med"),
        row(outcome="måske"),
    ]
    response = upload(desk, url, xlsx(HEADER, *rows))
    assert response.status_code == 422
    assert [(number, column) for number, column, _text in problems(response)] == [
        (2, "Aktivitet"),
        (3, "Aktivitet"),
        (4, "Udfald"),
        (5, "Dato"),
        (6, "Deltagere"),
        (7, "Deltagere"),
        (8, "Bemærkning"),
        (9, "Udfald"),
    ]
    assert b"010190" not in response.content
    assert facility.activities.count() == 1


def test_one_registration_of_a_fixed_day(desk, url, facility):
    make_plan(facility, weekdays="5")
    [(number, _column, _text)] = problems(
        upload(
            desk,
            url,
            xlsx(HEADER, row(activity="Fælles gåtur"), row(activity="Fælles gåtur", count=6)),
        )
    )
    assert number == 3


def test_500_rows_come_in_quickly_with_queries_that_do_not_grow(desk, url, facility):
    make_plan(facility, weekdays="", times_per_week=7)

    def rows(number: int) -> bytes:
        days = [FRIDAY - dt.timedelta(days=n % 100) for n in range(number)]
        lines = (row(day, at=dt.time(8 + n // 100)) for n, day in enumerate(days))
        return xlsx(HEADER, *lines)

    def count(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert upload(desk, url, rows(number)).status_code == 200
        return len(queries)

    assert count(2) == count(40)
    shown = upload(desk, url, rows(500))
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        assert agree(desk, url, shown).status_code == 302
    print(f"500 rows taken in: {time.perf_counter() - started:.2f} s, {len(queries)} queries")
    # Those of the search among them, which hears of rows by hundreds.
    assert len(queries) < 50
    assert facility.activities.count() == 500


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.STAFF, 200)])
def test_who_may(login, make_user, facility, url, role, status):
    assert login(make_user(role, facility=facility)).get(url).status_code == status


def test_others_do_not_find_it(login, make_user, other_facility, url):
    client = login(make_user(Role.STAFF, facility=other_facility))
    assert client.get(url).status_code == 404
    assert upload(client, url, xlsx(HEADER, row())).status_code == 404
