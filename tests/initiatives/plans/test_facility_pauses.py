"""A whole facility paused at once: what rests, what keeps its own pause, and undoing it as one."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from initiatives.getting_started.actions import copy_starter_lines
from initiatives.getting_started.starters import starter_lines
from initiatives.models import FacilityPause, PlanPause
from initiatives.plans.actions import facility_pauses as actions
from initiatives.plans.actions import plans as plan_actions
from initiatives.plans.free_days import Days, free_days
from initiatives.sustain.expected import Pause
from krams.enums import Role

from ..planning import NOON, TODAY, make_pause, make_plan, make_type

WEEK = dt.timedelta(weeks=1)
days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 4, 30))
pauses = st.tuples(days, st.none() | st.integers(1, 40)).map(
    lambda pair: Pause(pair[0], pair[1] and pair[0] + dt.timedelta(days=pair[1]))
)


@given(days, st.none() | st.integers(1, 60), st.lists(pauses, max_size=4))
def test_free_days_are_those_that_nobody_has_taken(first, length, taken):
    wanted = Days(first, length and first + dt.timedelta(days=length))
    found = free_days(wanted, taken)

    def lies_in(day, span):
        return span.first <= day and (span.until is None or day < span.until)

    for ahead in range(-5, 200):
        day = first + dt.timedelta(days=ahead)
        is_free = lies_in(day, wanted) and not any(pause.covers(day) for pause in taken)
        assert sum(lies_in(day, span) for span in found) == is_free


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


@pytest.fixture
def desk(login, manager):
    return login(manager)


def url(name, facility, *args):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args])


def typed(**values) -> dict:
    return {
        "reason": "Vi flytter",
        "starts_on": "21.11.2026",
        "restarts_on": "05.12.2026",
        "submission_id": str(uuid.uuid4()),
        **values,
    }


def spans(plan) -> list:
    return [(one.starts_on, one.restarts_on) for one in plan.pauses.order_by("starts_on")]


@pytest.mark.django_db
class TestPausing:
    until = dt.date(2026, 12, 5)

    def test_everything_rests_and_pauses_that_stand_keep_their_days(self, desk, facility):
        free, resting = make_plan(facility), make_plan(facility, title="Svømning")
        ended = make_plan(facility, title="Bowling", ends_on=TODAY - WEEK)
        make_pause(resting, TODAY + dt.timedelta(days=3), TODAY + WEEK)
        response = desk.post(url("facility-pause", facility), typed())
        assert response.status_code == 302
        assert spans(free) == [(TODAY, self.until)]
        assert spans(resting) == [
            (TODAY, TODAY + dt.timedelta(days=3)),
            (TODAY + dt.timedelta(days=3), TODAY + WEEK),
            (TODAY + WEEK, self.until),
        ]
        assert spans(ended) == []
        page = desk.get(url("plan", facility)).content.decode()
        assert "Vi flytter" in page
        assert "05.12.2026" in desk.get(url("today", facility)).content.decode()
        assert "05.12.2026" in desk.get(url("this-week", facility), follow=True).content.decode()

    def test_removing_it_takes_all_of_it_and_nothing_else(self, desk, facility):
        plan, resting = make_plan(facility), make_plan(facility, title="Svømning")
        own = make_pause(resting, TODAY + dt.timedelta(days=3), TODAY + WEEK)
        desk.post(url("facility-pause", facility), typed())
        pause = FacilityPause.objects.get()
        desk.post(url("facility-pause-remove", facility, pause.pk), {"version": pause.version})
        assert list(PlanPause.objects.all()) == [own]
        assert not FacilityPause.objects.exists()
        assert plan.pauses.count() == 0
        again = desk.post(url("facility-pause-remove", facility, pause.pk), {"version": 1})
        assert again.status_code == 404

    @pytest.mark.parametrize("button", ["facility-pause-remove", "facility-restart"])
    def test_a_button_without_a_version_says_why_nothing_happened(self, desk, facility, button):
        plan = make_plan(facility)
        desk.post(url("facility-pause", facility), typed())
        address = url(button, facility, FacilityPause.objects.get().pk)
        answer = desk.post(address, {"version": "x"})
        assert answer.status_code == 422
        assert "Siden er for gammel" in answer.content.decode()
        assert spans(plan) == [(TODAY, self.until)]

    def test_starting_again_ends_it_today(self, desk, facility):
        plan = make_plan(facility)
        desk.post(url("facility-pause", facility), typed(starts_on="14.11.2026", restarts_on=""))
        pause = FacilityPause.objects.get()
        assert spans(plan) == [(TODAY - WEEK, None)]
        desk.post(url("facility-restart", facility, pause.pk), {"version": pause.version})
        assert spans(plan) == [(TODAY - WEEK, TODAY)]
        pause.refresh_from_db()
        assert pause.restarts_on == TODAY

    def test_one_that_is_over_is_not_made_longer_by_a_page_that_was_left_open(
        self, desk, facility, manager
    ):
        first, until = TODAY - WEEK, TODAY - dt.timedelta(days=3)
        pause = actions.pause_facility(
            facility=facility,
            values={"starts_on": first, "restarts_on": until, "reason": "Vi flytter"},
            submission_id=uuid.uuid4(),
            by=manager,
        )
        own = make_pause(make_plan(facility), first, until)
        sent = {"version": pause.version}
        assert desk.post(url("facility-restart", facility, pause.pk), sent).status_code == 302
        address = url("plan-restart", facility, own.planned_activity_id, own.pk)
        assert desk.post(address, {"version": own.version}).status_code == 302
        for one in (pause, own):
            one.refresh_from_db()
            assert one.restarts_on == until

    def test_a_new_day_moves_all_of_it(self, desk, facility):
        plan = make_plan(facility)
        desk.post(url("facility-pause", facility), typed())
        pause = FacilityPause.objects.get()
        edit = url("facility-pause-edit", facility, pause.pk)
        sent = typed(version=pause.version, restarts_on="19.12.2026")
        assert desk.post(edit, sent).status_code == 302
        assert spans(plan) == [(TODAY, dt.date(2026, 12, 19))]
        stale = desk.post(edit, typed(version=pause.version, restarts_on="20.12.2026"))
        assert stale.status_code == 409
        assert "20.12.2026" in stale.content.decode()

    def test_a_plan_that_is_added_meanwhile_rests_too(self, desk, facility, manager):
        desk.post(url("facility-pause", facility), typed())
        values = {
            "activity_type_id": make_type().pk,
            "factors": "M",
            "weekdays": "1",
            "starts_on": TODAY,
        }
        plan = plan_actions.add_plan(
            facility=facility, values=values, submission_id=uuid.uuid4(), by=manager
        )
        assert spans(plan) == [(TODAY, self.until)]

    def test_days_that_a_plan_gains_rest_too_and_what_was_started_again_goes_on(
        self, desk, facility, manager
    ):
        day = dt.timedelta(days=1)
        later = make_plan(facility, starts_on=TODAY + 10 * day)
        ending = make_plan(facility, title="Svømning", ends_on=TODAY - day)
        started = make_plan(facility, title="Kor")
        desk.post(url("facility-pause", facility), typed())
        assert (spans(later), spans(ending)) == ([(TODAY + 10 * day, self.until)], [])
        started.pauses.get().delete()

        def edit(plan, **changed):
            names = ("activity_type_id", *plan_actions.CONTENT, "starts_on", "ends_on")
            values = {name: getattr(plan, name) for name in names} | changed
            plan.refresh_from_db()
            return plan_actions.edit_plan(
                planned=plan, version=plan.version, values=values, by=manager
            )

        edit(later, starts_on=TODAY + 2 * day)
        assert spans(later) == [(TODAY + 2 * day, TODAY + 10 * day), (TODAY + 10 * day, self.until)]
        ending.refresh_from_db()
        plan_actions.end_plan(
            planned=ending, version=ending.version, ends_on=TODAY + 5 * day, by=manager
        )
        assert spans(ending) == [(TODAY, self.until)]
        edit(started, title="Kor og sang")
        assert spans(started) == []
        new = edit(started, title="Kor og sang", weekdays="2")
        assert (new.replaces, spans(new)) == (started, [])

    def test_what_is_copied_from_a_template_meanwhile_rests_too(self, desk, facility, manager):
        desk.post(url("facility-pause", facility), typed())
        made = copy_starter_lines(
            facilities=[facility],
            lines=[(starter_lines()[0], make_type().pk)],
            starts_on=TODAY,
            submission_id=uuid.uuid4(),
            by=manager,
        )
        assert [spans(plan) for plan in made] == [[(TODAY, self.until)]]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"restarts_on": "21.11.2026"}, "restarts_on"),
            ({"starts_on": "hvad"}, "starts_on"),
            ({"reason": "Ring 0101011234"}, "reason"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, desk, facility, values, field):
        response = desk.post(url("facility-pause", facility), typed(**values))
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert not FacilityPause.objects.exists()

    def test_two_pauses_of_the_house_never_overlap(self, desk, facility):
        desk.post(url("facility-pause", facility), typed())
        response = desk.post(url("facility-pause", facility), typed(starts_on="01.12.2026"))
        assert response.status_code == 422
        assert "starts_on" in response.context["form"].errors

    def test_only_who_manages_it_may(self, login, make_user, facility, other_facility):
        staff = login(make_user(Role.STAFF, facility=facility))
        assert staff.post(url("facility-pause", facility), typed()).status_code == 403
        assert staff.post(url("facility-pause", other_facility), typed()).status_code == 404
