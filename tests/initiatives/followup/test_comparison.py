"""Facilities compared per factor: rates per place, periods, and counts of few people hidden."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from initiatives.models import FollowUpSettings
from krams.danish.quarters import Quarter
from krams.enums import Role
from krams.models import Facility
from krams.privacy.small_counts import HIDDEN

from ..planning import TODAY, make_activity

Q3 = dt.date(2026, 8, 12)
M = 3  # the place of exercise among the factors


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
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def path(department):
    return reverse("initiatives:compare", args=[department.slug])


@pytest.fixture
def look(login, manager, path):
    def look(query="?kvartal=2026-3", user=manager):
        answer = login(user).get(path + query)
        assert answer.status_code == 200
        return answer.context["found"], answer.content.decode()

    return look


def take_part(houses, *counts, day=Q3):
    for house, count in zip(houses, counts, strict=False):
        make_activity(house, held_on=day, participant_count=count)


def shown(found):
    return [rates[M].participations for rates in found.rates], found.totals[M].participations


def test_quarters():
    assert str(Quarter.of(dt.date(2026, 12, 31))) == "2026-4"
    assert Quarter(2026, 4).last == dt.date(2026, 12, 31)
    assert Quarter(2024, 1).last == dt.date(2024, 3, 31)
    assert [str(one) for one in Quarter.latest(dt.date(2026, 1, 1))][:2] == ["2026-1", "2025-4"]
    assert Quarter(2026, 4).weeks(dt.date(2026, 10, 7)) == 1
    assert Quarter(2026, 3).weeks(dt.date(2026, 11, 21)) == Decimal(92) / 7


def test_rates_are_per_week_and_per_place(look, houses):
    for day in range(1, 24):
        make_activity(houses[0], held_on=dt.date(2026, 8, day), participant_count=8, factors="KM")
    make_activity(houses[0], held_on=dt.date(2026, 10, 1), participant_count=8)
    found, html = look()
    rate = found.rates[0][M]
    assert (rate.sessions, rate.participations) == (23, 184)
    assert rate.sessions_per_week == Decimal("1.75")
    # 13 weeks ended in the quarter.
    assert rate.per_place == Decimal("1.42")
    assert found.rates[0][0] == rate
    assert found.rates[0][1].sessions == 0
    assert "1,8 om ugen" in html
    assert "1,42 pr. plads · n 184" in html


def test_the_running_quarter_unless_told(look, houses):
    take_part(houses, 50, day=TODAY - dt.timedelta(weeks=1))
    take_part(houses, 30, day=TODAY)
    found, html = look("")
    assert found.rates[0][M].participations == 50, "this week is not over"
    assert found.rates[0][M].sessions == 2
    assert "01.10.2026–21.11.2026" in html


def test_few_people_are_hidden_and_in_no_total(look, houses):
    take_part(houses, 4, 30, 20, 40)
    found, html = look()
    assert shown(found) == ([HIDDEN, 30, 20, 40], 90)
    assert "Skjult (få personer)" in html
    assert found.rates[0][M].per_place is HIDDEN
    # 90 participations at 30 places in 13 weeks: those of the first one are not in it.
    assert found.totals[M].per_place == Decimal("0.23")


def test_weeks_of_few_people_are_counted_together(look, houses):
    for weeks, count in enumerate((4, 3, 9, 2)):
        take_part(houses, count, day=Q3 + dt.timedelta(weeks=weeks))
    found, _html = look()
    assert found.rates[0][M].participations == 4 + 3 + 9, "2 wait for a week that did not come"


def test_a_quarter_that_has_just_begun_tells_no_participations(look, houses):
    with time_machine.travel(dt.datetime(2026, 10, 2, 12), tick=False):
        take_part(houses, 50, day=dt.date(2026, 10, 1))
        found, _html = look("")
    assert found.rates[0][M].is_hidden
    assert found.totals[M].is_hidden
    assert found.rates[1][M].participations == 0


def test_a_total_of_few_people_is_hidden(look, houses):
    take_part(houses, 1, 2)
    found, _html = look()
    assert shown(found) == ([HIDDEN, HIDDEN, 0, 0], HIDDEN)
    assert found.totals[M].per_place is HIDDEN


def test_where_nothing_was_held_no_count_hides_behind_it(look, houses):
    take_part(houses, 4, 30)
    found, html = look()
    assert shown(found) == ([HIDDEN, 30, 0, 0], 30)
    assert gettext("None held") in html


def test_the_municipality_sets_the_threshold(look, houses, municipality):
    FollowUpSettings.objects.create(municipality=municipality, smallest_shown_count=31)
    take_part(houses, 30, 200, 300, 400)
    found, html = look()
    assert found.rates[0][M].is_hidden
    assert "færre end 31" in html


def test_without_places_there_is_no_rate_and_it_is_said(look, houses):
    houses[0].place_count = None
    houses[0].save()
    take_part(houses, 50, 30, 20, 40)
    found, html = look()
    assert found.rates[0][M].per_place is None
    assert found.totals[M].participations == 140
    # 90 participations at 30 places in 13 weeks
    assert found.totals[M].per_place == Decimal("0.23")
    assert "intet pladstal" in html
    assert "Pladstallet kendes ikke for Hus 1" in html


def test_the_rate_of_those_with_places_gives_nothing_away(look, houses):
    houses[0].place_count = None
    houses[0].save()
    take_part(houses, 50, 4, 20, 40)
    found, _html = look()
    assert shown(found) == ([50, HIDDEN, 20, 40], 110)
    # 60 participations at 20 places in 13 weeks
    assert found.totals[M].per_place == Decimal("0.23")


def test_who_sees_one_house_sees_no_total(look, make_user, houses):
    take_part(houses, 50, 30, 20, 40)
    found, html = look(user=make_user(Role.STAFF, facility=houses[0]))
    assert [one.name for one in found.facilities] == ["Hus 1"]
    assert found.totals == ()
    assert "Alle botilbud" not in html


@pytest.mark.parametrize("bad", ["1999-1", "2026-5", "abc", "2027-1", "%00", "9" * 300])
def test_a_period_that_is_none_is_said(login, manager, path, department, bad):
    client = login(manager)
    answer = client.get(f"{path}?kvartal={bad}")
    assert answer.status_code == 422
    assert "_error" in answer.content.decode()
    address = reverse("initiatives:compare-export", args=[department.slug, "csv"])
    sent = client.get(f"{address}?kvartal={bad}")
    assert sent.status_code == 302
    assert sent["Location"].startswith(path)


def test_others_are_404(login, make_user, other_facility, municipality, path, department):
    paths = [
        path,
        *(
            reverse(f"initiatives:{name}-export", args=[department.slug, "csv"])
            for name in ("compare", "overview")
        ),
    ]
    for user in (
        make_user(),
        make_user(Role.MANAGER, facility=other_facility),
        make_user(Role.EDITOR, authority=municipality),
    ):
        assert {login(user).get(address).status_code for address in paths} == {404}


def test_the_file_hides_the_same(login, manager, department, houses):
    take_part(houses, 4, 30, 20, 40)
    address = reverse("initiatives:compare-export", args=[department.slug, "csv"])
    answer = login(manager).get(f"{address}?kvartal=2026-3")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    exercise = [row for row in rows if row[2] == "Motion"]
    assert [row[5] for row in exercise] == [
        "Skjult (få personer)",
        "30",
        "20",
        "40",
        "90",
    ]
    assert exercise[1] == ["Hus 2", "10", "Motion", "1", "0,08", "30", "0,23"]
    assert login(manager).get(address[:-3] + "xlsx").content[:2] == b"PK"
    assert login(manager).get(address[:-3] + "exe").status_code == 404


def test_queries_do_not_grow(login, manager, path, department, houses):
    client = login(manager)
    take_part(houses, 10, 20, day=TODAY)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(30):
        house = Facility.objects.create(department=department, name=f"N{number}", slug=f"n{number}")
        take_part([house], 20, day=TODAY)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) <= 8
