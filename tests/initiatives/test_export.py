"""The exported log is what the filter shows: the same rows, all pages, for the same people."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from initiatives.enums import CancellationReason, Outcome
from initiatives.models import Activity, ActivityType
from krams.enums import Role


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
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


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
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
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
