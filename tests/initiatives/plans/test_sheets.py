"""The weekly plan and the activity types from a spreadsheet: preview, all or nothing, who may."""

import datetime as dt
import io
from unittest.mock import patch

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.models import PlannedActivity
from krams.enums import Role
from tests.demo import Answer
from tests.spreadsheets import agree, agreed, problems, states, upload, xlsx

from ..planning import TODAY, make_activity, make_plan, make_type

pytestmark = pytest.mark.django_db
HEADER = [
    "Aktivitetstype",
    "Navn",
    "Ugedage",
    "Gange om ugen",
    "Klokkeslæt",
    "Minutter",
    "Første dag",
]


@pytest.fixture(autouse=True)
def _today():
    with patch.object(timezone, "localdate", return_value=TODAY):
        yield


@pytest.fixture
def desk(login, make_user, facility):
    make_type()
    make_type("Madlavning", "K")
    return login(make_user(Role.MANAGER, facility=facility))


@pytest.fixture
def url(facility):
    return reverse("initiatives:plan-sheet", args=[facility.slug])


def walk(**values) -> list:
    row = {
        "type": "Gåtur",
        "name": "",
        "days": "mandag, to",
        "times": None,
        "time": dt.time(14, 0),
        "minutes": 45,
        "start": dt.datetime(2026, 11, 23),
    }
    return list((row | values).values())


def test_a_plan_is_shown_then_taken_in_then_nothing_more(desk, url, facility):
    cooking = walk(type="madlavning", name="Fælles mad", days=None, times=2, time=None)
    content = xlsx(HEADER, walk(), cooking)
    shown = upload(desk, url, content)
    assert shown.status_code == 200
    assert states(shown) == ["new", "new"]
    assert not facility.planned_activities.exists()
    done = agree(desk, url, shown)
    assert done.status_code == 302
    walk_plan, mad = facility.planned_activities.order_by("title")
    assert (walk_plan.weekdays, walk_plan.start_time, walk_plan.duration_minutes) == (
        "14",
        dt.time(14),
        45,
    )
    assert (str(mad), mad.times_per_week, mad.factors) == ("Fælles mad", 2, "K")
    assert walk_plan.history.get().history_user is not None
    # The very form again, and the same file once more.
    assert desk.post(url, agreed(shown)).status_code == 302
    assert states(upload(desk, url, content)) == ["same", "same"]
    assert facility.planned_activities.count() == 2


def test_a_new_rhythm_is_shown_and_leaves_the_past_as_it_was(desk, url, facility):
    plan = make_plan(facility, "", weekdays="1", duration_minutes=30, responsible_role="vagten")
    start = dt.datetime.combine(plan.starts_on, dt.time())
    shown = upload(desk, url, xlsx(HEADER, walk(days="tirsdag", time=None, start=start)))
    assert states(shown) == ["changed"]
    labels = [change.label for change in shown.context["report"].lines[0].changes]
    assert labels == ["Ugedage", "Minutter", "En ny rytme gælder fra"]
    agree(desk, url, shown)
    plan.refresh_from_db()
    assert plan.ends_on == dt.date(2026, 11, 22)
    new = plan.replacement
    # The file has no column for who is responsible.
    assert (new.weekdays, new.responsible_role) == ("2", "vagten")
    assert new.starts_on == dt.date(2026, 11, 23)


def test_every_bad_row_is_told_and_nothing_is_taken_in(desk, url, facility):
    rows = [
        walk(),
        walk(type="Ridning"),
        walk(days="månedag"),
        walk(days=None),
        walk(start="31.02.2026"),
        walk(name="Tur med 010190-1234"),
        walk(),
    ]
    response = upload(desk, url, xlsx(HEADER, *rows))
    assert response.status_code == 422
    found = problems(response)
    assert [row for row, _column, _text in found] == [3, 4, 5, 6, 7, 8]
    assert [column for _row, column, _text in found] == [
        "Aktivitetstype",
        "Ugedage",
        "Ugedage",
        "Første dag",
        "Navn",
        "",
    ]
    assert "Ridning" in found[0][2]
    assert "række 2" in found[-1][2]
    assert b"010190" not in response.content
    assert not facility.planned_activities.exists()


