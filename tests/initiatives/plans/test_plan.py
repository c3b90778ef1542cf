"""The weekly plan: who may change it, what is refused, and that weeks gone by stay as they were."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import InitiativeStatus, Verdict
from initiatives.models import Initiative, PlannedActivity
from initiatives.plans.actions import plans as actions
from initiatives.plans.queries.week_plan import read_week_plan
from initiatives.sustain.expected import expected_in_week
from krams.danish.weeks import Week
from krams.enums import Role
from krams.models import Department, Facility

from ..planning import NOON, TODAY, make_activity, make_pause, make_plan, make_type

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MONDAY = dt.date(2026, 11, 23)


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


@pytest.fixture
def kind():
    return make_type()


def url(name, facility, *args, **query):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args], query=query or None)


def line(kind, **values) -> dict:
    """What the form of a plan sends."""
    sent = {
        "activity_type": kind.pk,
        "title": "",
        "weekdays": ["1", "3"],
        "start_time": "14.00",
        "duration_minutes": "45",
        "responsible_role": "Medarbejder på dagvagt",
        "starts_on": "21.11.2026",
        "submission_id": str(uuid.uuid4()),
        **values,
    }
    return {name: value for name, value in sent.items() if value is not None}


def again(plan, **values) -> dict:
    """What the form of a plan that has run sends when nothing is touched."""
    return {
        "activity_type": plan.activity_type_id,
        "title": plan.title,
        "factors": list(plan.factors),
        "weekdays": list(plan.weekdays),
        "times_per_week": plan.times_per_week or "",
        "start_time": plan.start_time.strftime("%H.%M") if plan.start_time else "",
        "duration_minutes": plan.duration_minutes or "",
        "responsible_role": plan.responsible_role,
        "ends_on": plan.ends_on.strftime("%d.%m.%Y") if plan.ends_on else "",
        "changes_on": "23.11.2026",
        "version": plan.version,
        **values,
    }


def errors(response) -> dict:
    return response.context["form"].errors


# --- Reading ------------------------------------------------------------------------------------


def test_the_week_shows_each_day_with_what_is_planned(desk, facility):
    make_plan(facility, "Svømning", "36", start_time=dt.time(13, 30))
    make_plan(facility, "Morgengåtur", "3", start_time=dt.time(9))
    make_plan(facility, "Aftenro", "", times_per_week=3)
    make_plan(facility, "Afsluttet", "3", ends_on=TODAY - dt.timedelta(weeks=2))
    make_plan(facility, "Kommer senere", "3", starts_on=TODAY + dt.timedelta(weeks=2))
    page = desk.get(url("plan", facility)).context["page"]
    by_day = [[str(s.planned) for s in standings] for _day, standings in page.days()]
    assert by_day == [[], [], ["Morgengåtur", "Svømning"], [], [], ["Svømning"], []]
    assert [str(s.planned) for s in page.weekly] == ["Aftenro"]
    assert [str(s.planned) for s in page.ended] == ["Afsluttet"]
    assert "Kommer senere" in [str(s.planned) for s in page.current]


def test_each_plan_shows_its_verdict_and_its_pause(desk, facility):
    plan = make_plan(facility, "Svømning", "6")
    for back in range(1, 13):
        make_activity(facility, plan, TODAY - dt.timedelta(weeks=back))
    resting = make_plan(facility, "Temaaften", "4")
    make_pause(resting, TODAY - dt.timedelta(days=9), dt.date(2026, 12, 1), "Lokalet males")
    response = desk.get(url("plan", facility))
    verdicts = {
        str(s.planned): s.strip.assessment.verdict for s in response.context["page"].current
    }
    assert verdicts == {"Svømning": Verdict.HOLDING, "Temaaften": Verdict.PAUSED}
    html = response.content.decode()
    assert "Lokalet males" in html
    assert "Starter igen 01.12.2026" in html


def test_staff_and_viewers_read_the_plan_and_cannot_change_it(login, make_user, facility):
    plan = make_plan(facility)
    pause = make_pause(plan, TODAY)
    changes = [
        url("plan-add", facility),
        url("plan-copy", facility),
        url("plan-edit", facility, plan.pk),
        url("plan-end", facility, plan.pk),
        url("plan-pause", facility, plan.pk),
        url("pause-edit", facility, plan.pk, pause.pk),
        url("plan-restart", facility, plan.pk, pause.pk),
    ]
    for role in (Role.STAFF, Role.VIEWER):
        client = login(make_user(role, facility=facility))
        page = client.get(url("plan", facility))
        assert page.status_code == 200
        assert not any(change in page.content.decode() for change in changes)
        assert client.get(url("plan-factors", facility), headers=HTMX).status_code == 403
        for change in changes:
            assert client.post(change, again(plan)).status_code == 403, change
            assert client.post(change, again(plan), headers=HTMX).status_code == 403, change
    plan.refresh_from_db()
    assert plan.version == 1


def test_the_plan_of_another_facility_is_not_there(desk, facility, other_facility):
    theirs = make_plan(other_facility)
    pause = make_pause(theirs, TODAY)
    for path in (
        url("plan", other_facility),
        url("plan-add", other_facility),
        url("plan-edit", other_facility, theirs.pk),
        url("plan-edit", facility, theirs.pk),
        url("plan-end", facility, theirs.pk),
        url("plan-pause", facility, theirs.pk),
        url("pause-edit", facility, make_plan(facility).pk, pause.pk),
    ):
        assert desk.get(path).status_code == 404, path
        assert desk.post(path, {}).status_code in (404, 405), path


def test_a_manager_elsewhere_may_not_write_by_the_action_either(
    make_user, facility, other_facility
):
    stranger = make_user(Role.MANAGER, facility=other_facility)
    plan = make_plan(facility)
    with pytest.raises(Facility.DoesNotExist):
        actions.add_plan(facility=facility, values={}, submission_id=uuid.uuid4(), by=stranger)
    with pytest.raises(PlannedActivity.DoesNotExist):
        actions.end_plan(planned=plan, version=1, ends_on=TODAY, by=stranger)


@pytest.mark.parametrize("name", ["plan", "plan-edit"])
def test_queries_do_not_grow_with_the_plan(desk, facility, kind, name):
    plan = make_plan(facility, activity_type=kind)
    path = url(name, facility, *([plan.pk] if name == "plan-edit" else []))

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        return len(queries)

    one = count()
    for number in range(200):
        more = make_plan(facility, f"Plan {number}", str(number % 7 + 1), activity_type=kind)
        if number < 30:
            make_pause(more, TODAY)
            make_activity(facility, more)
    assert count() == one <= 8


# --- Adding -------------------------------------------------------------------------------------


def test_a_line_is_added_with_the_factors_of_its_type(desk, facility, manager):
    kind = make_type("Sanserum", "MS")
    response = desk.post(url("plan-add", facility), line(kind))
    plan = facility.planned_activities.get()
    assert response.status_code == 302
    assert response.url == f"{url('plan', facility)}#plan-{plan.pk}"
    assert (str(plan), plan.factors, plan.weekdays) == ("Sanserum", "MS", "13")
    assert (plan.start_time, plan.duration_minutes) == (dt.time(14), 45)
    assert plan.history.get().history_user == manager


def test_times_a_week_instead_of_days(desk, facility, kind):
    sent = line(kind, weekdays=None, start_time="", times_per_week="3", factors=["S", "K"])
    assert desk.post(url("plan-add", facility), sent, headers=HTMX).status_code == 200
    plan = facility.planned_activities.get()
    assert (plan.weekdays, plan.times_per_week, plan.factors) == ("", 3, "KS")


def test_the_answer_to_htmx_is_the_whole_plan_with_the_line_in_focus(desk, facility, kind):
    response = desk.post(url("plan-add", facility), line(kind), headers=HTMX)
    html = response.content.decode()
    assert response.headers["HX-Retarget"] == "#ugeplan"
    assert html.lstrip().startswith('<div id="ugeplan"')
    assert html.count("data-focus") == 1
    assert 'id="messages"' in html


def test_the_same_line_sent_twice_is_added_once(desk, facility, kind):
    sent = line(kind)
    for _time in range(2):
        assert desk.post(url("plan-add", facility), sent).status_code == 302
    assert facility.planned_activities.count() == 1


LONG = "x" * 300


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"weekdays": None}, "weekdays"),
        ({"times_per_week": "2"}, "times_per_week"),
        ({"weekdays": ["8"]}, "weekdays"),
        ({"weekdays": None, "times_per_week": "0"}, "times_per_week"),
        ({"weekdays": None, "times_per_week": "36"}, "times_per_week"),
        ({"weekdays": None, "times_per_week": "1.5"}, "times_per_week"),
        ({"weekdays": None, "times_per_week": "2"}, "start_time"),
        ({"title": LONG}, "title"),
        ({"title": "Tur\x00"}, "title"),
        ({"title": "Besøg 010190-1234"}, "title"),
        ({"title": "To\nlinjer"}, "title"),
        ({"responsible_role": LONG}, "responsible_role"),
        ({"activity_type": None}, "activity_type"),
        ({"activity_type": "999999"}, "activity_type"),
        ({"activity_type": "abc"}, "activity_type"),
        ({"factors": ["X"]}, "factors"),
        ({"initiative": "999999"}, "initiative"),
        ({"start_time": "25.00"}, "start_time"),
        ({"duration_minutes": "0"}, "duration_minutes"),
        ({"duration_minutes": str(10**12)}, "duration_minutes"),
        ({"starts_on": "31-02-2026"}, "starts_on"),
        ({"starts_on": "01.01.0001"}, "starts_on"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": "20.11.2026"}, "ends_on"),
        ({"submission_id": "abc"}, "submission_id"),
        ({"submission_id": None}, "submission_id"),
    ],
)
def test_bad_input_is_pointed_at_and_nothing_typed_is_lost(desk, facility, kind, values, field):
    sent = line(kind, **values)
    for headers in ({}, HTMX):
        response = desk.post(url("plan-add", facility), sent, headers=headers)
        assert response.status_code == 422
        assert field in errors(response)
        assert "Medarbejder på dagvagt" in response.content.decode() or field == "responsible_role"
    assert not facility.planned_activities.exists()


@pytest.mark.parametrize("title", ["🏊 Svømning", "‏שחייה‏", "Løb & leg <b>ude</b>", "Å" * 120])
def test_titles_in_any_script_are_kept_as_they_are(desk, facility, kind, title):
    desk.post(url("plan-add", facility), line(kind, title=title))
    assert facility.planned_activities.get().title == title
    assert "<b>ude" not in desk.get(url("plan", facility)).content.decode()


def test_a_title_of_spaces_means_the_name_of_the_type(desk, facility, kind):
    desk.post(url("plan-add", facility), line(kind, title="   "))
    plan = facility.planned_activities.get()
    assert (plan.title, str(plan)) == ("", kind.name)


def test_only_initiatives_of_the_facility_or_its_department_are_offered(desk, facility, kind):
    department = facility.department
    neighbour = Facility.objects.create(department=department, name="Nabo", slug="nabo")
    elsewhere = Department.objects.create(
        municipality=department.municipality, name="Ældre", slug="aeldre"
    )

    def initiative(title, **values):
        return Initiative.objects.create(**{"department": department, "title": title} | values)

    initiative("Fælles")
    joined = initiative("Naboens, med os", facility=neighbour)
    joined.facilities.add(facility, neighbour)
    initiative("Vores egen", facility=facility).facilities.add(facility)
    theirs = initiative("Naboens", facility=neighbour)
    initiative("Slut", status=InitiativeStatus.ENDED)
    initiative("Andre", department=elsewhere)
    form = desk.get(url("plan-add", facility)).context["form"]
    offered = [label for value, label in form.fields["initiative"].choices if value]
    assert sorted(offered) == ["Fælles", "Naboens, med os", "Vores egen"]
    refused = desk.post(url("plan-add", facility), line(kind, initiative=theirs.pk))
    assert "initiative" in errors(refused)
    desk.post(url("plan-add", facility), line(kind, initiative=joined.pk))
    assert facility.planned_activities.get().initiative == joined


def test_choosing_a_type_ticks_its_factors(desk, facility):
    kind = make_type("Sanserum", "MS")
    html = desk.get(
        url("plan-factors", facility, activity_type=kind.pk), headers=HTMX
    ).content.decode()
    assert [letter for letter in "KRAMS" if f'value="{letter}" checked' in html] == []
    ticked = [part.split('value="')[1][0] for part in html.split("<input")[1:] if "checked" in part]
    assert ticked == ["M", "S"]
    assert (
        desk.get(url("plan-factors", facility, activity_type="x"), headers=HTMX).status_code == 200
    )
    assert desk.get(url("plan-factors", facility)).status_code == 302


# --- Editing ------------------------------------------------------------------------------------


def test_name_time_and_role_are_edited_in_place(desk, facility, manager):
    plan = make_plan(facility, "Svømning", "6", start_time=dt.time(13))
    values = again(plan, title="Svømmetur", start_time="13:30", responsible_role="Livredder")
    assert desk.post(url("plan-edit", facility, plan.pk), values).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.start_time) == ("Svømmetur", dt.time(13, 30))
    assert (plan.version, plan.ends_on) == (2, None)
    assert plan.history.first().history_user == manager
    assert facility.planned_activities.count() == 1


def test_a_new_rhythm_leaves_what_earlier_weeks_expected(desk, facility):
    plan = make_plan(facility, "Svømning", "6")
    weeks = [Week.of(TODAY) - back for back in range(1, 13)]
    for week in weeks:
        make_activity(facility, plan, week.days[5])
    before = read_week_plan(facility, TODAY).standings[0].strip.cells[:-1]
    desk.post(url("plan-edit", facility, plan.pk), again(plan, weekdays=["1", "3", "6"]))
    old, new = facility.planned_activities.order_by("pk")
    assert (old.weekdays, old.ends_on) == ("6", dt.date(2026, 11, 22))
    assert (new.weekdays, new.starts_on, new.replaces) == ("136", MONDAY, old)
    assert [expected_in_week(old.as_plan(), week) for week in weeks] == [1] * 12
    page = read_week_plan(facility, TODAY)
    standing = next(s for s in page.standings if s.planned == new)
    assert standing.strip.cells[:-1] == before
    assert standing.strip.assessment.verdict == Verdict.HOLDING
    later = read_week_plan(facility, MONDAY + dt.timedelta(weeks=1))
    [row] = later.current
    assert (row.planned, row.before, later.ended) == (new, old, [])


def test_registrations_and_pauses_go_along_with_the_new_rhythm(facility, manager):
    plan = make_plan(facility, "Svømning", "6")
    done = make_activity(facility, plan, TODAY)
    earlier = make_activity(facility, plan, TODAY - dt.timedelta(weeks=1))
    open_pause = make_pause(plan, TODAY - dt.timedelta(days=3), None, "Ferie")
    values = {"weekdays": "56", "times_per_week": None}
    new = actions.edit_plan(planned=plan, version=1, values=values, changes_on=TODAY, by=manager)
    for activity in (done, earlier):
        activity.refresh_from_db()
    assert (done.planned_activity, earlier.planned_activity) == (new, plan)
    open_pause.refresh_from_db()
    [rest] = new.pauses.all()
    assert (open_pause.restarts_on, rest.starts_on, rest.restarts_on) == (TODAY, TODAY, None)
    # Never earlier than today, whatever the caller says.
    values = {"weekdays": "", "times_per_week": 2}
    fresh = make_plan(facility, "Gymnastik", "1")
    long_ago = TODAY - dt.timedelta(weeks=10)
    changed = actions.edit_plan(
        planned=fresh, version=1, values=values, changes_on=long_ago, by=manager
    )
    assert changed.starts_on == TODAY


def test_a_plan_that_has_not_run_gets_its_new_rhythm_in_place(desk, facility):
    plan = make_plan(facility, "Svømning", "6", starts_on=MONDAY)
    values = again(plan, weekdays=["2"], starts_on="24.11.2026")
    desk.post(url("plan-edit", facility, plan.pk), values)
    plan = facility.planned_activities.get()
    assert (plan.weekdays, plan.starts_on) == ("2", dt.date(2026, 11, 24))


@pytest.mark.parametrize("day", ["20.11.2026", "", "31.02.2027"])
def test_a_new_rhythm_needs_a_day_to_go_from(desk, facility, day):
    plan = make_plan(facility, "Svømning", "6")
    path = url("plan-edit", facility, plan.pk)
    response = desk.post(path, again(plan, weekdays=["2"], changes_on=day))
    assert response.status_code == 422
    assert list(errors(response)) == ["changes_on"]
    # Without a new rhythm the day means nothing.
    assert desk.post(path, again(plan, title="Andet", changes_on=day)).status_code == 302


def test_the_start_of_a_plan_that_has_run_cannot_be_moved(desk, facility):
    plan = make_plan(facility, "Svømning", "6")
    desk.post(url("plan-edit", facility, plan.pk), again(plan, starts_on="01.01.2020", title="Ny"))
    began = plan.starts_on
    plan.refresh_from_db()
    assert (plan.title, plan.starts_on) == ("Ny", began)


def test_a_stale_save_shows_both_and_loses_nothing(desk, facility, manager):
    plan = make_plan(facility, "Svømning", "6")
    stale = again(plan, title="Mit navn")
    desk.post(url("plan-edit", facility, plan.pk), again(plan, title="Deres navn"))
    for headers in ({}, HTMX):
        response = desk.post(url("plan-edit", facility, plan.pk), stale, headers=headers)
        assert response.status_code == 409
        html = response.content.decode()
        assert "Deres navn" in html
        assert 'value="Mit navn"' in html
        assert str(manager) in html
    [difference] = response.context["differences"]
    assert (difference.theirs, difference.mine) == ("Deres navn", "Mit navn")
    assert response.context["form"].data["version"] == 2
    plan.refresh_from_db()
    assert plan.title == "Deres navn"
    desk.post(url("plan-edit", facility, plan.pk), stale | {"version": 2})
    plan.refresh_from_db()
    assert plan.title == "Mit navn"


def test_a_rhythm_that_was_changed_meanwhile_is_a_conflict_too(desk, facility):
    plan = make_plan(facility, "Svømning", "6")
    path = url("plan-edit", facility, plan.pk)
    desk.post(path, again(plan, weekdays=["1"]))
    response = desk.post(path, again(plan, weekdays=["2"]))
    assert response.status_code == 409
    new = plan.replacement
    assert response.context["planned"] == new
    assert [d.theirs for d in response.context["differences"]] == ["Mandag"]
    assert facility.planned_activities.count() == 2
    assert desk.get(path).url == url("plan-edit", facility, new.pk)


@pytest.mark.parametrize(("language", "day"), [("da", "23.11.2026"), ("en", "23 Nov 2026")])
def test_a_date_that_a_conflict_adds_is_written_as_the_language_has_it(
    desk, facility, language, day
):
    plan = make_plan(facility, "Svømning", "6")
    path = url("plan-edit", facility, plan.pk)
    desk.post(path, again(plan, weekdays=["1"]))
    desk.cookies["django_language"] = language
    # The new rhythm has not begun: its form has a first day, which the old one had not.
    response = desk.post(path, again(plan, weekdays=["2"]))
    assert response.context["form"]["starts_on"].value() == day


@pytest.mark.parametrize("change", [{"title": "Andet"}, {"weekdays": ["1"]}])
def test_the_same_save_twice_is_no_conflict(desk, facility, change):
    plan = make_plan(facility, "Svømning", "6")
    values = again(plan, **change)
    for _time in range(2):
        assert desk.post(url("plan-edit", facility, plan.pk), values).status_code == 302
    assert facility.planned_activities.count() == (2 if "weekdays" in change else 1)


@pytest.mark.parametrize("version", [None, "abc", str(10**30), "-1"])
def test_a_version_that_is_none_is_refused(desk, facility, version):
    plan = make_plan(facility)
    values = again(plan, title="Andet", version=version)
    values = {name: value for name, value in values.items() if value is not None}
    response = desk.post(url("plan-edit", facility, plan.pk), values)
    assert response.status_code == 422
    assert "version" in errors(response)
    assert 'value="Andet"' in response.content.decode()


# --- Ending -------------------------------------------------------------------------------------


def test_an_ended_plan_is_folded_away_and_can_begin_again(desk, facility):
    plan = make_plan(facility, "Svømning", "6")
    response = desk.post(
        url("plan-end", facility, plan.pk), {"ends_on": "20.11.2026", "version": 1}
    )
    assert response.status_code == 302
    page = desk.get(url("plan", facility)).context["page"]
    assert ([str(s.planned) for s in page.ended], page.current) == (["Svømning"], [])
    form = desk.get(url("plan-add", facility, fra=plan.pk)).context["form"]
    assert (form["title"].value(), form["weekdays"].value()) == ("Svømning", [6])
    assert form["starts_on"].value() == TODAY
    plan.refresh_from_db()
    reopened = desk.post(url("plan-edit", facility, plan.pk), again(plan, ends_on=""))
    assert "ends_on" in errors(reopened)


def test_a_plan_cannot_end_before_it_began_or_before_its_last_registration(desk, facility):
    plan = make_plan(facility, starts_on=TODAY - dt.timedelta(days=9))
    make_activity(facility, plan, TODAY)
    path = url("plan-end", facility, plan.pk)
    for day in ("01.11.2026", "20.11.2026", "", "31-02-2026", "01.01.0001"):
        response = desk.post(path, {"ends_on": day, "version": 1})
        assert response.status_code == 422
        assert "ends_on" in errors(response)
    assert desk.post(path, {"ends_on": "21.11.2026", "version": 1}).status_code == 302
    assert desk.post(path, {"ends_on": "21.11.2026", "version": 1}).status_code == 302
    assert desk.post(path, {"ends_on": "22.11.2026", "version": 1}).status_code == 409
