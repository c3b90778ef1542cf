"""Today's page: what is missing, one tap, what went wrong, and what it costs."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.enums import Outcome
from initiatives.followup.queries import worklist
from initiatives.models import Activity, Meeting
from krams.enums import Role

from ..planning import (
    FRIDAY,
    NOON,
    TODAY,
    YESTERDAY,
    make_activity,
    make_pause,
    make_plan,
    make_type,
    tap,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def phone(login, staff):
    return login(staff)


def address(name, *args, **query):
    return reverse(f"initiatives:{name}", args=args, query=query or None)


def today(facility, **query):
    return address("today", facility.slug, **query)


def planned(facility, plan, **query):
    return address("planned", facility.slug, plan.pk, **query)


def text(response) -> str:
    """What stands on the page, without markup."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words)


# --- What the page shows ------------------------------------------------------------------------


def test_what_is_planned_is_missing_until_it_is_registered(phone, facility):
    make_plan(facility, "Svømning", start_time=dt.time(13, 30), duration_minutes=60)
    make_plan(facility, "Madlavning", FRIDAY)
    done = make_plan(facility, "Morgengåtur", start_time=dt.time(9))
    make_activity(facility, done, started_at=dt.time(9), participant_count=7)
    page = phone.get(today(facility))
    assert page.status_code == 200
    assert [row.planned.title for row in page.context["page"].taps] == ["Svømning"]
    assert [row.title for row in page.context["page"].registered] == ["Morgengåtur"]
    assert "0 af 2 planlagte · 1 kan stadig nås i dag" in text(page)
    assert "Lørdag den 21. november 2026 · uge 47" in text(page)
    assert "7 deltagere kl. 09.00" in text(page)


def test_the_number_of_last_time_is_filled_in(phone, facility):
    plan = make_plan(facility)
    make_activity(facility, plan, held_on=TODAY - dt.timedelta(days=14), participant_count=9)
    make_activity(facility, plan, held_on=TODAY - dt.timedelta(days=7), participant_count=4)
    page = phone.get(today(facility))
    assert 'data-most="999" value="4"' in page.content.decode()
    assert "sidst 4 deltagere" in text(page)


def test_a_new_rhythm_remembers_the_number_of_the_one_that_it_replaced(phone, facility):
    old = make_plan(facility, weekdays=FRIDAY, ends_on=YESTERDAY)
    make_activity(facility, old, held_on=YESTERDAY, participant_count=8)
    make_plan(facility, starts_on=TODAY, replaces=old)
    [row] = phone.get(today(facility)).context["page"].taps
    assert row.last_count == 8


def test_rows_are_in_the_order_of_the_day_and_filled_when_their_time_has_come(phone, facility):
    for title, hour in [("Aften", 19), ("Formiddag", 11), ("Når som helst", None)]:
        make_plan(facility, title, start_time=hour and dt.time(hour))
    rows = phone.get(today(facility)).context["page"].taps
    assert [(row.planned.title, row.is_due) for row in rows] == [
        ("Formiddag", True),
        ("Aften", False),
        ("Når som helst", True),
    ]


def test_a_paused_plan_is_paused_not_missing(phone, facility):
    plan = make_plan(facility)
    make_pause(plan, YESTERDAY, TODAY + dt.timedelta(days=14), "Svømmehallen er lukket")
    page = phone.get(today(facility))
    assert page.context["page"].taps == []
    assert "Starter igen 05.12.2026" in text(page)
    assert "Svømmehallen er lukket" in text(page)


def test_times_a_week_are_asked_for_until_the_week_has_them(phone, facility):
    plan = make_plan(facility, "Styrketræning", "", times_per_week=2)
    make_activity(facility, plan, held_on=TODAY - dt.timedelta(days=3))
    make_activity(facility, plan, held_on=TODAY - dt.timedelta(days=7))
    page = phone.get(today(facility))
    assert "1 af 2 i denne uge" in text(page)
    assert "planlagte" not in text(page).split("Holder det?")[0]
    make_activity(facility, plan)
    assert phone.get(today(facility)).context["page"].weekly == []


