"""The exported log is what the filter shows: the same rows, all pages, for the same people."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from initiatives.enums import CancellationReason, Outcome
from initiatives.models import Activity, ActivityType
from krams.enums import Role

from ..planning import make_activity, make_plan


@pytest.fixture
def walk(db):
    return ActivityType.objects.create(name="Gåtur", factors="M")


@pytest.fixture
def register(facility, walk):
    def make(day, **fields):
        options = {"outcome": Outcome.HELD, "participant_count": 4, "title": "Gåtur"}
        return Activity.objects.create(
            facility=facility,
            activity_type=walk,
            factors="M",
            held_on=day,
            **options | fields,
        )

    return make


def rows_of(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture
def known(facility):
    """Four weeks of a plan: twice held, once cancelled, once not registered; before that, held."""
    monday = dt.date(2026, 11, 16)
    plan = make_plan(facility, weekdays="1", starts_on=monday - dt.timedelta(weeks=20))
    for weeks in (1, 2, *range(5, 13)):
        make_activity(facility, plan, monday - dt.timedelta(weeks=weeks))
    make_activity(facility, plan, monday - dt.timedelta(weeks=3), outcome=Outcome.CANCELLED)
    return plan


HELD_CANCELLED_MISSING = {
    "plan-export": {"Planlagt": "4", "Gennemført": "2", "Ikke registreret": "1", "Aflyst": "1"},
    "factors-export": {"Planlagt": "4", "Gennemført": "2", "Ikke registreret": "1"},
}


@time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False)
@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", HELD_CANCELLED_MISSING)
def test_held_cancelled_and_not_registered_are_three_things(
    facility, department, login, make_user, name
):
    place = facility if name == "plan-export" else department
    address = reverse(f"initiatives:{name}", args=[place.slug, "csv"])
    client = login(make_user(Role.MANAGER, department=department))

    head, *rows = rows_of(client.get(address))

    row = next(dict(zip(head, row, strict=True)) for row in rows if "Motion" in row)
    assert row["Holder det?"] == "Ved vi ikke"
    assert {key: row[key] for key in HELD_CANCELLED_MISSING[name]} == HELD_CANCELLED_MISSING[name]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("name", HELD_CANCELLED_MISSING)
def test_files_of_others_are_not_there(
    facility, department, other_facility, login, make_user, name, kind
):
    place = facility if name == "plan-export" else department
    address = reverse(f"initiatives:{name}", args=[place.slug, kind])
    for user in (make_user(), make_user(Role.MANAGER, facility=other_facility)):
        assert login(user).get(address).status_code == 404
    status = login(make_user(Role.STAFF, facility=facility)).get(address).status_code
    assert status == (404 if kind == "pdf" else 200)


def url_of(facility, kind="csv"):
    return reverse("initiatives:log-export", args=[facility.slug, kind])


def test_the_file_holds_what_the_filter_shows(facility, register, login, make_user):
    register(dt.date(2026, 11, 20), note="Godt vejr")
    register(
        dt.date(2026, 11, 19),
        outcome=Outcome.CANCELLED,
        participant_count=None,
        cancellation_reason=CancellationReason.OTHER,
        cancellation_text="Nøglen var væk",
    )
    client = login(make_user(Role.STAFF, facility=facility))
    head, *rows = rows_of(client.get(url_of(facility)))
    assert len(rows) == 2
    assert rows[0][:2] == ["20.11.2026", "2026-W47"]
    assert rows[0][head.index("Deltagere")] == "4"
    assert rows[1][head.index("Deltagere")] == ""
    assert "Andet: Nøglen var væk" in rows[1]
    only_held = rows_of(client.get(url_of(facility) + "?udfald=held"))
    assert [row[0] for row in only_held[1:]] == ["20.11.2026"]


def test_all_pages_come_along_and_removed_ones_do_not(facility, register, login, make_user):
    for number in range(120):
        register(dt.date(2026, 1, 1) + dt.timedelta(days=number))
    register(dt.date(2026, 6, 1), removed_at=dt.datetime(2026, 6, 2, tzinfo=dt.UTC))
    client = login(make_user(Role.VIEWER, facility=facility))
    response = client.get(url_of(facility, "xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet.max_row == 121
    assert response["Content-Disposition"].endswith('.xlsx"')
    assert response["Cache-Control"] == "private, no-store"


def test_queries_do_not_grow_with_rows(
    facility, register, login, make_user, django_assert_max_num_queries
):
    client = login(make_user(Role.STAFF, facility=facility))
    for number in range(30):
        register(dt.date(2026, 1, 1) + dt.timedelta(days=number))
    with django_assert_max_num_queries(8):
        client.get(url_of(facility, "xlsx"))


def test_strangers_and_unknown_kinds_get_404(facility, other_facility, login, make_user):
    client = login(make_user(Role.STAFF, facility=other_facility))
    assert client.get(url_of(facility)).status_code == 404
    assert client.get(url_of(other_facility, "pdf")).status_code == 404


def test_a_filter_that_means_nothing_goes_back_to_the_log(facility, login, make_user):
    client = login(make_user(Role.STAFF, facility=facility))
    response = client.get(url_of(facility) + "?udfald=ukendt", follow=True)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
