"""The exported log is what the filter shows: the same rows, all pages, for the same people."""

import csv
import datetime as dt
import io
import tempfile

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from initiatives.enums import CancellationReason, Outcome
from initiatives.models import Activity, ActivityType
from krams.documents import spreadsheets
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


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 11])
def test_every_row_comes_once_and_in_order_however_it_is_portioned(
    facility, register, login, make_user, monkeypatch, rows
):
    monkeypatch.setattr("initiatives.log.queries.registrations.PORTION", 4)
    for number in range(rows):
        # Several on one day, and newer rows on older days.
        register(dt.date(2026, 3, 1) - dt.timedelta(days=number // 3), note=str(number))
    client = login(make_user(Role.STAFF, facility=facility))
    head, *found = rows_of(client.get(url_of(facility)))
    note = head.index("Bemærkning")
    by_day = sorted(Activity.objects.all(), key=lambda one: (one.held_on, one.pk), reverse=True)
    assert [row[note] for row in found] == [one.note for one in by_day]


def test_what_is_registered_meanwhile_takes_nothing_away(
    facility, register, login, make_user, monkeypatch
):
    monkeypatch.setattr("initiatives.log.queries.registrations.PORTION", 2)
    monkeypatch.setattr("krams.documents.spreadsheets.PORTION", 1)
    for number in range(5):
        register(dt.date(2026, 3, 1), note=f"nr. {number}")
    client = login(make_user(Role.STAFF, facility=facility))
    portions = iter(client.get(url_of(facility)).streaming_content)
    first = [next(portions) for _number in range(2)]
    register(dt.date(2026, 3, 2), note="nyere")
    register(dt.date(2026, 2, 1), note="ældre")
    text = b"".join([*first, *portions]).decode()
    assert [text.count(f"nr. {number}") for number in range(5)] == [1] * 5
    assert (text.count("nyere"), text.count("ældre")) == (0, 1)


def test_when_the_reader_goes_away_nothing_more_is_asked(
    facility, register, login, make_user, monkeypatch
):
    """And nothing was open: neither a transaction nor a cursor."""
    monkeypatch.setattr("initiatives.log.queries.registrations.PORTION", 2)
    monkeypatch.setattr("krams.documents.spreadsheets.PORTION", 1)
    for _number in range(20):
        register(dt.date(2026, 3, 1))
    response = login(make_user(Role.STAFF, facility=facility)).get(url_of(facility))
    portions = iter(response.streaming_content)
    with CaptureQueriesContext(connection) as found:
        next(portions)
        next(portions)
        response.close()
        assert list(portions) == []
    assert len(found) <= 1
    assert not [query["sql"] for query in found if "CURSOR" in query["sql"].upper()]


def test_a_workbook_of_the_log_is_on_no_disk_when_it_was_sent(
    facility, register, login, make_user, tmp_path, monkeypatch
):
    files, make = [], tempfile.TemporaryFile

    def made():
        files.append(make(dir=tmp_path))
        return files[-1]

    monkeypatch.setattr(spreadsheets, "TemporaryFile", made)
    register(dt.date(2026, 3, 1))
    response = login(make_user(Role.STAFF, facility=facility)).get(url_of(facility, "xlsx"))
    assert b"".join(response.streaming_content).startswith(b"PK")
    response.close()
    assert [file.closed for file in files] == [True]
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_on(
    facility, register, login, make_user, monkeypatch
):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    client = login(make_user(Role.STAFF, facility=facility))
    for number in range(3):
        register(dt.date(2026, 3, 1 + number))
    answer = client.get(url_of(facility, "xlsx") + "?udfald=held")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "højst rumme 2 rækker" in page
    assert url_of(facility) + "?udfald=held" in page
    assert client.get(url_of(facility, "xlsx") + "?fra=02.03.2026").status_code == 200
    assert len(rows_of(client.get(url_of(facility)))) == 4


def test_words_are_those_of_the_reader_though_rows_are_written_later(
    facility, register, login, make_user
):
    register(dt.date(2026, 3, 1))
    response = login(make_user(Role.STAFF, facility=facility)).get(url_of(facility))
    with translation.override("en"):
        head, row = rows_of(response)
    assert row[head.index("Udfald")] == "Gennemført"
