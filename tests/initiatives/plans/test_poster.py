"""The week for the wall: what is planned on which day, and nothing of anybody."""

import datetime as dt

import pytest
from django.urls import reverse

from initiatives.enums import Repeats
from initiatives.models import PlanPause
from initiatives.plans.poster import Event, weekly_poster
from initiatives.sustain.expected import Pause, Plan
from krams.danish.weeks import Week
from krams.documents.pdf import can_write_pdf
from krams.enums import Role

from ..planning import NOON, TODAY, make_plan

WEEK = Week.of(TODAY)
FIRST = dt.date(2026, 1, 5)


def plan(*weekdays, times=None, starts=FIRST, ends=None, pauses=()) -> Plan:
    return Plan(starts, ends, weekdays, times, tuple(Pause(*days) for days in pauses))


def event(title, hour=None) -> Event:
    return Event(title, hour and dt.time(hour))


def poster_of(*planned, week=WEEK):
    return weekly_poster(planned, week)


def titles(poster) -> list[list[str]]:
    return [[one.title for one in events] for _day, events in poster.days]


class TestWeek:
    def test_each_day_has_its_activities_in_the_order_of_the_clock(self):
        found = poster_of(
            (event("Bingo", 19), plan(1)),
            (event("Gåtur", 10), plan(1, 3)),
            (event("Årets kage"), plan(1)),
            (event("Avis"), plan(1)),
        )
        assert titles(found)[:3] == [["Gåtur", "Bingo", "Avis", "Årets kage"], [], ["Gåtur"]]
        assert not found.is_empty

    def test_a_plan_stands_only_on_the_days_that_it_has(self):
        tuesday = WEEK.days[1]
        found = poster_of(
            (event("Slut"), plan(1, 2, 3, ends=tuesday)),
            (event("Ny"), plan(1, 2, 3, starts=tuesday)),
        )
        assert titles(found)[:3] == [["Slut"], ["Ny", "Slut"], ["Ny"]]

    def test_what_rests_is_named_apart_with_the_day_on_which_it_starts_again(self):
        thursday, later = WEEK.days[3], WEEK.sunday + dt.timedelta(days=4)
        found = poster_of(
            (event("Svømning"), plan(2, pauses=[(WEEK.monday, later)])),
            (event("Sang"), plan(2, 4, pauses=[(WEEK.monday, thursday)])),
            (event("Ride"), plan(5, pauses=[(WEEK.monday, None)])),
            (event("Kor"), plan(times=2, pauses=[(WEEK.monday, None)])),
        )
        assert titles(found) == [[], [], [], ["Sang"], [], [], []]
        assert [(one.title, one.restarts_on) for one in found.resting] == [
            ("Kor", None),
            ("Ride", None),
            ("Svømning", later),
        ]

    def test_nobody_waits_for_what_would_not_be_there_without_the_pause(self):
        """Another week than its own, and Christmas Day, a Friday."""
        rests = (Pause(FIRST, None),)
        other = Plan(FIRST, None, (2,), None, rests, Repeats.FORTNIGHTLY, WEEK.monday)
        assert [one.title for one in poster_of((event("Sang"), other)).resting] == ["Sang"]
        assert poster_of((event("Sang"), other), week=WEEK + 1).resting == ()
        friday = (event("Sang"), plan(5, pauses=[(FIRST, None)]))
        assert poster_of(friday, week=Week.of(dt.date(2026, 12, 25))).resting == ()

    def test_where_another_pause_follows_nothing_starts_again_in_between(self):
        """Its own pause ends while the whole facility rests."""
        later = WEEK.sunday + dt.timedelta(days=4)
        last = later + dt.timedelta(days=30)
        found = poster_of(
            (event("Ride"), plan(5, pauses=[(WEEK.monday, later), (later, None)])),
            (event("Sang"), plan(5, pauses=[(WEEK.monday, later), (later, last)])),
        )
        assert [one.restarts_on for one in found.resting] == [None, last]

    def test_what_is_on_no_fixed_day_stands_below(self):
        found = poster_of((event("Samtale"), plan(times=3)), (event("Samtale"), plan(times=1)))
        assert found.loose == ("Samtale",)
        assert not found.is_empty

    def test_letters_are_as_large_as_there_is_room(self):
        few = [(event(f"Nr. {number}"), plan(1)) for number in range(3)]
        many = [(event(f"Nr. {number}"), plan(1, 2, 3, 4, 5)) for number in range(5)]
        more = [(event(f"Nr. {number}"), plan(1, 2, 3, 4, 5, 6, 7)) for number in range(9)]
        assert [poster_of(*some).letters for some in (few, many, more)] == [
            "large",
            "middle",
            "small",
        ]


@pytest.mark.django_db
@pytest.mark.time_machine(NOON, tick=False)
class TestPage:
    @pytest.fixture
    def desk(self, login, make_user, facility):
        return login(make_user(Role.VIEWER, facility=facility))

    def address(self, facility, name="poster-week", *args) -> str:
        return reverse(f"initiatives:{name}", args=[facility.slug, *args])

    def test_any_week_within_a_year_is_shown(self, desk, facility):
        make_plan(facility, "Aftentur", start_time=dt.time(19, 30))
        page = desk.get(self.address(facility, "poster")).content.decode()
        assert "Aftentur" in page
        assert "19.30" in page
        for week, status in ((WEEK + 1, 200), (WEEK - 51, 200), (WEEK + 60, 404), ("i-gaar", 404)):
            assert desk.get(self.address(facility, "poster-week", week)).status_code == status

    def test_it_tells_no_role_and_no_reason_of_a_pause(self, desk, facility):
        planned = make_plan(facility, "Aftentur", responsible_role="Aftenvagt")
        make_plan(facility, "Sang", responsible_role="Dagvagt")
        PlanPause.objects.create(
            planned_activity=planned, starts_on=WEEK.monday, reason="En beboer er syg"
        )
        page = desk.get(self.address(facility, "poster")).content.decode()
        assert "Aftentur" in page
        for secret in ("En beboer er syg", "Aftenvagt", "Dagvagt"):
            assert secret not in page

    def test_an_empty_week_says_so(self, desk, facility):
        page = desk.get(self.address(facility, "poster")).content.decode()
        assert "Der er ikke planlagt noget i denne uge." in page

    def test_others_do_not_see_it(self, login, make_user, facility, other_facility):
        stranger = login(make_user(Role.MANAGER, facility=other_facility))
        assert stranger.get(self.address(facility, "poster")).status_code == 404
        file = self.address(facility, "poster-file", WEEK, "a4", "pdf")
        assert stranger.get(file).status_code == 404

    def test_it_is_a_pdf_of_one_sheet_on_a4_and_a3(self, desk, facility):
        make_plan(facility, "Aftentur")
        for size in ("a4", "a3"):
            answer = desk.get(self.address(facility, "poster-file", WEEK, size, "pdf"))
            assert answer.status_code == (200 if can_write_pdf() else 404)
        for size, kind in (("a5", "pdf"), ("a4", "docx")):
            address = self.address(facility, "poster-file", WEEK, size, kind)
            assert desk.get(address).status_code == 404