def test_yesterdays_missing_ones_are_a_link_away(phone, facility):
    make_plan(facility, "Madlavning", FRIDAY)
    rests = make_plan(facility, "Rygestop", FRIDAY)
    make_pause(rests, YESTERDAY)
    page = phone.get(today(facility))
    assert "Fredag 20.11. : 1 aktivitet mangler" in text(page)
    before = phone.get(today(facility, dag="2026-11-20"))
    assert [row.planned.title for row in before.context["page"].taps] == ["Madlavning"]
    assert "Fredag 20.11. på Bakkehuset" in text(before)
    assert "Tilbage til i dag" in text(before)


def test_the_last_seven_days_are_looked_back_on(phone, facility):
    """The newest day that misses something is a link away, the week of it another."""
    daily = make_plan(facility, "Gåtur", "1234567")
    once = make_plan(facility, "Madlavning", "3", starts_on=TODAY - dt.timedelta(days=2))
    for back in (1, 2, 4, 5, 6):
        make_activity(facility, daily, held_on=TODAY - dt.timedelta(days=back))
    make_activity(facility, daily, outcome="cancelled", held_on=TODAY - dt.timedelta(days=7))
    page = phone.get(today(facility))
    assert "Onsdag 18.11. : 1 aktivitet mangler" in text(page)
    assert "i alt" not in text(page)
    assert 'href="?dag=2026-11-18"' in page.content.decode()
    assert "Fredag 20.11." in text(page)
    once.starts_on = TODAY - dt.timedelta(weeks=3)
    once.save()
    Activity.objects.filter(held_on=TODAY - dt.timedelta(days=6)).delete()
    page = phone.get(today(facility))
    assert "Onsdag 18.11. : 2 aktiviteter mangler · 3 i alt i de seneste 7 dage" in text(page)
    assert reverse("initiatives:grid", args=[facility.slug, "2026-W47"]) in page.content.decode()


def test_what_is_older_than_seven_days_is_not_counted(phone, facility):
    make_plan(facility, "Gåtur", "5", ends_on=TODAY - dt.timedelta(days=8))
    assert "mangler" not in text(phone.get(today(facility)))


def test_looking_back_costs_the_same_whatever_was_missed(phone, facility):
    make_plan(facility, "Gåtur", "6")
    with CaptureQueriesContext(connection) as few:
        phone.get(today(facility))
    for number in range(20):
        make_activity(facility, make_plan(facility, f"Plan {number}", "1234567"), held_on=YESTERDAY)
    with CaptureQueriesContext(connection) as many:
        page = phone.get(today(facility))
    assert page.context["page"].missing_count == 121
    assert len(many) == len(few) <= 8


@pytest.mark.parametrize(("role", "offered"), [(Role.MANAGER, True), (Role.STAFF, False)])
def test_managers_put_what_fades_on_the_agenda(login, make_user, facility, role, offered):
    fading = make_plan(facility, "Gåtur", "1234567")
    holding = make_plan(facility, "Madlavning", "6")
    for week in range(1, 13):
        saturday = TODAY - dt.timedelta(weeks=week)
        make_activity(facility, holding, held_on=saturday)
        make_activity(facility, fading, held_on=saturday)
        for day in range(1, 7):
            before = saturday - dt.timedelta(days=day)
            make_activity(facility, fading, held_on=before, outcome="cancelled")
    page = login(make_user(role, facility=facility)).get(today(facility))
    html = page.content.decode()
    button = reverse("initiatives:put-on-agenda", args=[facility.slug, fading.pk])
    assert (button in html) == offered
    assert reverse("initiatives:put-on-agenda", args=[facility.slug, holding.pk]) not in html


@pytest.mark.parametrize(
    "day", ["2026-11-22", "0001-01-01", "31-02-2026", "2026-02-31", "9999-12-31", "\x00", "i dag"]
)
def test_a_day_that_is_none_or_not_yet_is_not_found(phone, facility, day):
    assert phone.get(today(facility, dag=day)).status_code == 404


def test_the_next_meeting_is_the_nearest_open_one(phone, facility):
    for days, closed in [(30, None), (5, None), (2, NOON), (-3, None)]:
        Meeting.objects.create(
            kind="house",
            facility=facility,
            held_on=TODAY + dt.timedelta(days=days),
            starts_at=dt.time(14),
            place="fællesstuen",
            closed_at=closed,
        )
    page = phone.get(today(facility))
    assert "Torsdag 26.11.2026 kl. 14.00" in text(page)
    assert text(page).count("fællesstuen") == 1


