"""What requires attention: every kind of line, the one action of each, and the e-mail."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import ConcernKind, InitiativeStatus, MeetingKind, Outcome
from initiatives.followup.queries import worklist
from initiatives.models import AttentionPoint, Decision, Meeting
from initiatives.plans.actions.facility_pauses import pause_facility
from krams.enums import Role
from krams.worklist.sections import Kind

from ..making_criteria import make_initiative
from ..planning import TODAY, make_activity, make_pause, make_plan

MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
DUE = TODAY - dt.timedelta(days=3)


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def path(department):
    return reverse("initiatives:overview", args=[department.slug])


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def viewer(make_user, department):
    return make_user(Role.VIEWER, department=department)


@pytest.fixture
def see(login, path):
    def see(user):
        answer = login(user).get(path)
        assert answer.status_code == 200
        return answer.context["concerns"], answer.content.decode()

    return see


def cancel(plan, *weeks_ago):
    hold(plan, *weeks_ago, outcome=Outcome.CANCELLED)


def hold(plan, *weeks_ago, **values):
    for weeks in weeks_ago:
        make_activity(plan.facility, plan, MONDAY - dt.timedelta(weeks=weeks), **values)


def make_decision(facility=None, department=None, **values) -> Decision:
    meeting = Meeting.objects.create(
        facility=facility,
        department=department,
        kind=MeetingKind.MANAGEMENT,
        held_on=TODAY - dt.timedelta(weeks=3),
    )
    values = {"text": "Fast vagt", "responsible_role": "Leder", "due_on": DUE, **values}
    return Decision.objects.create(meeting=meeting, **values)


def test_a_stalled_plan_is_paused_by_its_manager(see, manager, viewer, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(5, 13))
    cancel(plan, *range(1, 5))
    [concern], html = see(manager)
    pause = reverse("initiatives:plan-pause", args=[facility.slug, plan.pk])
    assert (concern.word, concern.url) == ("Gået i stå", pause)
    assert f'href="{pause}"' in html
    [concern], html = see(viewer)
    assert concern.url == reverse("initiatives:rhythm", args=[facility.slug])
    assert not concern.may_act


def test_staff_put_a_stalled_plan_on_the_agenda(see, make_user, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(5, 13))
    cancel(plan, *range(1, 5))
    _concerns, html = see(make_user(Role.STAFF, facility=facility))
    assert reverse("initiatives:put-on-agenda", args=[facility.slug, plan.pk]) in html


def test_a_fading_plan_is_put_on_the_agenda(see, manager, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, 1, 5, 6, 7, 8)
    cancel(plan, 2, 3, 4)
    [concern], html = see(manager)
    assert concern.word == "På vej ned"
    assert reverse("initiatives:put-on-agenda", args=[facility.slug, plan.pk]) in html


def test_what_was_not_registered_last_week_is_one_line_a_facility(see, manager, viewer, facility):
    for title in ("Gåtur", "Svømning"):
        plan = make_plan(facility, title, weekdays="1")
        hold(plan, *range(2, 6))
    kept = make_plan(facility, "Madlavning", weekdays="1")
    hold(kept, *range(2, 6))
    hold(kept, 1, outcome=Outcome.CANCELLED)
    [concern], html = see(manager)
    assert str(concern.title) == "Bakkehuset: uge 46, 2026"
    assert "Gåtur, Svømning." in html
    assert concern.text.startswith("2 planlagte gange")
    assert concern.url == reverse("initiatives:grid", args=[facility.slug, "2026-W46"])
    [concern], _html = see(viewer)
    assert concern.url == reverse("initiatives:log", args=[facility.slug])


def test_a_long_pause_without_an_end_is_restarted(see, manager, viewer, facility, client):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(8, 13))
    pause = make_pause(plan, TODAY - dt.timedelta(weeks=7), reason="Fysioterapeuten er stoppet")
    [concern], html = see(manager)
    url = reverse("initiatives:plan-restart", args=[facility.slug, plan.pk, pause.pk])
    assert f'action="{url}"' in html
    assert "Fysioterapeuten er stoppet" in html
    assert client.post(url, {"version": concern.restart.version}).status_code == 302
    pause.refresh_from_db()
    assert pause.restarts_on == TODAY
    pause.restarts_on = None
    pause.save()
    [concern], html = see(viewer)
    assert url not in html
    assert concern.url == plan.get_absolute_url()


@pytest.mark.parametrize(
    ("weeks", "restarts_in"), [(3, None), (7, 14)], ids=["a short one", "one with an end"]
)
def test_other_pauses_are_no_concern(see, manager, facility, weeks, restarts_in):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(8, 13))
    restart = TODAY + dt.timedelta(days=restarts_in) if restarts_in else None
    make_pause(plan, TODAY - dt.timedelta(weeks=weeks), restart)
    assert see(manager)[0] == []


def test_a_decision_past_its_date_is_closed_or_postponed(see, manager, viewer, facility):
    decision = make_decision(facility)
    make_decision(facility, text="I tide", due_on=TODAY)
    make_decision(facility, text="Gjort", closed_on=TODAY)
    make_decision(facility, text="Fjernet", removed_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    [concern], html = see(manager)
    assert str(concern.title) == "Bakkehuset: Fast vagt"
    assert "18.11.2026" in concern.text
    follow_up = reverse("initiatives:decision-follow-up", args=[decision.meeting_id, decision.pk])
    assert f'href="{follow_up}"' in html
    [concern], _html = see(viewer)
    assert concern.url == decision.get_absolute_url()


def test_what_the_department_decided_is_for_who_sees_all_of_it(
    see, manager, make_user, department, facility
):
    make_decision(department=department)
    assert [str(one.title) for one in see(manager)[0]] == ["Fast vagt"]
    assert see(make_user(Role.MANAGER, facility=facility))[0] == []


def test_an_attention_point_past_its_date_is_closed_in_its_section(
    see, manager, viewer, department, facility
):
    initiative = make_initiative(department, facility)
    point = {"initiative": initiative, "text": "Nattero", "factor": "S", "follow_up_on": DUE}
    AttentionPoint.objects.create(**point)
    AttentionPoint.objects.create(**{**point, "follow_up_on": TODAY})
    AttentionPoint.objects.create(**{**point, "closed_on": TODAY})
    AttentionPoint.objects.create(**{**point, "follow_up_on": None})
    [concern], html = see(manager)
    assert [factor.value for factor in concern.factors] == ["S"]
    assert reverse("initiatives:section-edit", args=[initiative.pk, "opfoelgning"]) in html
    assert see(viewer)[0][0].url == reverse("initiatives:initiative", args=[initiative.pk])
    initiative.status = InitiativeStatus.ENDED
    initiative.save()
    assert see(manager)[0] == []


def test_of_other_departments_nothing(see, manager, other_facility):
    plan = make_plan(other_facility, weekdays="1")
    hold(plan, *range(5, 13))
    cancel(plan, *range(1, 5))
    make_decision(other_facility)
    make_decision(department=other_facility.department)
    initiative = make_initiative(other_facility.department, other_facility)
    AttentionPoint.objects.create(initiative=initiative, text="Nattero", follow_up_on=DUE)
    assert see(manager)[0] == []


def test_oldest_first_and_the_plans_are_counted(see, login, path, manager, facility):
    fading, stalled = make_plan(facility, "A", "1"), make_plan(facility, "B", "1")
    hold(fading, 1, 5, 6, 7, 8)
    cancel(fading, 2, 3, 4)
    hold(stalled, *range(7, 13))
    cancel(stalled, *range(1, 7))
    make_decision(facility)
    answer = login(manager).get(path)
    assert [one.since for one in answer.context["concerns"]] == sorted(
        one.since for one in answer.context["concerns"]
    )
    assert len(answer.context["concerns"]) == 3
    assert [(v.value, n) for v, n in answer.context["verdicts"]] == [("fading", 1), ("stalled", 1)]


def test_the_email_takes_what_the_person_may_act_on(make_user, viewer, department, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(5, 13))
    cancel(plan, *range(1, 5))
    decision = make_decision(facility)
    make_decision(department=department, text="Kun for afdelingens ledere")
    paused = make_plan(facility, "Svømning", weekdays="1")
    make_pause(paused, TODAY - dt.timedelta(weeks=7))

    def told(user):
        found = worklist.sections(user, TODAY)
        return {
            section.title: [line.path for line in section.lines]
            for section in found
            if section.kind is Kind.NEEDS
        }

    staff = told(make_user(Role.STAFF, facility=facility))
    follow_up = reverse("initiatives:decision-follow-up", args=[decision.meeting_id, decision.pk])
    assert staff[ConcernKind.DECISION.label] == [follow_up]
    assert staff[ConcernKind.PLAN.label] == [reverse("initiatives:rhythm", args=[facility.slug])]
    assert staff[ConcernKind.PAUSE.label] == []
    boss = told(make_user(Role.MANAGER, department=department))
    assert len(boss[ConcernKind.DECISION.label]) == 2
    assert boss[ConcernKind.PAUSE.label] == [paused.get_absolute_url()]
    assert not any(told(viewer).values())
    assert told(make_user()) == {}


def test_a_facility_that_rests_without_a_date_is_one_line(see, manager, facility):
    """Its plans are not told one by one; one whose own pause has an end says nothing."""
    plans = [make_plan(facility, title, weekdays="1") for title in ("Gåtur", "Svømning", "Kor")]
    make_pause(plans[2], TODAY - dt.timedelta(weeks=6), TODAY + dt.timedelta(weeks=1))
    pause_facility(
        facility=facility,
        values={
            "starts_on": TODAY - dt.timedelta(weeks=5),
            "restarts_on": None,
            "reason": "Ombygning",
        },
        submission_id=uuid.uuid4(),
        by=manager,
    )
    [concern], html = see(manager)
    assert str(concern.title) == "Bakkehuset: alt planlagt"
    assert "Ombygning" in concern.text
    assert concern.url == reverse("initiatives:plan", args=[facility.slug])
    assert f'href="{concern.url}"' in html


def test_queries_do_not_grow_with_points(login, path, manager, department, facility):
    def fill():
        plan = make_plan(facility, weekdays="1")
        hold(plan, *range(5, 13))
        cancel(plan, *range(1, 5))
        make_decision(facility)
        make_decision(department=department)
        initiative = make_initiative(department, facility)
        AttentionPoint.objects.create(initiative=initiative, text="Nattero", follow_up_on=DUE)

    fill()
    client = login(manager)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _again in range(10):
        fill()
    with CaptureQueriesContext(connection) as many:
        answer = client.get(path)
    assert len(answer.context["concerns"]) == 44
    assert len(many) == len(few) <= 8


def test_what_nobody_wrote_down_is_registered_before_it_is_called_stalled(
    see, manager, viewer, facility
):
    plan = make_plan(facility, weekdays="12")
    for day in (0, 1):
        for weeks in range(5, 13):
            day_of = MONDAY + dt.timedelta(days=day) - dt.timedelta(weeks=weeks)
            make_activity(facility, plan, day_of)
    cancel(plan, 4)
    make_activity(facility, plan, MONDAY - dt.timedelta(days=27), outcome=Outcome.CANCELLED)
    [concern], html = see(manager)
    assert (concern.word, concern.text) == ("Ved vi ikke", "6 af 8 er ikke registreret.")
    assert concern.url == reverse("initiatives:grid", args=[facility.slug, "2026-W46"])
    assert concern.url in html
    assert "Gået i stå" not in html
    assert not see(viewer)[0][0].may_act


def test_a_plan_that_slips_still_shows_what_is_missing(see, manager, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(6, 13))
    cancel(plan, 2, 3, 4, 5)
    slips, missing = see(manager)[0]
    if slips.about == ConcernKind.LOG:
        slips, missing = missing, slips
    assert (slips.about, missing.about) == (ConcernKind.PLAN, ConcernKind.LOG)
    assert "1 af 4 er ikke registreret" in slips.text


def test_in_the_week_of_a_new_rhythm_what_the_old_one_holds_is_not_missing(see, manager, facility):
    tuesday = MONDAY - dt.timedelta(days=6)
    old = make_plan(facility, weekdays="", times_per_week=3, ends_on=tuesday)
    make_plan(facility, weekdays="4", starts_on=tuesday + dt.timedelta(days=1), replaces=old)
    hold(old, *range(2, 13), *range(2, 13), *range(2, 13))
    hold(old, 1)
    [concern], _html = see(manager)
    assert concern.text.startswith("1 planlagt gang")
    hold(old, 1)
    assert see(manager)[0] == []


def test_where_nobody_came_nothing_was_held(see, manager, facility):
    plan = make_plan(facility, weekdays="1")
    hold(plan, *range(5, 13))
    hold(plan, *range(1, 5), participant_count=0)
    [concern], _html = see(manager)
    assert concern.word == "Gået i stå"
