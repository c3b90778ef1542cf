"""Bars, curves and the year of a department: what is drawn, what is hidden, what is not known."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import Factor
from initiatives.followup.bars import bars_by_factor
from initiatives.followup.comparison import Comparison, rates_of_factor
from initiatives.followup.curves import LARGE, SMALL, panels_of
from krams.enums import Role
from krams.models import Facility
from krams.privacy.small_counts import HIDDEN

from ..making_criteria import make_criterion, make_initiative, measure
from ..planning import TODAY, make_activity, make_plan

HOSTILE = "<svg onload=alert(1)>\"'&"


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def houses(department):
    return [
        Facility.objects.create(
            department=department, name=f"Hus {n}", slug=f"hus-{n}", place_count=10
        )
        for n in range(1, 5)
    ]


@pytest.fixture
def client_of(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


@pytest.fixture
def look(client_of, department):
    def look(name):
        answer = client_of.get(reverse(f"initiatives:{name}", args=[department.slug]))
        assert answer.status_code == 200
        return answer.context, answer.content.decode()

    return look


# --- Bars ---------------------------------------------------------------------------------------


def compared(counts, sessions=None, places=None):
    """A comparison of one factor, whose rates are counts per ten places and one week."""
    places = places or [10] * len(counts)
    sessions = sessions or [1] * len(counts)
    facilities = tuple(Facility(name=f"Hus {n}", place_count=p) for n, p in enumerate(places))
    rates = rates_of_factor(places, sessions, counts, Decimal(1), 1, total_shown=True)
    lines = tuple((rate,) for rate in rates)
    return Comparison((Factor.EXERCISE,), facilities, lines[:-1], lines[-1])


def test_bars_are_as_long_as_their_rates():
    [found] = bars_by_factor(compared([40, 20, 60]))
    assert (found.top, found.top_text, found.middle_text) == (6, "6", "3")
    assert [bar.width for bar in found.bars] == ["66.7", "33.3", "100.0", "66.7"]


def test_a_hidden_figure_has_no_length_and_its_places_are_not_in_the_total():
    [found] = bars_by_factor(compared([HIDDEN, 40, 60]))
    assert [bar.kind for bar in found.bars] == ["hidden", "bar", "bar", "bar"]
    assert [bar.width for bar in found.bars] == ["", "66.7", "100.0", "83.3"]


def test_what_has_no_rate_is_no_short_bar():
    found = compared([40, 20, 0], sessions=[1, 1, 0], places=[10, None, 10])
    [one] = bars_by_factor(found)
    assert [bar.kind for bar in one.bars[:3]] == ["bar", "unknown", "none"]


def test_a_factor_that_was_never_held_has_no_picture():
    assert list(bars_by_factor(compared([0, 0], sessions=[0, 0]))) == []


def test_the_page_draws_a_dotted_line_for_few_people(look, houses):
    for house, count in zip(houses, (4, 30, 20, 40), strict=True):
        make_activity(house, held_on=TODAY - dt.timedelta(weeks=1), participant_count=count)
    context, html = look("compare")
    [one] = context["pictures"]
    assert [bar.kind for bar in one.bars] == ["hidden", "bar", "bar", "bar", "bar"]
    assert html.count('d="M0 5h100"') == 1
    assert "Alle tal i én tabel" in html


# --- The year -----------------------------------------------------------------------------------


def hold(plan, weeks, **values):
    for back in weeks:
        make_activity(plan.facility, plan, TODAY - dt.timedelta(weeks=back), **values)


def test_the_year_of_a_department_tells_where_it_fell(look, houses):
    plan = make_plan(houses[0], starts_on=TODAY - dt.timedelta(weeks=60))
    hold(plan, range(14, 53))
    hold(plan, range(1, 10), outcome="cancelled")
    context, html = look("department-year")
    rows = dict((place.name, year) for place, year in context["page"].rows)
    spans = rows["Hus 1"].spans
    assert [(span.kept, span.expected) for span in spans] == [(13, 13)] * 3 + [(0, 13)]
    assert spans[3].missing == 4
    assert spans[3].holds(context["page"].thresholds) is None, "too much is not registered"
    assert not spans[3].fell
    hold(plan, range(10, 14), outcome="cancelled")
    context, html = look("department-year")
    assert context["page"].rows[0][1].spans[3].fell
    assert "faldt" in html
    assert rows["Hus 2"] is None
    assert "Der har ikke været planlagt noget her det seneste år." in html


def test_who_sees_one_facility_sees_one(login, make_user, houses, department):
    make_plan(houses[0])
    client = login(make_user(Role.STAFF, facility=houses[1]))
    answer = client.get(reverse("initiatives:department-year", args=[department.slug]))
    assert [place.name for place, _year in answer.context["page"].rows] == ["Hus 2"]


# --- Curves -------------------------------------------------------------------------------------


@pytest.fixture
def criterion(department, houses):
    return make_criterion(make_initiative(department, *houses))


def test_curves_share_a_scale_and_stay_in_their_frames(look, houses, criterion):
    indicator = criterion.indicators.get()
    for number, house in enumerate(houses[:2]):
        measure(house, indicator, (7, 18), (9 + number, 18))
    context, html = look("curves")
    [(_table, [panel])] = context["tables"]
    drawn = [one.curve for one in panel.multiples]
    assert drawn[0].dots[0] == drawn[1].dots[0], "7 of 18 is as high in both"
    assert float(drawn[1].dots[1][1]) < float(drawn[0].dots[1][1]), "more is higher"
    for x, y in (dot for curve in drawn for dot in curve.dots):
        assert 0 <= float(x) <= LARGE.width
        assert 0 <= float(y) <= LARGE.height
    assert html.count("<polyline") == 2


def test_the_overview_has_the_same_curves_in_its_cells(look, houses, criterion):
    """Small, and still on one scale and one line of time: what is higher was more."""
    indicator = criterion.indicators.get()
    for number, house in enumerate(houses[:2]):
        measure(house, indicator, (7, 18), (9 + number, 18))
    context, html = look("overview")
    first, second = (context["curves"][house.pk, indicator.pk] for house in houses[:2])
    assert first.dots[0] == second.dots[0], "7 of 18 is as high in both"
    assert float(second.dots[1][1]) < float(first.dots[1][1]), "more is higher"
    for x, y in (*first.dots, *second.dots):
        assert 0 <= float(x) <= SMALL.width
        assert 0 <= float(y) <= SMALL.height
    assert html.count("<polyline") == 2
    measure(houses[2], indicator, (1, 14))
    assert (houses[2].pk, indicator.pk) not in look("overview")[0]["curves"], "few people"


def test_hidden_figures_are_no_part_of_curve_or_scale(look, houses, criterion):
    indicator = criterion.indicators.get()
    measure(houses[0], indicator, (7, 18), (9, 18))
    before = [one.curve for one in look("curves")[0]["tables"][0][1][0].multiples]
    measure(houses[1], indicator, (1, 14))
    context, html = look("curves")
    [panel] = context["tables"][0][1]
    assert panel.multiples[1].curve is None
    assert panel.multiples[0].curve in (before[0], None)
    assert "Skjult (få personer)" in html
    assert "7,1" not in html


def test_nothing_measured_has_no_panel(look, criterion):
    context, html = look("curves")
    assert context["tables"][0][1] == []
    assert "Der er ikke målt noget endnu." in html
    assert list(panels_of(context["tables"][0][0])) == []


# --- All of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["compare", "department-year", "curves"])
def test_a_hostile_name_is_only_a_name(look, houses, criterion, name):
    Facility.objects.filter(pk=houses[0].pk).update(name=HOSTILE)
    make_activity(houses[0], held_on=TODAY, participant_count=40)
    make_plan(houses[0])
    measure(houses[0], criterion.indicators.get(), (9, 18))
    _context, html = look(name)
    assert "&lt;svg onload" in html
    assert "<svg onload" not in html


@pytest.mark.parametrize("name", ["department-year", "curves"])
def test_queries_do_not_grow(client_of, department, houses, criterion, name):
    path = reverse(f"initiatives:{name}", args=[department.slug])
    client_of.get(path)
    with CaptureQueriesContext(connection) as few:
        client_of.get(path)
    for number in range(30):
        house = Facility.objects.create(department=department, name=f"N{number}", slug=f"n{number}")
        criterion.initiative.facilities.add(house)
        hold(make_plan(house), range(3))
        measure(house, criterion.indicators.get(), (9, 18))
    with CaptureQueriesContext(connection) as many:
        client_of.get(path)
    assert len(many) == len(few) <= 8


@pytest.mark.parametrize("name", ["department-year", "curves"])
def test_strangers_do_not_see_it(login, make_user, department, other_facility, name):
    stranger = login(make_user(Role.MANAGER, department=other_facility.department))
    path = reverse(f"initiatives:{name}", args=[department.slug])
    assert stranger.get(path).status_code == 404
    assert re.search("login|log-ind", stranger.__class__().get(path).url)