def test_a_formula_is_text_and_runs_nowhere(desk, url, facility):
    csv = "Aktivitetstype;Navn;Ugedage;Første dag\nGåtur;=1+1;man;23.11.2026\n".encode()
    shown = upload(desk, url, csv, "plan.csv")
    agree(desk, url, shown)
    assert facility.planned_activities.get().title == "=1+1"


def test_a_plan_that_has_begun_keeps_its_first_day(desk, url, facility):
    make_plan(facility, "", weekdays="14", start_time=dt.time(14))
    [(row, column, text)] = problems(upload(desk, url, xlsx(HEADER, walk())))
    assert (row, column) == (2, "Første dag")
    assert "23.05.2026" in text


def test_what_was_registered_is_not_cut_off(desk, url, facility):
    plan = make_plan(facility, "", weekdays="14", start_time=dt.time(14))
    make_activity(facility, plan, held_on=dt.date(2026, 11, 19))
    start = dt.datetime.combine(plan.starts_on, dt.time())
    row = [*walk(start=start), "18.11.2026"]
    assert states(upload(desk, url, xlsx([*HEADER, "Sidste dag"], row))) == []
    response = upload(desk, url, xlsx([*HEADER, "Sidste dag"], [*row[:-1], "21.11.2026"]))
    assert states(response) == ["changed"]


def test_several_of_one_name_are_asked_about(desk, url, facility):
    make_plan(facility, "", weekdays="1")
    make_plan(facility, "", weekdays="2")
    [(row, _column, text)] = problems(upload(desk, url, xlsx(HEADER, walk(days="fredag"))))
    assert row == 2
    assert "Flere aktiviteter" in text


def test_a_change_since_the_preview_is_shown_first(desk, url, facility):
    shown = upload(desk, url, xlsx(HEADER, walk()))
    make_plan(facility, "", weekdays="14", start_time=dt.time(14), starts_on=dt.date(2026, 11, 23))
    again = agree(desk, url, shown)
    assert again.status_code == 409
    assert states(again) == ["changed"]
    assert agree(desk, url, again).status_code == 302
    assert facility.planned_activities.get().duration_minutes == 45


def test_a_page_that_was_tampered_with_asks_for_the_file(desk, url):
    for table in ("", "[]", "[[],[],[]]", '[["a"],[["x",[]]],[]]', "{", "[1,2,3]"):
        response = desk.post(url, {"table": table, "seen": "x", "submission_id": "y"})
        assert response.status_code == 422


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 403), (Role.VIEWER, 403)])
def test_only_who_plans_may(login, make_user, facility, url, role, status):
    client = login(make_user(role, facility=facility))
    assert client.get(url).status_code == status
    assert upload(client, url, xlsx(HEADER, walk())).status_code == status


def test_others_do_not_find_it(login, make_user, other_facility, url):
    client = login(make_user(Role.MANAGER, facility=other_facility))
    assert client.get(url).status_code == 404
    assert client.get(url + "skabelon.xlsx").status_code == 404


