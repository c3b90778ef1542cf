"""Held of planned in any period: the figures, the choices, the page and its file."""

import csv
import datetime as dt
import io
from collections import Counter

import pytest
import time_machine
from django.urls import reverse

from initiatives.enums import Outcome, Repeats
from initiatives.log.period import Figures, Period, figures_of, quick_choices
from initiatives.sustain.expected import Pause, Plan
from krams.danish.weeks import Week
from krams.enums import Role

from ..planning import NOON, TODAY, make_activity, make_pause, make_plan

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 20))
SATURDAYS = Plan(dt.date(2026, 1, 1), None, (6,), None)
CHRISTMAS = Period(dt.date(2026, 12, 21), dt.date(2026, 12, 31))


def test_every_planned_time_is_held_not_held_or_not_registered():
    fates = {
        Week.of(dt.date(2026, 11, 7)): Counter(held=3),
        Week.of(dt.date(2026, 11, 14)): Counter(weather=1),
    }
    found = figures_of([(SATURDAYS, fates)], Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
    assert found == Figures(planned=4, held=1, not_held=1, missing=2, extra=2)
    assert found.percent == 50


def test_only_days_of_the_period_count_in_its_first_and_last_week():
    assert figures_of([(SATURDAYS, {})], NOVEMBER).planned == 2


def test_what_was_left_out_is_told_apart():
    every_day = Plan(
        dt.date(2026, 1, 1),
        None,
        (1, 2, 3, 4, 5, 6, 7),
        None,
        (Pause(dt.date(2026, 12, 26), dt.date(2026, 12, 29)),),
    )
    found = figures_of([(every_day, {})], CHRISTMAS)
    # 26 December is both a holiday and paused: it is left out once.
    assert (found.planned, found.paused, found.on_holidays) == (7, 2, 2)


def test_a_changed_rhythm_is_one_activity():
    old = Plan(dt.date(2026, 1, 1), dt.date(2026, 11, 8), (6,), None)
    new = Plan(dt.date(2026, 11, 9), None, (5,), None)
    assert figures_of([(new, {}), (old, {})], NOVEMBER).planned == 3


def test_periods_that_run_end_yesterday():
    found = dict(quick_choices(dt.date(2026, 11, 21)))
    assert found["this-quarter"] == Period(dt.date(2026, 10, 1), dt.date(2026, 11, 20))
    assert found["last-quarter"] == Period(dt.date(2026, 7, 1), dt.date(2026, 9, 30))
    assert found["last-half"] == Period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert found["last-year"] == Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert "this-year" not in dict(quick_choices(dt.date(2027, 1, 1)))


@pytest.fixture
def desk(login, make_user, facility):
    with time_machine.travel(NOON, tick=False):
        yield login(make_user(Role.STAFF, facility=facility))


def url(facility, name="period", *args):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args])


@pytest.mark.django_db
class TestPage:
    def test_shows_and_exports_the_same(self, desk, facility):
        plan = make_plan(facility)
        make_plan(facility, title="Madklub", weekdays="5", repeats=Repeats.FIRST)
        make_activity(facility, plan, dt.date(2026, 11, 7))
        make_activity(
            facility, plan, dt.date(2026, 11, 14), outcome=Outcome.CANCELLED, participant_count=None
        )
        make_pause(plan, TODAY)
        response = desk.get(url(facility), {"fra": "1.11.2026", "til": "30.11.2026"})
        assert response.context["period"] == NOVEMBER
        figures = {str(row.planned): row.figures for row in response.context["rows"]}
        assert figures["Fælles gåtur"] == Figures(planned=2, held=1, not_held=1)
        assert figures["Madklub"] == Figures(planned=1, missing=1)
        exported = desk.get(
            url(facility, "period-export", "csv"), {"fra": "1.11.2026", "til": "30.11.2026"}
        )
        text = exported.getvalue().decode("utf-8-sig")
        rows = {row[0]: row[2:6] for row in csv.reader(io.StringIO(text), delimiter=";")}
        assert rows["Fælles gåtur"] == ["2", "1", "1", "0"]
        assert list(rows.values())[-1] == ["3", "1", "1", "1"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"fra": "1.11.2026", "til": "1.10.2026"}, "til"),
            ({"fra": "1.1.2027"}, "fra"),
            ({"fra": "1.1.2020", "til": "1.1.2026"}, "fra"),
            ({"fra": "hvad"}, "fra"),
        ],
    )
    def test_a_period_that_means_nothing_says_so(self, desk, facility, query, field):
        response = desk.get(url(facility), query)
        assert field in response.context["form"].errors
        assert desk.get(url(facility, "period-export", "xlsx"), query).status_code == 302

    def test_without_dates_it_is_the_last_quarter(self, desk, facility):
        assert desk.get(url(facility)).context["period"].first == dt.date(2026, 7, 1)

    def test_is_not_for_others(self, desk, other_facility):
        assert desk.get(url(other_facility)).status_code == 404
        assert desk.get(url(other_facility, "period-export", "csv")).status_code == 404
