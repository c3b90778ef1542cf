"""A year of weeks as a strip: held, cancelled, not registered and on pause, to the point."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from initiatives.sustain.thresholds import DEFAULT_THRESHOLDS
from initiatives.sustain.weeks import WeekBeat
from initiatives.sustain.year import GROUND, TOP, YEAR_WEEKS, unplanned_beats, year_drawing, year_of
from krams.danish.weeks import Week
from krams.enums import Role

from ..planning import TODAY, make_activity, make_plan

LAST = Week.of(TODAY)
FIRST = LAST - (YEAR_WEEKS - 1)


def beat(number=0, expected=2, held=2, missing=0, **more):
    values = {"paused": False, "running": number == YEAR_WEEKS - 1} | more
    return WeekBeat(FIRST + number, expected, held, missing=missing, **values)


def paths(*beats):
    return dict(year_drawing(beats).paths)


def test_a_week_that_was_held_is_a_whole_column():
    assert paths(beat()) == {"on": "M0 1.0h8v22.0h-8z"}


def test_half_held_is_half_as_high_and_the_rest_says_what_became_of_it():
    assert paths(beat(held=1)) == {"on": "M0 12.0h8v11.0h-8z", "off": "M0 1.0h8v11.0h-8z"}
    assert paths(beat(held=1, missing=1)) == {
        "on": "M0 12.0h8v11.0h-8z",
        "miss": "M0 1.0h8v11.0h-8z",
    }


def test_not_registered_is_not_drawn_as_not_held():
    assert set(paths(beat(held=0, missing=2))) == {"miss"}
    assert set(paths(beat(held=0))) == {"off"}


def test_of_the_running_week_nothing_is_drawn_that_can_still_come():
    assert set(paths(beat(held=1, running=True))) == {"on"}
    assert paths(beat(held=0, running=True)) == {}


def test_a_pause_and_what_was_not_planned_have_shapes_of_their_own():
    assert set(paths(beat(expected=0, held=0, paused=True))) == {"pause"}
    assert set(paths(beat(expected=0, held=1))) == {"free"}
    assert paths(beat(expected=0, held=0)) == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 12), st.integers(0, 9), st.booleans()),
        min_size=1,
        max_size=YEAR_WEEKS,
    )
)
def test_columns_stay_in_the_picture_and_add_up(weeks):
    beats = [
        beat(n, expected, held, min(missing, max(0, expected - held)), running=running)
        for n, (expected, held, missing, running) in enumerate(weeks)
    ]
    drawing = year_drawing(beats)
    heights = dict.fromkeys(range(len(beats)), 0.0)
    for name, path in drawing.paths:
        if name in ("pause", "free"):
            continue
        for x, y, height in re.findall(r"M(\d+) ([\d.]+)h8v([\d.]+)h-8z", path):
            assert TOP - 0.2 <= float(y) <= GROUND
            assert float(y) + float(height) <= GROUND + 0.2
            assert int(x) + 8 <= drawing.width
            heights[int(x) // 10] += float(height)
    for number, one in enumerate(beats):
        if one.expected and not one.running:
            assert heights[number] == pytest.approx(GROUND - TOP, abs=0.3)


def test_quarters_leave_the_running_week_out():
    year = year_of([beat(number) for number in range(YEAR_WEEKS)])
    assert [span.text for span in year.spans] == ["26 af 26"] * 4
    assert year.spans[3].last == LAST - 1


def test_a_busy_week_does_not_fill_an_empty_one():
    beats = [beat(n, 1, 2 if n % 2 else 0) for n in range(YEAR_WEEKS)]
    assert [span.kept for span in year_of(beats).spans] == [6, 7, 6, 7]


def test_it_fell_after_a_quarter_that_held():
    beats = [beat(n, held=2 if n < 26 else 1) for n in range(YEAR_WEEKS)]
    assert [span.fell for span in year_of(beats).spans] == [False, False, True, False]


def test_it_did_not_fall_where_too_much_is_not_registered():
    beats = [
        beat(n, held=2 if n < 39 else 0, missing=0 if n < 39 else 2) for n in range(YEAR_WEEKS)
    ]
    year = year_of(beats)
    assert not year.spans[3].fell
    assert year.spans[3].holds(DEFAULT_THRESHOLDS) is None


def test_without_a_plan_the_weeks_say_so():
    year = year_of(unplanned_beats({LAST - 1: 2}, TODAY))
    assert year.spans[3].text == "2, ingen planlagt"
    assert year.spans[0].text == "intet planlagt"
    assert not year.is_empty
    assert year_of(unplanned_beats({}, TODAY)).is_empty


@pytest.mark.django_db
def test_the_page_of_a_facility(login, make_user, facility):
    today = dt.date.today()
    plan = make_plan(facility, weekdays="1", starts_on=today - dt.timedelta(weeks=40))
    monday = today - dt.timedelta(days=today.weekday())
    for back in (2, 3):
        make_activity(facility, plan, monday - dt.timedelta(weeks=back))
    client = login(make_user(Role.STAFF, facility=facility))
    answer = client.get(reverse("initiatives:year", args=[facility.slug]))
    html = answer.content.decode()
    [(factor, year)] = answer.context["page"].factors
    assert (factor.value, sum(span.kept for span in year.spans)) == ("M", 2)
    words = {week: said for week, [said] in answer.context["page"].weeks}
    running = Week.of(today)
    assert len(words) == YEAR_WEEKS
    assert words[running - 2] == "1 af 1"
    assert words[running - 4] == "0 af 1, 1 ikke registreret"
    assert words[running - 50] == "intet planlagt"
    assert 'class="b-miss"' in html
    assert html.count("<polyline") == 0


@pytest.mark.django_db
def test_an_empty_facility_says_what_will_stand_there(login, make_user, facility, other_facility):
    client = login(make_user(Role.STAFF, facility=facility))
    html = client.get(reverse("initiatives:year", args=[facility.slug])).content.decode()
    assert "Der er ikke planlagt eller registreret noget her det seneste år." in html
    assert client.get(reverse("initiatives:year", args=[other_facility.slug])).status_code == 404