def test_the_template_can_be_filled_in_and_its_example_is_left_out(desk, url, facility):
    response = desk.get(url + "skabelon.xlsx")
    assert response["Content-Disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert len(book.sheetnames) == 3
    sheet = book.active
    names = [cell.value for cell in sheet[1]]
    assert names[:2] == ["Aktivitetstype *", "Navn"]
    row = dict.fromkeys(names)
    row |= {"Aktivitetstype *": "Gåtur", "Ugedage": "hver dag", "Første dag *": "23.11.2026"}
    sheet.append(list(row.values()))
    output = io.BytesIO()
    book.save(output)
    shown = upload(desk, url, output.getvalue())
    assert states(shown) == ["new"]
    agree(desk, url, shown)
    assert facility.planned_activities.get().weekdays == "1234567"
    csv = desk.get(url + "skabelon.csv").content
    assert csv.startswith(b"\xef\xbb\xbf")
    assert desk.get(url + "skabelon.pdf").status_code == 404


def test_the_queries_of_a_preview_do_not_grow(desk, url):
    def count(rows: int) -> int:
        content = xlsx(HEADER, *(walk(name=f"Tur {number}") for number in range(rows)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert upload(desk, url, content).status_code == 200
        return len(queries)

    assert count(1) == count(60)


def test_500_rows_are_taken_in(desk, url, facility):
    shown = upload(desk, url, xlsx(HEADER, *(walk(name=f"Tur {number}") for number in range(500))))
    assert shown.context["report"].counts[0][1] == 500
    assert agree(desk, url, shown).status_code == 302
    assert PlannedActivity.objects.filter(facility=facility).count() == 500


def test_the_pages_are_valid(desk, url, facility):
    bad = upload(desk, url, xlsx([*HEADER, "<b>"], walk(type="<i>")))
    assert (bad.status_code, Answer(bad).errors) == (422, [])
    make_plan(facility, "", weekdays="14", start_time=dt.time(14), starts_on=dt.date(2026, 11, 23))
    good = upload(desk, url, xlsx(HEADER, walk(), walk(name="<b>Tur</b>")))
    assert (states(good), Answer(good).errors) == (["changed", "new"], [])
    assert Answer(upload(desk, url, b"")).errors == []


def test_what_the_page_could_not_carry_back_is_refused_at_once(desk, url):
    long = "æ" * 110
    rows = [[*walk(name=f"{long}{number}"), long] for number in range(4500)]
    response = upload(desk, url, xlsx([*HEADER, "Ansvarlig"], *rows))
    assert response.status_code == 422
    assert "Del den" in response.context["form"].errors["file"][0]


TYPES = ["Navn", "KRAMS-faktorer", "I brug"]


@pytest.fixture
def keeper(login, make_user, department):
    make_type()
    return login(make_user(Role.MANAGER, department=department))


@pytest.fixture
def types_url(municipality):
    return reverse("initiatives:type-sheet", args=[municipality.slug])


def test_types_are_added_changed_and_no_longer_offered(keeper, types_url, municipality):
    make_type("Madlavning", "K")
    rows = [["Boldspil", "M"], ["gåtur", "MS"], ["Madlavning", "Kost", "nej"]]
    shown = upload(keeper, types_url, xlsx(TYPES, *rows))
    assert states(shown) == ["new", "changed", "changed"]
    assert agree(keeper, types_url, shown).status_code == 302
    mine = municipality.activity_types.order_by("name")
    assert [(one.name, one.factors, one.retired) for one in mine] == [
        ("Boldspil", "M", False),
        ("gåtur", "MS", False),
        ("Madlavning", "K", True),
    ]
    assert states(upload(keeper, types_url, xlsx(TYPES, *rows))) == ["same"] * 3


def test_a_type_stands_once_and_has_a_factor(keeper, types_url, municipality):
    response = upload(keeper, types_url, xlsx(TYPES, ["Yoga", "M"], ["YOGA ", "S"], ["Kor", ""]))
    assert response.status_code == 422
    assert [(row, column) for row, column, _text in problems(response)] == [
        (3, "Navn"),
        (4, "KRAMS-faktorer"),
    ]
    assert not municipality.activity_types.exists()


def test_types_are_kept_by_managers_of_the_municipality(login, make_user, facility, types_url):
    assert login(make_user(Role.STAFF, facility=facility)).get(types_url).status_code == 403


def test_types_of_another_municipality_are_not_found(login, make_user, other_facility, types_url):
    who = make_user(Role.MANAGER, department=other_facility.department)
    assert login(who).get(types_url).status_code == 404
