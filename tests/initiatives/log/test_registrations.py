"""A registration corrected, removed and brought back."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import Outcome
from initiatives.log.actions import registrations as actions
from initiatives.log.forms.registrations import CorrectionForm
from initiatives.models import Activity, ActivityType
from krams.enums import Role

from ..planning import NOON, YESTERDAY, make_activity, make_plan, make_type
from .test_today import HTMX, address, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def office(login, staff):
    return login(staff)


def log(facility, **query):
    return address("log", facility.slug, **query)


def titles(response) -> list[str]:
    return [row.title for row in response.context["activities"]]


def correction(activity, **values) -> dict:
    return {
        "activity_type": activity.activity_type_id,
        "outcome": "held",
        "participant_count": "8",
        "duration_minutes": "30",
        "held_on": activity.held_on.strftime("%d.%m.%Y"),
        "started_at": "",
        "note": "",
        "version": activity.version,
        **values,
    }


# --- Correct ------------------------------------------------------------------------------------


def test_a_correction_in_the_row(office, facility):
    activity = make_activity(facility)
    edit = address("activity-edit", facility.slug, activity.pk, vis="log")
    form = office.get(edit, headers=HTMX).content.decode()
    assert form.lstrip().startswith(f'<li id="r-{activity.pk}">')
    assert reverse("history", args=["registrering", activity.pk]) in form
    answer = office.post(edit, correction(activity, note="Talt igen"), headers=HTMX)
    html = answer.content.decode()
    assert "8 deltagere" in text(answer)
    assert "Talt igen" in text(answer)
    assert '#messages"><p class="vh">Gåtur: gennemført, 8 deltagere</p>' in html
    assert 'hx-swap-oob="innerHTML:#holds"' not in html
    history = text(office.get(reverse("history", args=["registrering", activity.pk])))
    assert "Talt igen" in history


def test_a_correction_on_its_own_page_leads_back(office, facility):
    activity = make_activity(facility)
    plain = address("activity-edit", facility.slug, activity.pk)
    assert "<h1>Ret Gåtur</h1>" in office.get(plain).content.decode()
    moved = office.post(plain, correction(activity, held_on="20.11.2026", started_at="14.30"))
    activity.refresh_from_db()
    assert (activity.held_on, activity.started_at) == (YESTERDAY, dt.time(14, 30))
    assert moved.url == f"{address('today', facility.slug, dag='2026-11-20')}#r-{activity.pk}"
    from_log = address("activity-edit", facility.slug, activity.pk, vis="log")
    back = office.post(from_log, correction(activity))
    assert back.url == f"{log(facility)}#r-{activity.pk}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", ""),
        ("outcome", "vundet"),
        ("participant_count", "-1"),
        ("participant_count", "1.5"),
        ("participant_count", "1" + "0" * 12),
        ("participant_count", ""),
        ("duration_minutes", "0"),
        ("duration_minutes", "1" + "0" * 12),
        ("held_on", "22.11.2026"),
        ("held_on", "31-02-2026"),
        ("held_on", "01.01.0001"),
        ("held_on", ""),
        ("started_at", "25.00"),
        ("started_at", "1e400"),
        ("note", "nul\x00tegn"),
        ("note", "010190-1234"),
        ("note", "x" * 1001),
        ("version", ""),
        ("version", "abc"),
        ("version", "1" + "0" * 30),
        ("version", "-1"),
    ],
)
def test_a_wrong_correction_is_refused_and_kept(office, facility, field, value):
    activity = make_activity(facility)
    edit = address("activity-edit", facility.slug, activity.pk)
    sent = {"note": "Skrevet med omhu"} | correction(activity, note="Skrevet med omhu")
    for headers in (HTMX, {}):
        answer = office.post(edit, sent | {field: value}, headers=headers)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        if field != "note":
            assert "Skrevet med omhu" in answer.content.decode()
    activity.refresh_from_db()
    assert activity.version == 1


def test_a_stale_correction_shows_both_and_may_be_sent_again(office, facility, staff):
    activity = make_activity(facility)
    edit = address("activity-edit", facility.slug, activity.pk)
    sent = correction(activity, note="Min bemærkning")
    actions.correct_activity(
        activity=activity, version=1, values={"participant_count": 11}, by=staff
    )
    for headers in (HTMX, {}):
        answer = office.post(edit, sent, headers=headers)
        assert answer.status_code == 409
        assert "gennemført, 11 deltagere" in text(answer)
        assert staff.name in text(answer)
        assert "Min bemærkning" in answer.content.decode()
        assert answer.context["form"]["version"].value() == 2
    assert office.post(edit, sent | {"version": 2}).status_code == 302
    activity.refresh_from_db()
    assert (activity.participant_count, activity.note) == (8, "Min bemærkning")


def test_a_correction_of_a_removed_row_offers_to_bring_it_back(office, facility, staff):
    activity = make_activity(facility)
    edit = address("activity-edit", facility.slug, activity.pk)
    actions.remove_activity(activity=activity, by=staff)
    answer = office.post(edit, correction(activity, note="Min bemærkning"))
    assert answer.status_code == 409
    assert "er fjernet" in text(answer)
    assert "Min bemærkning" in answer.content.decode()


def test_a_correction_onto_a_registered_day_is_refused_at_the_date(office, facility):
    plan = make_plan(facility)
    make_activity(facility, plan, held_on=YESTERDAY)
    moved = make_activity(facility, plan)
    edit = address("activity-edit", facility.slug, moved.pk)
    answer = office.post(edit, correction(moved, held_on="20.11.2026"))
    assert answer.status_code == 409
    assert "allerede registreret" in str(answer.context["form"].errors["held_on"])


def test_what_was_registered_as_the_wrong_activity_becomes_the_right_one(office, facility):
    activity = make_activity(facility)
    swim = make_type("Svømning", "MS")
    edit = address("activity-edit", facility.slug, activity.pk, vis="log")
    form = office.get(edit, headers=HTMX).content.decode()
    assert f'<option value="{activity.activity_type_id}" selected>Gåtur</option>' in form
    answer = office.post(edit, correction(activity, activity_type=swim.pk), headers=HTMX)
    assert "Svømning" in text(answer)
    activity.refresh_from_db()
    assert (activity.activity_type, activity.title, activity.factors) == (swim, "Svømning", "MS")
    history = text(office.get(reverse("history", args=["registrering", activity.pk])))
    assert "Gåtur" in history
    assert "Svømning" in history


def test_the_same_type_keeps_the_words_of_the_day(office, facility):
    """The list may have changed since: that rewrites nothing."""
    activity = make_activity(facility, title="Gåtur i skoven", factors="MS")
    edit = address("activity-edit", facility.slug, activity.pk)
    assert office.post(edit, correction(activity)).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.factors) == ("Gåtur i skoven", "MS")


def test_a_type_that_is_no_longer_offered_can_stay_but_not_be_chosen(office, facility):
    make_type("Svømning")
    old = make_type("Cykling", retired=True)
    activity = make_activity(facility, activity_type=old, title="Cykling")
    edit = address("activity-edit", facility.slug, activity.pk)
    assert office.post(edit, correction(activity)).status_code == 302
    other = make_activity(facility)
    edit = address("activity-edit", facility.slug, other.pk)
    for kind in (old.pk, 10**9, "x", ""):
        answer = office.post(edit, correction(other, activity_type=kind))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["activity_type"]


def test_what_came_from_a_plan_keeps_the_type_of_the_plan(office, facility):
    activity = make_activity(facility, make_plan(facility))
    swim = make_type("Svømning", "MS")
    edit = address("activity-edit", facility.slug, activity.pk)
    page = office.get(edit)
    assert "activity_type" not in page.context["form"].fields
    assert "fra ugeplanen" in text(page)
    assert office.post(edit, correction(activity, activity_type=swim.pk)).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.activity_type) == ("Fælles gåtur", make_type())


# --- Remove and bring back ----------------------------------------------------------------------


def test_remove_and_undo_in_the_row(office, facility):
    activity = make_activity(facility)
    query = {"vis": "log"}
    remove = address("activity-remove", facility.slug, activity.pk, **query)
    removed = office.post(remove, headers=HTMX)
    assert "Gåtur er fjernet." in text(removed)
    assert "data-focus" in removed.content.decode()
    restore = address("activity-restore", facility.slug, activity.pk, **query)
    assert "5 deltagere" in text(office.post(restore, headers=HTMX))
    assert Activity.objects.standing().count() == 1


def test_remove_and_undo_without_javascript(office, facility):
    activity = make_activity(facility)
    remove = address("activity-remove", facility.slug, activity.pk, vis="log")
    answer = office.post(remove)
    assert answer.url == f"{log(facility, fjernet=activity.pk)}#r-{activity.pk}"
    page = office.get(answer.url)
    assert "Gåtur er fjernet." in text(page)
    assert "0 registreringer" in text(page)
    back = office.post(address("activity-restore", facility.slug, activity.pk, vis="log"))
    assert back.url == f"{log(facility)}#r-{activity.pk}"
    assert titles(office.get(back.url)) == ["Gåtur"]


def test_bringing_back_what_was_registered_anew_is_refused(office, facility, staff):
    plan = make_plan(facility)
    first = make_activity(facility, plan)
    actions.remove_activity(activity=first, by=staff)
    make_activity(facility, plan)
    restore = address("activity-restore", facility.slug, first.pk)
    for headers in (HTMX, {}):
        answer = office.post(restore, headers=headers)
        assert answer.status_code == 409
        assert "allerede registreret" in text(answer)


@pytest.mark.parametrize("pk", ["x", "-1", "0", "1" + "0" * 30])
def test_a_removed_row_that_is_none_of_ours_is_not_shown(office, facility, other_facility, pk):
    theirs = make_activity(other_facility, removed_at=NOON)
    for number in (pk, theirs.pk):
        assert office.get(log(facility, fjernet=number)).context["removed"] is None
        assert office.get(address("today", facility.slug, fjernet=number)).status_code == 200


def test_one_row_by_itself(office, facility):
    activity = make_activity(facility)
    row = address("activity", facility.slug, activity.pk)
    assert office.get(row, headers=HTMX).content.decode().lstrip().startswith("<li id=")
    assert office.get(row).url == f"{address('today', facility.slug)}#r-{activity.pk}"


@pytest.mark.parametrize("name", ["activity-remove", "activity-restore", "register"])
def test_what_writes_is_never_a_link(office, facility, name):
    keys = [] if name == "register" else [make_activity(facility).pk]
    assert office.get(address(name, facility.slug, *keys)).status_code == 405


def test_the_log_costs_the_same_with_many_rows(office, facility, make_user):
    def cost(**query):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(log(facility, **query)).status_code == 200
        return len(queries)

    make_activity(facility, registered_by=make_user())
    one, narrowed = cost(), cost(faktor="m", rolle="staff")
    for number in range(60):
        kind = make_type(f"Type {number % 7}")
        make_activity(facility, activity_type=kind, registered_by=make_user())
    assert cost() == one <= 8
    # One more where a filter has found less than a page.
    assert cost(faktor="m", rolle="staff") == narrowed == one + 1


def test_ten_thousand_rows_ask_no_more_than_ten(facility, office):
    """The page is cut in the database, so a year's log opens as fast as a day's."""
    walk = ActivityType.objects.create(name="Gåtur i skoven", factors="M")
    first = dt.date(2020, 1, 1)

    def add(count: int) -> None:
        Activity.objects.bulk_create(
            Activity(
                facility=facility,
                activity_type=walk,
                title="Gåtur",
                factors="M",
                held_on=first + dt.timedelta(days=number % 2000),
                outcome=Outcome.HELD,
                participant_count=5,
            )
            for number in range(count)
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(log(facility)).status_code == 200
        return len(captured)

    add(10)
    few = queries()
    add(9_990)
    assert queries() == few
    assert few <= 8


def test_held_after_all_is_suggested_with_the_minutes_it_had(office, facility):
    plan = make_plan(facility, duration_minutes=40)
    cancelled = make_activity(facility, plan, outcome="cancelled")
    assert CorrectionForm.initial_of(cancelled)["duration_minutes"] == 40
    held = make_activity(facility, duration_minutes=25, participant_count=7)
    edit = reverse("initiatives:activity-edit", args=[facility.slug, held.pk])
    away = correction(held, outcome="cancelled", cancellation_reason="weather")
    assert office.post(edit, away).status_code == 302
    held.refresh_from_db()
    initial = CorrectionForm.initial_of(held)
    assert (initial["duration_minutes"], initial["participant_count"]) == (25, 7)
    html = office.get(edit).content.decode()
    assert 'value="25"' in html
    back = correction(held, outcome="held", duration_minutes="25", participant_count="7")
    assert office.post(edit, back).status_code == 302
    held.refresh_from_db()
    assert CorrectionForm.initial_of(held)["cancellation_reason"] == "weather"