def test_whether_it_holds_is_told_for_each_factor_in_words(phone, facility):
    walk, stop = make_plan(facility), make_plan(facility, "Rygestop", factors="R")
    for week in range(13):
        make_activity(facility, walk, held_on=TODAY - dt.timedelta(weeks=week))
        day = TODAY - dt.timedelta(weeks=week)
        if week > 4:
            make_activity(facility, stop, held_on=day)
        elif week:
            make_activity(facility, stop, held_on=day, outcome=Outcome.CANCELLED)
    page = text(phone.get(today(facility)))
    assert "Holder 4 af 4 gange i de seneste 4 uger" in page
    assert "Gået i stå Ingen siden uge 42 4 af 4 aflyst: For få medarbejdere" in page
    rhythm = text(phone.get(address("rhythm", facility.slug)))
    assert "Rygestop" in rhythm
    assert "Fælles gåtur" in rhythm


# --- One tap ------------------------------------------------------------------------------------


def test_held_in_one_tap_without_javascript(phone, facility, staff):
    plan = make_plan(facility)
    answer = phone.post(planned(facility, plan), tap())
    activity = Activity.objects.get()
    assert (activity.participant_count, activity.registered_by) == (6, staff)
    assert answer.status_code == 302
    assert answer.url == f"{today(facility)}#r-{activity.pk}"
    page = text(phone.get(answer.url))
    assert "Fælles gåtur: gennemført, 6 deltagere" in page
    assert "0 af 1 planlagte" in page


def test_held_in_one_tap_swaps_the_row_and_what_it_changes(phone, facility):
    plan = make_plan(facility)
    answer = phone.post(planned(facility, plan), tap(), headers=HTMX)
    html = answer.content.decode()
    activity = Activity.objects.get()
    assert answer.status_code == 200
    assert "<html" not in html
    assert html.lstrip().startswith(f'<li id="r-{activity.pk}">')
    assert re.search(r'aria-label="Ret Fælles gåtur" data-focus', html)
    assert '#messages"><p class="vh">Fælles gåtur: gennemført, 6 deltagere</p>' in html
    for part in ("missing-count", "latest", "holds"):
        assert f'hx-swap-oob="innerHTML:#{part}"' in html
    assert "Fortryd" in html
    assert "0 af 1 planlagte" in html


def test_cancelled_needs_a_reason_and_other_needs_words(phone, facility):
    plan = make_plan(facility)
    for sent, complaint in [
        (tap("cancelled"), "Vælg, hvorfor den blev aflyst."),
        (tap("cancelled", cancellation_reason="other"), "Skriv årsagen."),
        (tap("cancelled", cancellation_reason="dovenskab"), "dovenskab er ikke en af"),
    ]:
        answer = phone.post(planned(facility, plan), sent, headers=HTMX)
        assert answer.status_code == 422
        assert complaint in text(answer)
        assert "<details open>" in answer.content.decode()
    sent = tap("cancelled", cancellation_reason="staffing", participant_count="-3")
    assert phone.post(planned(facility, plan), sent, headers=HTMX).status_code == 200
    assert Activity.objects.get().reason == "For få medarbejdere"


@pytest.mark.parametrize("count", ["-1", "1.5", "1000", "10" * 12, "", "seks", "NaN", "\x00", "²"])
def test_a_number_that_cannot_be_is_refused_in_the_row_and_kept(phone, facility, count):
    plan = make_plan(facility)
    sent = tap(participant_count=count)
    for headers in (HTMX, {}):
        answer = phone.post(planned(facility, plan), sent, headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="plan-{plan.pk}-count-error"' in html
        assert 'aria-invalid="true"' in html
        # In HTML there is no NUL, so it comes back as the sign for what cannot be shown.
        assert 'value="{}"'.format(count.replace("\x00", "\ufffd")) in html
        assert sent["submission_id"][:18] in html
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"held_on": "22.11.2026"},
        {"held_on": "31-02-2026"},
        {"held_on": "01.01.0001"},
        {"held_on": ""},
        {"outcome": "vundet"},
        {"outcome": ""},
        {"submission_id": ""},
        {"submission_id": "7"},
    ],
)
def test_a_broken_form_is_refused_in_the_row(phone, facility, wrong):
    answer = phone.post(planned(facility, make_plan(facility)), tap() | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert 'class="err tap__err"' in answer.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("Tlf. 010190-1234", "CPR-nummer"),
        ("nul\x00tegn", "styretegn"),
        ("x" * 201, "200"),
        ("to\nlinjer", "én linje"),
    ],
)
def test_the_other_reason_is_a_line_without_numbers_of_people(phone, facility, words, complaint):
    sent = tap("cancelled", cancellation_reason="other", cancellation_text=words)
    answer = phone.post(planned(facility, make_plan(facility)), sent, headers=HTMX)
    assert answer.status_code == 422
    assert complaint in text(answer)


