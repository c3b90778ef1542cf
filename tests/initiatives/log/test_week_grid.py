"""The week grid: what stands in it, what a cell may hold, and that nothing is saved wrongly."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import CancellationReason, Outcome
from initiatives.log.actions import registrations as log_actions
from initiatives.log.queries.week_grid import read_grid
from initiatives.log.week_grid import Base, Registered, Said, Shut, build
from initiatives.models import Activity
from initiatives.sustain.expected import Plan
from krams.danish.weeks import Week
from krams.enums import Role

from ..planning import NOON, TODAY, make_activity, make_pause, make_plan

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WEEK = Week.of(TODAY)
MONDAY = WEEK.monday
EVERY_DAY = "1234567"


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def desk(login, staff):
    return login(staff)


def url(facility, week=WEEK):
    return reverse("initiatives:grid", args=[facility.slug, str(week)])


def fields(response) -> dict:
    """Everything that a browser would send with the form as it stands."""
    html = response.content.decode()
    form = html[html.index('<form class="wg-form"') :]
    form = form[: form.index("</form>")]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if not re.search('type="(radio|checkbox)"', tag) or "checked" in tag:
            sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def agreed(response) -> dict:
    """The same, with "yes" to every question."""
    yes = re.findall(r'<input type="checkbox" name="([^"]*)" value="([^"]*)"', page_of(response))
    return fields(response) | {name: value for name, value in yes}


def undoing(response) -> list[str]:
    """What the button "Undo" sends."""
    return re.findall(r'name="row" value="([^"]*)"', page_of(response))


def page_of(response) -> str:
    return response.content.decode()


def cell(plan, day: int) -> str:
    return f"{plan.pk}-{day}"


def log() -> list[tuple]:
    rows = Activity.objects.standing().order_by("held_on", "pk")
    return [
        (row.held_on.isoweekday(), row.participant_count, row.cancellation_reason) for row in rows
    ]


# --- What stands in it --------------------------------------------------------------------------


def test_plans_by_days_with_what_is_registered(desk, facility):
    plan = make_plan(facility, "Svømning", "135", start_time=dt.time(13))
    any_day = make_plan(facility, "Aftenro", "", times_per_week=2)
    make_plan(facility, "Slut", "1", ends_on=MONDAY - dt.timedelta(days=1))
    make_plan(facility, "Senere", "1", starts_on=MONDAY + dt.timedelta(days=7))
    make_activity(facility, plan, MONDAY, participant_count=4)
    make_activity(facility, plan, MONDAY + dt.timedelta(days=2), outcome=Outcome.CANCELLED)
    page = desk.get(url(facility))
    grid = page.context["grid"]
    assert [str(row.planned) for row in grid.rows] == ["Svømning", "Aftenro"]
    swim, calm = grid.rows
    assert [c.planned for c in swim.cells] == [True, False, True, False, True, False, False]
    assert all(c.possible for c in calm.cells)
    assert [c.text for c in swim.cells] == ["4", "", "A", "", "", "", ""]
    assert swim.cells[2].reason == CancellationReason.STAFFING
    assert (swim.held, swim.expected, grid.missing) == (1, 3, 1)
    sent = fields(page)
    assert sent[f"c{cell(plan, 1)}"] == "4"
    assert sent[f"r{cell(plan, 3)}"] == "staffing"
    assert f"c{cell(any_day, 6)}" in sent
    assert f"c{cell(any_day, 7)}" not in sent  # Sunday has not been yet


def test_days_without_the_plan_are_shut_and_paused_days_are_not(facility):
    wednesday = WEEK.days[2]
    plan = make_plan(facility, "Ny", EVERY_DAY, starts_on=WEEK.days[1])
    make_pause(plan, wednesday, WEEK.days[4])
    twice = make_plan(facility, "To gange", "", times_per_week=9)
    for _time in range(2):
        make_activity(facility, twice, MONDAY)
    new, two = read_grid(facility, WEEK, TODAY).rows
    assert [c.shut for c in new.cells] == [Shut.NOT_RUNNING, *[None] * 5, Shut.FUTURE]
    assert [c.paused for c in new.cells] == [False, False, True, True, False, False, False]
    assert [c.planned for c in new.cells] == [False, True, False, False, True, True, True]
    assert two.cells[0].shut == Shut.SEVERAL


def test_a_registration_of_a_plan_that_has_ended_still_stands_in_its_week(facility):
    plan = make_plan(facility, "Slut", "1", ends_on=MONDAY - dt.timedelta(days=5))
    make_activity(facility, plan, MONDAY)
    [row] = read_grid(facility, WEEK, TODAY).rows
    assert [c.text for c in row.cells] == ["5", "", "", "", "", "", ""]


def test_nothing_can_be_held_after_a_facility_has_closed(facility):
    facility.closed_on = WEEK.days[2]
    facility.save()
    make_plan(facility, "Tur", EVERY_DAY)
    [row] = read_grid(facility, WEEK, TODAY).rows
    assert [c.shut for c in row.cells] == [*[None] * 3, *[Shut.CLOSED] * 3, Shut.FUTURE]


@pytest.mark.parametrize(
    ("today", "week", "before", "after"),
    [
        (dt.date(2026, 11, 21), "2026-W47", "2026-W46", None),
        (dt.date(2027, 1, 13), "2026-W53", "2026-W52", "2027-W01"),
        (dt.date(2027, 1, 13), "2027-W01", "2026-W53", "2027-W02"),
        (dt.date(2027, 1, 3), "2026-W53", "2026-W52", None),
    ],
)
def test_weeks_beside_it_also_at_new_year(today, week, before, after):
    grid = build(Week.parse(week), today, [], {})
    assert str(grid.before) == before
    assert (str(grid.after) if grid.after else None) == after


@pytest.mark.parametrize(
    ("now", "week"),
    [
        # The clock goes back on Sunday 25 October 2026 and forward on Sunday 28 March 2027.
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "2026-W43"),
        (dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC), "2027-W12"),
        (dt.datetime(2026, 10, 24, 22, 30, tzinfo=dt.UTC), "2026-W43"),
        # The last and the first night of the year.
        (dt.datetime(2027, 1, 1, 0, 30, tzinfo=dt.UTC), "2026-W53"),
    ],
)
def test_a_week_with_an_odd_night_has_seven_days_and_saves_its_last(
    login, staff, facility, now, week
):
    week = Week.parse(week)
    with time_machine.travel(now, tick=False):
        client = login(staff)
        plan = make_plan(facility, "Tur", EVERY_DAY, starts_on=dt.date(2026, 1, 1))
        response = client.get(url(facility, week))
        assert [c.day for c in response.context["grid"].rows[0].cells] == list(week.days)
        today = response.context["grid"].today
        sent = fields(response) | {f"c{cell(plan, today.isoweekday())}": "3"}
        assert client.post(url(facility, week), sent).status_code == 302
        assert log() == [(today.isoweekday(), 3, "")]
        redirected = client.get(reverse("initiatives:this-week", args=[facility.slug]))
        assert redirected.url == url(facility, week)


@pytest.mark.parametrize(
    "week", ["2026-W54", "2025-W53", "2026-W00", "2026-w47", "26-W47", "x", "2026-W48", "1900-W01"]
)
def test_weeks_that_are_none_or_have_not_begun(desk, facility, week):
    path = reverse("initiatives:grid", args=[facility.slug, week])
    assert desk.get(path).status_code == 404
    assert desk.post(path, {}).status_code == 404


def test_only_who_may_register_has_the_grid(login, make_user, facility, other_facility):
    viewer = login(make_user(Role.VIEWER, facility=facility))
    assert viewer.get(url(facility)).status_code == 403
    assert viewer.post(url(facility), {}).status_code == 403
    stranger = login(make_user(Role.STAFF, facility=other_facility))
    assert stranger.get(url(facility)).status_code == 404
    assert stranger.post(url(facility), {}).status_code == 404


def test_queries_do_not_grow_with_the_rows(desk, facility):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url(facility)).status_code == 200
        return len(queries)

    make_activity(facility, make_plan(facility, "Første", EVERY_DAY), MONDAY)
    one = count()
    for number in range(40):
        plan = make_plan(facility, f"Plan {number}", EVERY_DAY)
        make_pause(plan, MONDAY, WEEK.days[1])
        make_activity(facility, plan, WEEK.days[2])
    assert count() == one <= 8


# --- Saving -------------------------------------------------------------------------------------


def test_a_whole_week_is_saved_in_one_go(desk, facility, staff):
    plan = make_plan(facility, "Tur", EVERY_DAY, duration_minutes=30)
    sent = fields(desk.get(url(facility))) | {
        f"c{cell(plan, 1)}": "0",
        f"c{cell(plan, 2)}": " 12 ",
        f"c{cell(plan, 3)}": "a",
        f"r{cell(plan, 3)}": "weather",
        f"r{cell(plan, 4)}": "illness",
    }
    response = desk.post(url(facility), sent, follow=True)
    assert log() == [(1, 0, ""), (2, 12, ""), (3, None, "weather"), (4, None, "illness")]
    assert "4 registreret." in response.content.decode()
    held = Activity.objects.get(participant_count=12)
    assert (held.registered_by, held.duration_minutes, held.factors) == (staff, 30, "M")
    assert held.history.get().history_user == staff


def test_a_week_of_280_new_cells_is_saved_in_few_queries(desk, facility, staff):
    """One by one they took nine queries each; in batches each still has its history."""
    before = WEEK - 1
    plans = [make_plan(facility, f"Plan {number}", EVERY_DAY) for number in range(40)]
    empty = fields(desk.get(url(facility, before)))

    def save(cells):
        sent = empty | {f"c{name}": "7" for name in cells}
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(url(facility, before), sent).status_code == 302
        return len(queries)

    cells = [cell(plan, day) for plan in plans for day in range(1, 8)]
    few = save(cells[:7])
    Activity.objects.all().delete()
    Activity.history.all().delete()
    # The database takes so many values in one query: a batch of rows, and one of their history.
    size = connection.ops.bulk_batch_size(Activity._meta.concrete_fields[1:], [None] * 280)
    history = Activity.history.model._meta.concrete_fields[1:]
    batches = -(-280 // size) + -(-280 // connection.ops.bulk_batch_size(history, [None] * 280))
    assert save(cells) <= few + batches - 2
    assert Activity.objects.standing().count() == 280
    kept = Activity.history.filter(history_type="+", history_user=staff, version=1)
    assert kept.count() == 280
    assert set(kept.values_list("id", flat=True)) == set(
        Activity.objects.values_list("pk", flat=True)
    )


def test_with_htmx_the_grid_comes_back_saved(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "7"}
    response = desk.post(url(facility), sent, headers=HTMX)
    assert response.status_code == 200
    back = fields(response)
    assert back[f"c{cell(plan, 1)}"] == "7"
    assert back["submission_id"] != sent["submission_id"]
    assert "1 registreret." in response.content.decode()


def test_cells_are_corrected_cancelled_and_cleared(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    rows = [make_activity(facility, plan, day, participant_count=5) for day in WEEK.days[:4]]
    Activity.objects.filter(pk=rows[3].pk).update(note="Husk vand")
    sent = fields(desk.get(url(facility))) | {
        f"c{cell(plan, 1)}": "6",
        f"c{cell(plan, 2)}": "A",
        f"r{cell(plan, 2)}": "economy",
        f"c{cell(plan, 3)}": "",
        f"c{cell(plan, 4)}": "8",
    }
    asked = desk.post(url(facility), sent)
    assert log() == [(1, 6, ""), (2, 5, ""), (3, 5, ""), (4, 8, "")]
    assert desk.post(url(facility), agreed(asked)).status_code == 302
    assert log() == [(1, 6, ""), (2, None, "economy"), (4, 8, "")]
    assert Activity.objects.count() == 4
    rows[3].refresh_from_db()
    assert (rows[3].note, rows[3].version) == ("Husk vand", 2)


def test_the_same_grid_sent_twice_makes_no_second_row(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    weekly = make_plan(facility, "Ro", "", times_per_week=5)
    make_activity(facility, plan, WEEK.days[2])
    sent = fields(desk.get(url(facility))) | {
        f"c{cell(plan, 1)}": "5",
        f"c{cell(weekly, 1)}": "2",
        f"c{cell(plan, 3)}": "9",
    }
    for _time in range(2):
        assert desk.post(url(facility), sent).status_code == 302
    assert sorted(log()) == [(1, 2, ""), (1, 5, ""), (3, 9, "")]
    # Back in the browser, and one number corrected: it is still the same row.
    assert desk.post(url(facility), sent | {f"c{cell(weekly, 1)}": "3"}).status_code == 302
    assert sorted(log()) == [(1, 3, ""), (1, 5, ""), (3, 9, "")]


BAD = [
    "-1",
    "1.5",
    "1,5",
    str(10**12),
    "1000",
    "fem",
    "B",
    "5 stk",
    "NaN",
    "Infinity",
    "1e400",
    "\u0665",
    "<b>",
    "4\x00",
]


@pytest.mark.parametrize("typed", BAD)
def test_one_bad_cell_among_forty_is_pointed_at_and_the_rest_is_saved(desk, facility, typed):
    plans = [make_plan(facility, f"Plan {number}", EVERY_DAY) for number in range(8)]
    sent = fields(desk.get(url(facility)))
    for plan in plans:
        sent |= {f"c{cell(plan, day)}": "4" for day in range(1, 6)}
    bad = f"c{cell(plans[3], 2)}"
    response = desk.post(url(facility), sent | {bad: typed})
    assert response.status_code == 422
    assert len(log()) == 39
    assert "39 registreret." in response.content.decode()
    [(planned, trouble)] = response.context["troubled"]
    assert (planned, trouble.day, trouble.text) == (plans[3], WEEK.days[1], typed[:40])
    assert response.context["shown_day"] == 2
    # Only the bad cell is left to mend, and mending it saves it and nothing else.
    mended = fields(response) | {bad: "4"}
    assert desk.post(url(facility), mended).status_code == 302
    assert len(log()) == 40
    assert set(Activity.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("A", ""), ("A", "other"), ("A", "xyz"), ("", "xyz"), ("5", "weather"), ("aflyst", "")],
)
def test_a_cancellation_needs_a_reason_and_no_number(desk, facility, text, reason):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(plan, 1)}": text, f"r{cell(plan, 1)}": reason}
    response = desk.post(url(facility), sent, headers=HTMX)
    assert response.status_code == 422
    assert log() == []
    back = fields(response)
    assert back[f"c{cell(plan, 1)}"] == text


def test_another_reason_that_was_written_in_the_log_is_kept(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    row = make_activity(
        facility,
        plan,
        MONDAY,
        outcome=Outcome.CANCELLED,
        cancellation_reason="other",
        cancellation_text="Bussen kom ikke",
    )
    sent = fields(desk.get(url(facility)))
    assert sent[f"r{cell(plan, 1)}"] == "other"
    desk.post(url(facility), sent | {f"c{cell(plan, 2)}": "3"})
    row.refresh_from_db()
    assert (row.version, row.cancellation_text) == (1, "Bussen kom ikke")
    sent = fields(desk.get(url(facility))) | {f"r{cell(plan, 1)}": "weather"}
    desk.post(url(facility), agreed(desk.post(url(facility), sent)))
    row.refresh_from_db()
    assert (row.cancellation_reason, row.cancellation_text) == ("weather", "")


def test_days_to_come_and_days_without_the_plan_take_nothing(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY, starts_on=WEEK.days[1])
    sent = fields(desk.get(url(facility)))
    for day in (1, 7):
        response = desk.post(url(facility), sent | {f"c{cell(plan, day)}": "5"})
        assert response.status_code == 422
        assert len(response.context["troubled"]) == 1
    assert log() == []


def test_a_row_that_is_not_in_the_grid_is_not_passed_over(desk, facility, other_facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    theirs = make_plan(other_facility, "Deres", EVERY_DAY)
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(plan, 1)}": "5", f"c{cell(theirs, 1)}": "6", "c999999-1": "7"}
    response = desk.post(url(facility), sent)
    assert response.status_code == 422
    assert response.context["form"].lost
    assert log() == [(1, 5, "")]


@pytest.mark.parametrize("submission", ["", "abc", None])
def test_a_grid_without_its_id_is_not_saved_and_not_lost(desk, facility, submission):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "5"}
    sent |= {"submission_id": submission}
    if submission is None:
        del sent["submission_id"]
    response = desk.post(url(facility), sent)
    assert response.status_code == 422
    assert log() == []
    assert fields(response)[f"c{cell(plan, 1)}"] == "5"


@pytest.mark.parametrize("base", ["x", "1.1", f"{10**30}.1.5", "1.1.5.5", "\x00", "٣.١.٥"])
def test_a_base_that_nobody_wrote_is_none(desk, facility, base):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    row = make_activity(facility, plan, MONDAY)
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(plan, 1)}": "8", f"b{cell(plan, 1)}": base}
    assert desk.post(url(facility), sent).status_code == 409
    row.refresh_from_db()
    assert row.participant_count == 5


# --- Nothing registered goes without a question, and everything can be undone --------------------

STORED = {
    "held": {"participant_count": 5, "duration_minutes": 45},
    "cancelled": {"outcome": Outcome.CANCELLED, "cancellation_reason": "weather"},
    "own words": {
        "outcome": Outcome.CANCELLED,
        "cancellation_reason": "other",
        "cancellation_text": "Bussen kom ikke",
    },
}
TYPED = {
    "empty": {"c": "", "r": "", "t": ""},
    "number": {"c": "5", "r": "", "t": ""},
    "another number": {"c": "6", "r": "", "t": ""},
    "reason": {"c": "A", "r": "weather", "t": ""},
    "another reason": {"c": "A", "r": "illness", "t": ""},
    "own words": {"c": "A", "r": "other", "t": "Bussen kom ikke"},
    "other words": {"c": "A", "r": "other", "t": "Strejke"},
}
# A corrected number or reason says the same kind of thing; nothing else is lost.
CORRECTIONS = {
    ("held", "another number"),
    ("cancelled", "another reason"),
    ("cancelled", "own words"),
    ("cancelled", "other words"),
    ("own words", "other words"),
}
THE_SAME = {("held", "number"), ("cancelled", "reason"), ("own words", "own words")}


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("stored", STORED)
def test_what_would_be_lost_is_asked_about_and_comes_back_with_undo(desk, facility, stored, typed):
    """Any stored registration times anything typed over it."""
    htmx = HTMX if typed in ("empty", "reason") else {}
    plan = make_plan(facility, "Tur", EVERY_DAY, duration_minutes=45)
    make_activity(facility, plan, MONDAY, **STORED[stored])
    before = said()
    sent = fields(desk.get(url(facility)))
    sent |= {f"{name}{cell(plan, 1)}": value for name, value in TYPED[typed].items()}
    response = desk.post(url(facility), sent, headers=htmx)
    if (stored, typed) not in CORRECTIONS | THE_SAME:
        assert response.status_code == 422
        assert said() == before
        assert response.context["troubled"][0][1].losing
        # Saved again without an answer it is asked again, and what was typed is still there.
        response = desk.post(url(facility), fields(response), headers=htmx)
        assert response.status_code == 422
        assert said() == before
        back = fields(response)
        assert back[f"c{cell(plan, 1)}"] == TYPED[typed]["c"]
        response = desk.post(url(facility), agreed(response), headers=htmx)
    if response.status_code == 302:
        response = desk.get(response.url)
    assert response.status_code == 200
    if (stored, typed) in THE_SAME:
        assert (said(), undoing(response)) == (before, [])
        return
    assert said() != before
    assert ("1 fjernet." if typed == "empty" else "1 rettet.") in page_of(response)
    undo = reverse("initiatives:grid-undo", args=[facility.slug, str(WEEK)])
    sent = {"row": undoing(response)}
    assert desk.post(undo, sent, headers=htmx).status_code in (200, 302)
    assert said() == before
    # Twice changes nothing.
    assert "ændret siden" in page_of(desk.post(undo, sent, follow=True))
    assert said() == before


def said() -> list[tuple]:
    return list(
        Activity.objects.standing().values_list(
            "held_on",
            "outcome",
            "participant_count",
            "duration_minutes",
            "cancellation_reason",
            "cancellation_text",
        )
    )


def test_the_message_says_what_happened_and_undo_takes_all_of_it_back(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    make_activity(facility, plan, MONDAY, participant_count=5)
    make_activity(facility, plan, WEEK.days[1], participant_count=7)
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(plan, day)}": text for day, text in {1: "", 2: "8", 3: "3", 4: "4"}.items()}
    sent |= {f"s{cell(plan, 1)}": f"{sent[f'b{cell(plan, 1)}']}="}
    page = desk.post(url(facility), sent, follow=True)
    assert "2 registreret, 1 rettet, 1 fjernet." in page_of(page)
    assert log() == [(2, 8, ""), (3, 3, ""), (4, 4, "")]
    assert undoing(desk.get(url(facility))) == []  # offered once
    row = Activity.objects.get(held_on=WEEK.days[3])
    Activity.objects.filter(pk=row.pk).update(version=2, participant_count=9)
    undo = reverse("initiatives:grid-undo", args=[facility.slug, str(WEEK)])
    undone = page_of(desk.post(undo, {"row": undoing(page)}, follow=True))
    assert "1 taget ud igen, 1 sat tilbage, 1 hentet tilbage, 1 ændret siden" in undone
    assert log() == [(1, 5, ""), (2, 7, ""), (4, 9, "")]
    # Made, removed, brought back: the history keeps all of it.
    assert Activity.history.filter(held_on=MONDAY, history_type="~").count() == 2


def test_undo_waits_for_whoever_corrects_the_same_row(desk, facility, monkeypatch):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "5"}
    page = desk.post(url(facility), sent, follow=True)
    lock = log_actions.locked_facility

    def locked(*arguments):
        # While this one waited for the lock, a colleague who had it corrected 5 to 6.
        monkeypatch.setattr(log_actions, "locked_facility", lock)
        Activity.objects.update(version=2, participant_count=6)
        return lock(*arguments)

    monkeypatch.setattr(log_actions, "locked_facility", locked)
    undo = reverse("initiatives:grid-undo", args=[facility.slug, str(WEEK)])
    assert "1 ændret siden" in page_of(desk.post(undo, {"row": undoing(page)}, follow=True))
    assert log() == [(1, 6, "")]


@pytest.mark.parametrize("yes", ["", "on", "1", "1.1.5=", "1.1.7=", "1.2.5=", "1.1.5=6", "\x00"])
def test_a_yes_counts_only_for_what_was_asked(desk, facility, yes):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    row = make_activity(facility, plan, MONDAY, participant_count=5)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": ""}
    # Somebody has corrected 5 to 6 since the question: it was about another number.
    Activity.objects.filter(pk=row.pk).update(participant_count=6, version=2)
    sent |= {f"b{cell(plan, 1)}": f"{row.pk}.2.6", f"s{cell(plan, 1)}": yes}
    assert desk.post(url(facility), sent).status_code == 422
    assert log() == [(1, 6, "")]


def test_after_back_a_reason_over_a_number_just_saved_is_asked_about_too(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "5"}
    desk.post(url(facility), sent)
    sent |= {f"c{cell(plan, 1)}": "A", f"r{cell(plan, 1)}": "weather"}
    response = desk.post(url(facility), sent)
    assert response.status_code == 422
    assert log() == [(1, 5, "")]
    assert desk.post(url(facility), agreed(response)).status_code == 302
    assert log() == [(1, None, "weather")]


def test_every_reason_of_the_log_is_in_the_grid_and_other_asks_for_its_words(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility)))
    for reason in CancellationReason.values:
        assert f'<option value="{reason}"' in page_of(desk.get(url(facility)))
    sent |= {f"c{cell(plan, 1)}": "A", f"r{cell(plan, 1)}": "other"}
    response = desk.post(url(facility), sent)
    assert response.status_code == 422
    back = fields(response)
    assert back[f"t{cell(plan, 1)}"] == ""
    words = f"t{cell(plan, 1)}"
    for bad in ("Ring til 010190-1234", "x" * 201):
        response = desk.post(url(facility), back | {words: bad})
        assert response.status_code == 422
        assert fields(response)[words] == bad
    assert desk.post(url(facility), back | {words: " Bussen  kom ikke "}).status_code == 302
    assert Activity.objects.get().cancellation_text == "Bussen kom ikke"
    assert fields(desk.get(url(facility)))[words] == "Bussen kom ikke"


def test_other_without_words_as_an_import_may_have_it_is_left_alone(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    make_activity(facility, plan, MONDAY, outcome=Outcome.CANCELLED, cancellation_reason="other")
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 2)}": "4"}
    assert desk.post(url(facility), sent).status_code == 302
    assert log() == [(1, None, "other"), (2, 4, "")]


def test_what_was_not_planned_is_shown_in_its_week_and_leads_to_its_form(desk, facility):
    inside = make_activity(facility, None, WEEK.days[2], title="Fodbold", participant_count=6)
    make_activity(facility, None, MONDAY - dt.timedelta(days=1), title="Uge før")
    make_activity(facility, None, MONDAY, title="Taget ud", removed_at=NOON)
    page = page_of(desk.get(url(facility)))
    address = reverse("initiatives:activity-edit", args=[facility.slug, inside.pk])
    assert "Fodbold: gennemført, 6 deltagere" in page
    assert "Uge før" not in page
    assert "Taget ud" not in page
    assert desk.get(address).status_code == 200
    assert address in page


def test_held_before_its_time_is_asked_about_in_the_grid_too(desk, facility):
    """At noon: what is planned for 13.00 today; what was at 11.00, or yesterday, is no question."""
    late = make_plan(facility, "Sen", EVERY_DAY, start_time=dt.time(13))
    early = make_plan(facility, "Tidlig", EVERY_DAY, start_time=dt.time(11))
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(late, 6)}": "7", f"c{cell(early, 6)}": "4", f"c{cell(late, 5)}": "5"}
    response = desk.post(url(facility), sent)
    assert response.status_code == 422
    assert "13.00" in page_of(response)
    assert log() == [(5, 5, ""), (6, 4, "")]
    response = desk.post(url(facility), fields(response))
    assert response.status_code == 422
    assert fields(response)[f"c{cell(late, 6)}"] == "7"
    assert desk.post(url(facility), agreed(response)).status_code == 302
    assert sorted(log()) == [(5, 5, ""), (6, 4, ""), (6, 7, "")]
    # Cancelled may be said beforehand, and a number that stands may be corrected.
    other = make_plan(facility, "Aften", EVERY_DAY, start_time=dt.time(20))
    sent = fields(desk.get(url(facility))) | {f"r{cell(other, 6)}": "illness"}
    sent |= {f"c{cell(late, 6)}": "8"}
    assert desk.post(url(facility), sent).status_code == 302
    # What is planned for later today is not missing.
    assert read_grid(facility, WEEK, TODAY).rows[0].cells[5].is_missing is False


def test_undo_takes_only_rows_of_ones_own_place_and_week(
    login, make_user, facility, other_facility
):
    theirs = make_activity(other_facility, make_plan(other_facility, "Deres", EVERY_DAY), MONDAY)
    free = make_activity(facility, None, MONDAY)
    plan = make_plan(facility, "Tur", EVERY_DAY)
    older = make_activity(facility, plan, MONDAY - dt.timedelta(days=3))
    undo = reverse("initiatives:grid-undo", args=[facility.slug, str(WEEK)])
    rows = [f"{row.pk}.1" for row in (theirs, free, older)]
    rows += ["", "x", "1", f"{10**30}.1", "1.\x00", "٣.١", "-1.1"]
    client = login(make_user(Role.STAFF, facility=facility))
    assert client.post(undo, {"row": rows}).status_code == 302
    assert Activity.objects.standing().count() == 3
    assert client.get(undo).status_code == 405
    viewer = login(make_user(Role.VIEWER, facility=facility))
    assert viewer.post(undo, {"row": rows}).status_code == 403
    stranger = login(make_user(Role.STAFF, facility=other_facility))
    assert stranger.post(undo, {"row": rows}).status_code == 404
    assert Activity.objects.standing().count() == 3


# --- Somebody else meanwhile --------------------------------------------------------------------


def test_what_somebody_else_registered_meanwhile_is_shown_with_both_numbers(
    desk, facility, make_user
):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    other = make_user(Role.STAFF, facility=facility)
    sent = fields(desk.get(url(facility)))
    sent |= {f"c{cell(plan, 1)}": "9", f"c{cell(plan, 2)}": "4"}
    make_activity(facility, plan, MONDAY, participant_count=5, registered_by=other)
    response = desk.post(url(facility), sent, headers=HTMX)
    assert response.status_code == 409
    assert log() == [(1, 5, ""), (2, 4, "")]
    html = response.content.decode()
    assert f"Imens registreret: 5, af {other}." in html
    assert "Du skrev: 9." in html
    # Saving once more, now that both have been seen, lets this one stand.
    assert desk.post(url(facility), fields(response)).status_code == 302
    assert log() == [(1, 9, ""), (2, 4, "")]


def test_a_cell_that_nobody_touched_is_no_conflict(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    row = make_activity(facility, plan, MONDAY, participant_count=5)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 2)}": "4"}
    Activity.objects.filter(pk=row.pk).update(participant_count=11, version=2)
    assert desk.post(url(facility), sent).status_code == 302
    assert log() == [(1, 11, ""), (2, 4, "")]


def test_the_same_number_by_two_people_is_no_conflict(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "5"}
    make_activity(facility, plan, MONDAY, participant_count=5)
    assert desk.post(url(facility), sent).status_code == 302
    assert log() == [(1, 5, "")]


@pytest.mark.parametrize("typed", ["6", ""])
def test_what_was_corrected_or_removed_meanwhile_is_a_conflict(desk, facility, typed):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    row = make_activity(facility, plan, MONDAY, participant_count=5)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": typed}
    Activity.objects.filter(pk=row.pk).update(participant_count=7, version=2)
    response = desk.post(url(facility), sent)
    assert response.status_code == 409
    assert log() == [(1, 7, "")]
    Activity.objects.filter(pk=row.pk).update(removed_at=NOON, version=3)
    response = desk.post(url(facility), sent)
    if typed:
        assert response.status_code == 409
        assert "Imens fjernet af en anden." in response.content.decode()
        assert desk.post(url(facility), fields(response)).status_code == 302
        assert log() == [(1, 6, "")]
    else:
        assert response.status_code == 302
        assert log() == []


def test_a_grid_whose_row_was_removed_does_not_bring_it_back(desk, facility):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    sent = fields(desk.get(url(facility))) | {f"c{cell(plan, 1)}": "5"}
    desk.post(url(facility), sent)
    Activity.objects.update(removed_at=NOON, version=2)
    assert desk.post(url(facility), sent).status_code == 409
    assert log() == []


# --- The pure parts -----------------------------------------------------------------------------


@pytest.mark.parametrize("said", [Said(count=0), Said(count=999), Said(reason="no_interest")])
def test_a_base_reads_back_what_it_wrote(said):
    base = Registered(12, 3, said).base
    assert Base.parse(str(base)) == base


def test_the_day_that_a_phone_shows_first():
    plan = Plan(dt.date(2026, 1, 1), None, (3, 4), None)

    class Planned:
        pk = 1

    grid = build(WEEK - 1, TODAY, [(Planned, plan)], {})
    assert grid.first_day == 3
    assert build(WEEK, TODAY, [(Planned, plan)], {}).first_day == 6


def test_last_weeks_number_is_offered_and_saved_only_when_ticked(desk, facility):
    plan = make_plan(facility, weekdays="12")
    old = make_plan(facility, title="Kor", weekdays="1", ends_on=MONDAY - dt.timedelta(days=1))
    new = make_plan(facility, title="Kor", weekdays="1", starts_on=MONDAY, replaces=old)
    make_activity(facility, plan, MONDAY - dt.timedelta(weeks=1), participant_count=7)
    make_activity(facility, plan, MONDAY - dt.timedelta(days=6), participant_count=4)
    make_activity(facility, old, MONDAY - dt.timedelta(weeks=1), participant_count=9)
    response = desk.get(url(facility))
    sent = fields(response)
    assert f"p{cell(plan, 1)}" not in sent
    proposals = {one.key: one.proposal for one in response.context["grid"].cells.values()}
    assert proposals[plan.pk, MONDAY] == 7
    assert proposals[new.pk, MONDAY] == 9
    desk.post(url(facility), sent)
    assert Activity.objects.filter(held_on__gte=MONDAY).count() == 0
    desk.post(url(facility), fields(desk.get(url(facility))) | {f"p{cell(plan, 1)}": "7"})
    [saved] = Activity.objects.filter(held_on__gte=MONDAY)
    assert (saved.held_on, saved.participant_count) == (MONDAY, 7)


def test_what_is_typed_wins_over_last_weeks_number(desk, facility):
    plan = make_plan(facility, weekdays="1")
    make_activity(facility, plan, MONDAY - dt.timedelta(weeks=1), participant_count=7)
    sent = fields(desk.get(url(facility)))
    desk.post(url(facility), sent | {f"c{cell(plan, 1)}": "3", f"p{cell(plan, 1)}": "7"})
    assert Activity.objects.get(held_on=MONDAY).participant_count == 3
