"""The managers' overview: facilities by criteria, small numbers, and what requires attention."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import AssessmentLevel, IndicatorKind, Outcome
from initiatives.models import (
    Activity,
    ActivityType,
    Assessment,
    FollowUpSettings,
    PlannedActivity,
    PlanPause,
)
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import TODAY, make_criterion, make_initiative, measure
from ..planning import make_activity

pytestmark = pytest.mark.usefixtures("on_a_day")


@pytest.fixture
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def houses(department, facility):
    return [
        facility,
        *(
            Facility.objects.create(department=department, name=f"Hus {n}", slug=f"hus-{n}")
            for n in range(2, 5)
        ),
    ]


@pytest.fixture
def initiative(department, houses):
    return make_initiative(department, *houses)


@pytest.fixture
def criterion(initiative):
    return make_criterion(initiative)


@pytest.fixture
def indicator(criterion):
    return criterion.indicators.get()


@pytest.fixture
def path(department):
    return reverse("initiatives:overview", args=[department.slug])


@pytest.fixture
def read(client, make_user, department, path):
    client.force_login(make_user(Role.MANAGER, department=department))

    def read():
        answer = client.get(path)
        assert answer.status_code == 200
        return answer

    return read


def cells(answer):
    """Facility -> its cells, from the read model that the page shows."""
    [table] = answer.context["tables"]
    return {row.name: row.cells for row in table.rows}


def row_of(answer, name):
    html = answer.content.decode()
    return html[html.index(f'role="rowheader">{name}') :].split("</tr>")[0]


def test_a_cell_has_assessment_figure_n_and_target(read, houses, criterion, indicator):
    measure(houses[0], indicator, (9, 18), (10, 18), (13, 18))
    Assessment.objects.create(
        criterion=criterion, facility=houses[0], level=AssessmentLevel.MET, assessed_on=TODAY
    )
    row = row_of(read(), "Bakkehuset")
    assert "Opfyldt" in row
    assert "72\N{NO-BREAK SPACE}%" in row
    assert "n 18" in row
    assert "målværdi 60\N{NO-BREAK SPACE}%" in row
    assert "<polyline" in row
    assert (
        reverse("initiatives:criterion", args=["socialpsykiatrien", criterion.pk, "bakkehuset"])
        in row
    )
    assert "Ingen måling endnu" in row_of(read(), "Hus 2")


def test_the_newest_assessment_counts(read, houses, criterion):
    for level, days in ((AssessmentLevel.MET, 1), (AssessmentLevel.NOT_MET, 30)):
        Assessment.objects.create(
            criterion=criterion,
            facility=houses[0],
            level=level,
            assessed_on=TODAY - dt.timedelta(days=days),
        )
    assert cells(read())["Bakkehuset"][0].level is AssessmentLevel.MET


def test_a_compound_criterion_shows_each_figure(read, houses, initiative):
    criterion = make_criterion(initiative, 4, indicators=2, kind=IndicatorKind.VALUE)
    for indicator, value in zip(criterion.indicators.all(), (58, "4.36"), strict=True):
        measure(houses[0], indicator, value, people=14)
    row = row_of(read(), "Bakkehuset")
    assert row.index("Måltal 4.1") < row.index("58\N{NO-BREAK SPACE}point")
    assert row.index("Måltal 4.2") < row.index("4,4\N{NO-BREAK SPACE}point")


def test_old_and_worse_figures_are_marked(read, houses, indicator):
    measure(houses[0], indicator, (10, 18), days=[dt.date(2026, 3, 31)])
    measure(houses[1], indicator, (12, 18), (10, 18))
    assert "Over fristen: 31.03.2026" in row_of(read(), "Bakkehuset")
    assert "Dårligere end sidst" in row_of(read(), "Hus 2")


def test_drafts_ended_initiatives_and_closed_houses_are_left_out(
    read, houses, criterion, initiative
):
    houses[1].closed_on = TODAY
    houses[1].save()
    assert set(cells(read())) == {"Bakkehuset", "Hus 3", "Hus 4"}
    for status in ("draft", "ended"):
        initiative.status = status
        initiative.save()
        assert read().context["tables"] == []


# --- Few people -----------------------------------------------------------------------------------


def test_few_people_are_hidden(read, houses, indicator):
    measure(houses[0], indicator, (2, 4))
    answer = read()
    row = row_of(answer, "Bakkehuset")
    assert "Skjult (få personer)" in row
    assert "50" not in row
    assert "<polyline" not in row
    assert cells(answer)["Bakkehuset"][0].computed is None


def test_the_total_leaves_out_what_is_hidden_and_says_so(read, houses, indicator):
    for house, share in zip(houses, [(2, 4), (5, 9), (9, 18), (10, 20)], strict=True):
        measure(house, indicator, share)
    answer = read()
    hidden = {name for name, [cell] in cells(answer).items() if cell.tracked[0].is_hidden}
    # Of nine the others are four.
    assert hidden == {"Bakkehuset", "Hus 2"}
    total = row_of(answer, "Alle botilbud")
    assert "50\N{NO-BREAK SPACE}% · n 38" in total
    assert "2 skjulte er ikke med" in total


def test_a_total_of_few_people_is_hidden(read, houses, indicator):
    measure(houses[0], indicator, (1, 2))
    measure(houses[1], indicator, (1, 2))
    assert "Skjult (få personer)" in row_of(read(), "Alle botilbud")


def test_the_municipality_sets_the_threshold(read, houses, indicator, municipality):
    FollowUpSettings.objects.create(municipality=municipality, smallest_shown_count=10)
    measure(houses[0], indicator, (5, 9))
    assert cells(read())["Bakkehuset"][0].tracked[0].is_hidden


def test_who_sees_one_house_sees_no_total(client, make_user, houses, indicator, path):
    for house in houses:
        measure(house, indicator, (9, 18))
    client.force_login(make_user(Role.STAFF, facility=houses[0]))
    answer = client.get(path)
    assert set(cells(answer)) == {"Bakkehuset"}
    assert "Alle botilbud" not in answer.content.decode()


def test_the_file_hides_the_same(read, client, department, houses, criterion, indicator):
    for house, share in zip(houses, [(2, 4), (5, 9), (9, 18)], strict=False):
        measure(house, indicator, share)
    Assessment.objects.create(
        criterion=criterion, facility=houses[2], level=AssessmentLevel.MET, assessed_on=TODAY
    )
    read()
    address = reverse("initiatives:overview-export", args=[department.slug, "csv"])
    text = client.get(address).content.decode("utf-8-sig")
    rows = {row[2]: row for row in csv.reader(io.StringIO(text), delimiter=";")}
    assert rows["Bakkehuset"][7:10] == ["Skjult (få personer)", "%", ""]
    assert rows["Hus 2"][7] == "Skjult (få personer)"
    assert rows["Hus 3"][3:10] == [
        *("Opfyldt", "21.11.2026", "Måltal 1.1", "På vej", "50", "%", "18")
    ]
    assert rows["Hus 4"][3:10] == ["Ikke vurderet", *[""] * 6]
    assert client.get(address[:-3] + "xlsx").content[:2] == b"PK"
    assert client.get(address[:-3] + "exe").status_code == 404


# --- Requires attention ---------------------------------------------------------------------------


@pytest.fixture
def walk(houses, db):
    """A walk every Monday for half a year at the first house."""
    kind = ActivityType.objects.create(name="Gåtur", factors="M")
    return PlannedActivity.objects.create(
        facility=houses[0],
        activity_type=kind,
        factors="M",
        weekdays="1",
        starts_on=TODAY - dt.timedelta(weeks=26),
    )


def cancel(plan, *weeks_ago):
    monday = TODAY - dt.timedelta(days=TODAY.weekday())
    for weeks in weeks_ago:
        day = monday - dt.timedelta(weeks=weeks)
        make_activity(plan.facility, plan, day, outcome=Outcome.CANCELLED)


def hold(plan, *weeks_ago):
    monday = TODAY - dt.timedelta(days=TODAY.weekday())
    for weeks in weeks_ago:
        Activity.objects.create(
            facility=plan.facility,
            activity_type=plan.activity_type,
            planned_activity=plan,
            title="Gåtur",
            factors="M",
            held_on=monday - dt.timedelta(weeks=weeks),
            outcome=Outcome.HELD,
            participant_count=5,
        )


def concerns(answer):
    return [(concern.word, str(concern.title)) for concern in answer.context["concerns"]]


def test_overdue_and_missing_measurements_need_attention(read, houses, indicator):
    measure(houses[0], indicator, (10, 18), days=[dt.date(2026, 3, 31)])
    measure(houses[1], indicator)
    measure(houses[2], indicator, (10, 18))
    answer = read()
    assert concerns(answer) == [
        ("Måling mangler", "Hus 2: Kort 1"),
        ("Måling over fristen", "Bakkehuset: Kort 1"),
    ]
    link = reverse(
        "initiatives:measurement-add",
        args=["socialpsykiatrien", indicator.criterion_id, "bakkehuset", indicator.pk],
    )
    assert f'href="{link}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("weeks_ago", "word"),
    [
        (range(0, 13), None),
        (range(5, 13), "Gået i stå"),
        ((1, 5, 6, 7, 8), "På vej ned"),
        ((20,), "Gået i stå"),
    ],
)
def test_plans_that_slip_need_attention(read, walk, weeks_ago, word):
    hold(walk, *weeks_ago)
    cancel(walk, *(back for back in range(13) if back not in weeks_ago))
    assert concerns(read()) == ([(word, "Bakkehuset: Gåtur")] if word else [])


def test_a_pause_is_no_concern(read, walk):
    hold(walk, *range(5, 13))
    PlanPause.objects.create(
        planned_activity=walk, starts_on=TODAY - dt.timedelta(weeks=2), reason="Ferie"
    )
    PlanPause.objects.create(
        planned_activity=walk,
        starts_on=TODAY - dt.timedelta(weeks=20),
        restarts_on=TODAY - dt.timedelta(weeks=19),
        reason="Ferie",
    )
    assert concerns(read()) == []


def test_a_new_rhythm_is_judged_with_the_one_it_replaces(read, walk):
    hold(walk, *range(5, 13))
    cancel(walk, 2, 3, 4)
    walk.ends_on = TODAY - dt.timedelta(weeks=2)
    walk.save()
    new = PlannedActivity.objects.create(
        facility=walk.facility,
        activity_type=walk.activity_type,
        factors="M",
        weekdays="1",
        starts_on=walk.ends_on + dt.timedelta(days=1),
        replaces=walk,
    )
    cancel(new, 1)
    assert concerns(read()) == [("Gået i stå", "Bakkehuset: Gåtur")]


def test_a_viewer_is_sent_to_the_page_not_to_the_form(client, make_user, houses, indicator, path):
    measure(houses[0], indicator)
    client.force_login(make_user(Role.VIEWER, facility=houses[0]))
    [concern] = client.get(path).context["concerns"]
    assert concern.url.endswith("/bakkehuset/")


def test_nothing_to_attend_to_is_said(read, criterion):
    assert "Ingen dato er overskredet" in read().content.decode()


# --- Who may see it, and what it costs ------------------------------------------------------------


def test_other_departments_are_404(client, make_user, path, other_facility):
    for scope in ({"department": other_facility.department}, {"facility": other_facility}):
        client.force_login(make_user(Role.MANAGER, **scope))
        assert client.get(path).status_code == 404


def test_people_without_a_part_in_it_are_404(client, make_user, path, municipality):
    client.force_login(make_user(Role.EDITOR, authority=municipality))
    assert client.get(path).status_code == 404
    client.force_login(make_user())
    assert client.get(path).status_code == 404


def test_a_department_without_criteria_says_so(read):
    assert "Se indsatserne" in read().content.decode()


def test_queries_do_not_grow(read, department, initiative, criterion, indicator, walk, houses):
    measure(houses[0], indicator, (9, 18), (10, 18))
    hold(walk, 1, 2)
    read()
    with CaptureQueriesContext(connection) as few:
        read()
    assert len(few) <= 8
    second = make_criterion(initiative, 2, indicators=2)
    for number in range(30):
        house = Facility.objects.create(department=department, name=f"N{number}", slug=f"n{number}")
        initiative.facilities.add(house)
        for one in (indicator, *second.indicators.all()):
            measure(house, one, (9, 18), (10, 18), (11, 18))
        Assessment.objects.create(
            criterion=second, facility=house, level=AssessmentLevel.MET, assessed_on=TODAY
        )
        plan = PlannedActivity.objects.create(
            facility=house,
            activity_type=walk.activity_type,
            factors="M",
            times_per_week=2,
            starts_on=walk.starts_on,
        )
        hold(plan, 1, 6, 7)
        PlanPause.objects.create(
            planned_activity=plan,
            starts_on=TODAY - dt.timedelta(weeks=30),
            restarts_on=TODAY - dt.timedelta(weeks=29),
            reason="Ferie",
        )
    with CaptureQueriesContext(connection) as many:
        read()
    assert len(many) == len(few)