def test_the_second_of_two_colleagues_is_told_and_loses_nothing(phone, facility, staff):
    plan = make_plan(facility)
    make_activity(facility, plan, participant_count=5, registered_by=staff)
    for headers in (HTMX, {}):
        answer = phone.post(planned(facility, plan), tap(participant_count=8), headers=headers)
        assert answer.status_code == 409
        assert "gennemført, 5 deltagere" in text(answer)
        assert "Du skrev: Fælles gåtur: gennemført, 8 deltagere" in text(answer)
        assert staff.name in text(answer)
        assert "Ret" in text(answer)
    assert Activity.objects.get().participant_count == 5


def test_a_double_tap_makes_one_row(phone, facility):
    plan, sent = make_plan(facility), tap()
    answers = [phone.post(planned(facility, plan), sent, headers=HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Activity.objects.count() == 1


def test_a_refused_tap_of_a_day_that_has_it_already_still_answers(phone, facility):
    plan = make_plan(facility)
    make_activity(facility, plan)
    answer = phone.post(planned(facility, plan), tap(participant_count="-1"))
    assert answer.status_code == 422
    assert 'value="-1"' in answer.content.decode()


def test_undo_brings_the_row_back_and_undoing_that_the_registration(phone, facility):
    plan = make_plan(facility)
    phone.post(planned(facility, plan), tap())
    activity = Activity.objects.get()
    removed = phone.post(
        address("activity-remove", facility.slug, activity.pk), headers=HTMX
    ).content.decode()
    assert f'<li id="plan-{plan.pk}">' in removed
    assert "er fjernet" in removed
    assert "1 kan stadig nås i dag" in removed
    assert "Alt planlagt er registreret" not in removed
    restored = phone.post(
        address("activity-restore", facility.slug, activity.pk), headers=HTMX
    ).content.decode()
    assert f'<li id="r-{activity.pk}">' in restored
    assert "Alt planlagt er registreret" in restored
    assert Activity.objects.standing().count() == 1


def test_undo_without_javascript(phone, facility):
    plan = make_plan(facility)
    activity = make_activity(facility, plan)
    answer = phone.post(address("activity-remove", facility.slug, activity.pk))
    page = phone.get(answer.url)
    assert [row.removed.pk for row in page.context["page"].taps] == [activity.pk]
    assert "Fortryd" in text(page)
    back = phone.post(address("activity-restore", facility.slug, activity.pk))
    assert back.url == f"{today(facility)}#r-{activity.pk}"
    assert "0 af 1 planlagte" in text(phone.get(back.url))


def test_leaving_the_reasons_reads_the_row_again(phone, facility):
    plan = make_plan(facility)
    row = phone.get(planned(facility, plan), headers=HTMX).content.decode()
    assert f'<li id="plan-{plan.pk}">' in row
    assert 'class="btn" data-focus' in row
    assert phone.get(planned(facility, plan)).url == f"{today(facility)}#plan-{plan.pk}"


# --- What was not planned -----------------------------------------------------------------------


def unplanned(kind, **values) -> dict:
    return {
        "activity_type": kind.pk,
        "held_on": "21.11.2026",
        "duration_minutes": "45",
        "participant_count": "3",
        "note": "Vi gik til havnen",
        "submission_id": str(uuid.uuid4()),
        **values,
    }


def test_the_six_most_used_here_come_first_and_the_others_are_a_fold_away(
    phone, facility, other_facility
):
    kinds = [make_type(f"Type {number:02}", position=number) for number in range(1, 10)]
    for kind in kinds[2:]:
        make_activity(facility, held_on=YESTERDAY, activity_type=kind)
    for held_on, place in ((TODAY - dt.timedelta(weeks=30), facility), (TODAY, other_facility)):
        for kind in kinds[:2]:
            make_activity(place, held_on=held_on, activity_type=kind)
    make_activity(facility, held_on=YESTERDAY, activity_type=kinds[8])
    shown, _, folded = phone.get(today(facility)).content.decode().partition('<details class="pick')

    def named(html):
        return [kind.name for kind in kinds if f">{kind.name}<" in html]

    folded = folded.partition("</details>")[0]
    assert named(shown) == [kind.name for kind in (*kinds[2:7], kinds[8])]
    assert named(folded) == [kind.name for kind in (*kinds[:2], kinds[7])]
    assert "open" not in folded.partition(">")[0]
    refused = phone.post(
        address("register", facility.slug), unplanned(kinds[0], participant_count="")
    )
    assert refused.status_code == 422
    assert '<details class="pickers__more" open>' in refused.content.decode()


def test_what_was_not_planned_stands_in_the_log_at_once(phone, facility, staff):
    kind = make_type("Gymnastik", "MS")
    answer = phone.post(address("register", facility.slug), unplanned(kind), headers=HTMX)
    activity = Activity.objects.get()
    assert answer.status_code == 200
    assert (activity.title, activity.factors, activity.duration_minutes) == ("Gymnastik", "MS", 45)
    assert (activity.note, activity.registered_by) == ("Vi gik til havnen", staff)
    html = answer.content.decode()
    assert 'hx-swap-oob="afterbegin:#registered-list"' in html
    assert "Gymnastik" in html
    plain = phone.post(address("register", facility.slug), unplanned(kind))
    assert plain.status_code == 302
    assert plain.url.startswith(today(facility) + "#r-")


def test_what_was_written_up_late_belongs_to_its_day(phone, facility):
    sent = unplanned(make_type(), held_on="16-11-2026")
    answer = phone.post(address("register", facility.slug), sent)
    assert Activity.objects.get().held_on == dt.date(2026, 11, 16)
    assert "dag=2026-11-16" in answer.url
    page = phone.get(today(facility)).context["page"]
    assert page.registered == []
    assert len(page.latest) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("activity_type", ""),
        ("activity_type", "0"),
        ("activity_type", "1" + "0" * 30),
        ("activity_type", "gåtur"),
        ("held_on", "22.11.2026"),
        ("held_on", "31-02-2026"),
        ("held_on", "01.01.0001"),
        ("held_on", ""),
        ("duration_minutes", "0"),
        ("duration_minutes", "1441"),
        ("duration_minutes", "1" + "0" * 12),
        ("duration_minutes", "1,5"),
        ("participant_count", "-1"),
        ("participant_count", "1.5"),
        ("participant_count", "1" + "0" * 12),
        ("participant_count", ""),
        ("note", "nul\x00tegn"),
        ("note", "x" * 1001),
        ("note", "beboer 010190-1234"),
        ("submission_id", "nej"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_the_rest_is_kept(phone, facility, field, value):
    sent = unplanned(make_type()) | {field: value}
    answer = phone.post(address("register", facility.slug), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["unplanned"].errors) == [field]
    assert 'id="error-summary"' in html
    assert "<title>Fejl:" in html
    if field != "note":
        assert "Vi gik til havnen" in html
    if "010190" in value:
        assert "CPR-nummer" in text(answer)
    assert not Activity.objects.exists()


def test_a_type_that_is_not_offered_here_is_refused(phone, facility, other_facility):
    theirs = make_type("Kun i Sønderby", municipality=other_facility.department.municipality)
    retired = make_type("Udgået", retired=True)
    for kind in (theirs, retired):
        answer = phone.post(address("register", facility.slug), unplanned(kind))
        assert answer.status_code == 422
    assert not Activity.objects.exists()


def test_a_municipalitys_own_types_replace_the_defaults(phone, facility):
    make_type("Standard")
    make_type("Vores egen", municipality=facility.department.municipality)
    page = text(phone.get(today(facility)))
    assert "Vores egen" in page
    assert "Standard" not in page


def test_nothing_is_registered_after_a_facility_has_closed(phone, facility):
    facility.closed_on = YESTERDAY
    facility.save()
    answer = phone.post(address("register", facility.slug), unplanned(make_type()))
    assert answer.status_code == 422
    assert "lukket" in text(answer)


def test_dates_are_danish_also_in_english(phone, facility):
    phone.cookies["django_language"] = "en"
    answer = phone.post(planned(facility, make_plan(facility)), tap())
    assert answer.status_code == 302
    assert Activity.objects.get().held_on == TODAY


# --- Who ----------------------------------------------------------------------------------------


def test_a_viewer_reads_and_registers_nothing(login, make_user, facility):
    plan, kind = make_plan(facility), make_type()
    done = make_activity(facility, make_plan(facility, "Færdig"))
    viewer = login(make_user(Role.VIEWER, facility=facility))
    page = viewer.get(today(facility))
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert page.status_code == 200
    assert "<form" not in main
    assert "<button" not in main
    attempts = [
        viewer.post(planned(facility, plan), tap()),
        viewer.post(address("register", facility.slug), unplanned(kind)),
        viewer.post(address("activity-remove", facility.slug, done.pk)),
        viewer.post(address("activity-restore", facility.slug, done.pk)),
        viewer.post(address("activity-edit", facility.slug, done.pk), {}),
        viewer.get(address("activity-edit", facility.slug, done.pk)),
    ]
    assert {answer.status_code for answer in attempts} == {403}
    assert Activity.objects.get().version == 1


@pytest.mark.parametrize("role", [None, Role.STAFF])
def test_the_facility_of_others_is_not_found(login, make_user, facility, other_facility, role):
    stranger = make_user(role, facility=other_facility) if role else make_user()
    client, plan, there = login(stranger), make_plan(facility), make_activity(facility)
    slug = facility.slug
    reads = ["today", "rhythm", "log"]
    assert {client.get(address(name, slug)).status_code for name in reads} == {404}
    answers = [
        client.post(planned(facility, plan), tap()),
        client.post(address("register", slug), unplanned(make_type())),
        client.get(address("activity-edit", slug, there.pk)),
        client.post(address("activity-edit", slug, there.pk), {}),
        client.post(address("activity-remove", slug, there.pk)),
        client.post(address("activity-restore", slug, there.pk)),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_what_belongs_to_another_facility_is_not_found_under_ones_own(
    phone, facility, other_facility
):
    theirs, done = make_plan(other_facility), make_activity(other_facility)
    slug = facility.slug
    answers = [
        phone.post(address("planned", slug, theirs.pk), tap()),
        phone.post(address("planned", slug, theirs.pk), tap(participant_count="-1")),
        phone.post(address("planned", slug, 10**30), tap()),
        phone.get(address("activity", slug, done.pk)),
        phone.get(address("activity-edit", slug, done.pk)),
        phone.post(address("activity-remove", slug, done.pk)),
        phone.post(address("activity-restore", slug, 10**30)),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert Activity.objects.get().version == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF])
def test_who_works_for_the_whole_department_registers_too(
    login, make_user, facility, department, role
):
    client = login(make_user(role, department=department))
    assert client.post(planned(facility, make_plan(facility)), tap()).status_code == 302


# --- What it costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["today", "rhythm"])
def test_the_page_costs_the_same_with_thirty_plans(phone, facility, staff, name):
    def cost(**query):
        with CaptureQueriesContext(connection) as queries:
            assert phone.get(address(name, facility.slug, **query)).status_code == 200
        return len(queries)

    def add(number):
        plan = make_plan(facility, f"Plan {number}", "67" if number % 2 else "56")
        make_pause(plan, TODAY - dt.timedelta(days=60), TODAY - dt.timedelta(days=50))
        if number % 3 == 0:
            make_activity(facility, plan, registered_by=staff)
        for week in range(1, 9):
            held_on = TODAY - dt.timedelta(weeks=week)
            make_activity(facility, plan, held_on=held_on, registered_by=staff)

    add(0)
    one = cost()
    for number in range(1, 30):
        add(number)
    assert cost() == one <= 8
    if name == "today":
        assert cost(dag="2026-11-20") == one


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_held_before_its_time_is_asked_about_and_nothing_typed_is_lost(phone, facility, htmx):
    plan = make_plan(facility, "Svømning", start_time=dt.time(13, 30))
    sent = tap(participant_count="8")
    asked = phone.post(planned(facility, plan), sent, headers=htmx)
    html = asked.content.decode()
    assert (asked.status_code, Activity.objects.count()) == (422, 0)
    assert "Den er planlagt til kl. 13.30. Er den allerede gennemført?" in html
    assert 'value="8"' in html
    assert sent["submission_id"][:18] in html
    assert 'name="early" value="1"' in html
    answer = phone.post(planned(facility, plan), sent | {"early": "1"}, headers=htmx)
    assert answer.status_code == (200 if htmx else 302)
    assert Activity.objects.get().participant_count == 8


def test_only_held_is_asked_about_before_its_time(phone, facility):
    plan = make_plan(facility, "Svømning", "67", start_time=dt.time(13, 30))
    sent = tap("cancelled", cancellation_reason="weather")
    assert phone.post(planned(facility, plan), sent).status_code == 302
    before = make_plan(facility, "Madlavning", start_time=dt.time(11))
    assert phone.post(planned(facility, before), tap()).status_code == 302


def test_what_nobody_gave_a_time_has_none(phone, facility):
    make_activity(facility, title="Spontan tur")
    assert "kl. 12.00" not in text(phone.get(today(facility)))


def test_what_waits_on_an_agenda_says_so_when_the_page_is_read_again(login, make_user, facility):
    fading = make_plan(facility, "Gåtur", "6")
    for week in range(1, 5):
        saturday = TODAY - dt.timedelta(weeks=week)
        make_activity(facility, fading, held_on=saturday, outcome="cancelled")
    day = TODAY + dt.timedelta(days=4)
    meeting = Meeting.objects.create(facility=facility, kind="house", held_on=day)
    desk = login(make_user(Role.MANAGER, department=facility.department))
    button = reverse("initiatives:put-on-agenda", args=[facility.slug, fading.pk])
    overview = reverse("initiatives:overview", args=[facility.department.slug])
    pages = [today(facility), overview, reverse("initiatives:plan", args=[facility.slug])]
    assert all(button in desk.get(page).content.decode() for page in pages)
    assert desk.post(button).status_code == 302
    for page in pages:
        html = desk.get(page).content.decode()
        assert button not in html
        assert "På dagsordenen" in html
        assert f"{meeting.get_absolute_url()}#item-" in html
    Meeting.objects.update(closed_at=timezone.now())
    assert all(button in desk.get(page).content.decode() for page in pages)


def test_all_pages_say_the_same_of_what_is_not_registered(login, make_user, facility):
    """Strip, plan, overview, agenda and e-mail read one verdict from one log."""
    plan = make_plan(facility, "Kaffefri", "36")
    for week in range(4, 13):
        wednesday = TODAY - dt.timedelta(weeks=week, days=3)
        outcome = "cancelled" if week == 4 else "held"
        for day in (wednesday, wednesday + dt.timedelta(days=3)):
            make_activity(facility, plan, held_on=day, outcome=outcome)
    day = TODAY + dt.timedelta(days=4)
    meeting = Meeting.objects.create(facility=facility, kind="house", held_on=day)
    manager = make_user(Role.MANAGER, department=facility.department)
    desk = login(manager)
    pages = [
        today(facility),
        reverse("initiatives:rhythm", args=[facility.slug]),
        reverse("initiatives:plan", args=[facility.slug]),
        reverse("initiatives:overview", args=[facility.department.slug]),
        meeting.get_absolute_url(),
    ]
    said = [text(desk.get(page)) for page in pages]
    said.append(
        " ".join(
            f"Ved vi ikke {line.whole}"
            for section in worklist.sections(manager, TODAY)
            for line in section.lines
        )
    )
    for words in said:
        assert "Ved vi ikke" in words
        assert "6 af 8 er ikke registreret" in words
        assert "Gået i stå" not in words
    grid = reverse("initiatives:grid", args=[facility.slug, "2026-W46"])
    assert all(grid in desk.get(page).content.decode() for page in pages)
