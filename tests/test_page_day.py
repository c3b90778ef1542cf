"""A page left open overnight never registers on the wrong day without a question."""

import datetime as dt
import uuid
from urllib.parse import urlsplit

import html5lib
import pytest
import time_machine
from django.forms import Form
from django.test import Client
from django.urls import reverse

from initiatives.enums import MeetingKind
from initiatives.models import Activity, AgendaItem, Decision, Meeting
from krams.danish.weeks import Week
from krams.enums import Role
from krams.web.forms import TodayField
from tests.demo import DemoTestCase
from tests.initiatives.planning import NOON, TODAY, make_plan, make_type, tap
from tests.pages import PAGES

HTML = "{http://www.w3.org/1999/xhtml}"
HTMX = {"HX-Request": "true"}
NEXT_DAY = NOON + dt.timedelta(days=1)
TOMORROW = TODAY + dt.timedelta(days=1)
WRITTEN = TODAY.strftime("%d.%m.%Y")
EVERY_DAY = "1234567"
# A registration that stands is corrected: its day is its own, whenever the page was opened.
OWN_DAY = {("initiatives:activity-edit", "held_on")}


class EveryForm(DemoTestCase):
    def test_a_form_that_offers_today_says_which_day_that_is(self):
        """Whatever page it is on: a date of today in a form that writes has its page's day."""
        without, found = set(), set()
        today = dt.date.today()
        for page in PAGES:
            if page.status != 200:
                continue
            for form in self.answer_of(page).tree.iter(HTML + "form"):
                if form.get("method") != "post":
                    continue
                inputs = list(form.iter(HTML + "input"))
                names = {one.get("name") for one in inputs}
                for one in inputs:
                    name, value = one.get("name") or "", one.get("value") or ""
                    if value == f"{today:%d.%m.%Y}":
                        found.add(name)
                        is_own = (page.name, name) in OWN_DAY
                        if f"{name}-page_day" not in names and not is_own:
                            without.add((str(page), name))
                if any(name.startswith("c") and name[1:2].isdigit() for name in names if name):
                    found.add("week")
                    if "week-page_day" not in names:
                        without.add((str(page), "week"))
        assert without == set()
        assert {"held_on", "closed_on", "week", "starts_on", "valid_from"} <= found


def forms_with_a_day():
    def below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return [
        pytest.param(field, id=f"{kind.__name__}.{name}")
        for kind in below(Form)
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, TodayField)
    ]


def test_the_walk_finds_the_forms():
    assert len(forms_with_a_day()) >= 10


@pytest.mark.parametrize("field", forms_with_a_day())
@time_machine.travel(NEXT_DAY, tick=False)
def test_every_day_that_is_today_by_default_is_asked_about_on_the_day_after(field):
    def read(typed, page_day="2026-11-21", which=None):
        sent = {"d": typed, "d-page_day": page_day, "d-which_day": which}
        bound = type("Bound", (Form,), {"d": field})(sent)
        if bound.is_valid():
            return bound.cleaned_data["d"]
        assert [error.code for error in bound.errors.as_data()["d"]] == ["which_day"]
        html = str(bound["d"])
        assert 'value="2026-11-21"' in html
        assert 'value="2026-11-22"' in html
        return "asked"

    assert read(WRITTEN) == "asked"
    for forged in ("", "x", "2026-11-20", "2026-11-23", "9999-99-99", "\x00", "20261123"):
        assert read(WRITTEN, which=forged) == "asked"
    assert read(WRITTEN, which="2026-11-21") == TODAY
    assert read(WRITTEN, which="2026-11-22") == TOMORROW
    # A day that somebody chose is no question, and a page of today has none.
    assert read("20.11.2026") == TODAY - dt.timedelta(days=1)
    assert read("22.11.2026") == TOMORROW
    assert read(WRITTEN, page_day="2026-11-22") == TODAY
    for forged in (None, "", "x", "\x00", "2026-13-45", "2026-11-21 "):
        assert read(WRITTEN, page_day=forged) == TODAY


@pytest.fixture
def evening():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(login, make_user, facility):
    return login(make_user(Role.STAFF, facility=facility))


def hidden(response, action: str) -> dict:
    """What the form that posts to ``action`` sends as it stands."""
    for form in html5lib.parse(response.content.decode()).iter(HTML + "form"):
        if urlsplit(form.get("action") or "").path == action:
            return {
                one.get("name"): one.get("value") or ""
                for one in form.iter(HTML + "input")
                if one.get("name") and one.get("type") not in ("radio", "checkbox")
            }
    raise AssertionError(action)


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [{}, HTMX])
@pytest.mark.parametrize(("which", "day"), [("2026-11-21", TODAY), ("2026-11-22", TOMORROW)])
def test_one_tap_on_yesterdays_page(desk, facility, evening, htmx, which, day):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    url = reverse("initiatives:planned", args=[facility.slug, plan.pk])
    sent = hidden(desk.get(reverse("initiatives:today", args=[facility.slug])), url)
    sent |= {"outcome": "held", "participant_count": "7"}
    evening.move_to(NEXT_DAY)
    for _twice in range(2):
        response = desk.post(url, sent, headers=htmx)
        assert response.status_code == 422
        assert Activity.objects.count() == 0
        sent |= hidden(response, url)
        assert sent["participant_count"] == "7"
    sent |= {"held_on-which_day": which}
    assert desk.post(url, sent, headers=htmx).status_code in (200, 302)
    assert Activity.objects.get().held_on == day


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_an_unplanned_activity_on_yesterdays_page(desk, facility, evening, htmx):
    url = reverse("initiatives:register", args=[facility.slug])
    kind = make_type()
    sent = hidden(desk.get(reverse("initiatives:today", args=[facility.slug])), url)
    sent |= {"activity_type": kind.pk, "participant_count": "7", "note": "Husk vand"}
    evening.move_to(NEXT_DAY)
    response = desk.post(url, sent, headers=htmx)
    assert response.status_code == 422
    assert "Husk vand" in response.content.decode()
    sent |= hidden(response, url) | {"held_on-which_day": "2026-11-22"}
    assert desk.post(url, sent, headers=htmx).status_code in (200, 302)
    assert Activity.objects.get().held_on == TOMORROW


@pytest.mark.django_db
def test_a_day_that_was_chosen_by_its_address_is_no_question(desk, facility, evening):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    url = reverse("initiatives:planned", args=[facility.slug, plan.pk])
    page = desk.get(reverse("initiatives:today", args=[facility.slug]) + "?dag=2026-11-20")
    sent = hidden(page, url) | {"outcome": "held", "participant_count": "7"}
    evening.move_to(NEXT_DAY)
    assert desk.post(url, sent).status_code == 302
    assert Activity.objects.get().held_on == TODAY - dt.timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [{}, HTMX])
@pytest.mark.parametrize(("which", "day"), [("2026-11-21", TODAY), ("2026-11-22", TOMORROW)])
def test_the_week_grid_of_yesterday(desk, facility, evening, htmx, which, day):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    url = reverse("initiatives:grid", args=[facility.slug, str(Week.of(TODAY))])
    sent = hidden(desk.get(url), url) | {f"c{plan.pk}-6": "7", f"c{plan.pk}-2": "3"}
    evening.move_to(NEXT_DAY)
    response = desk.post(url, sent, headers=htmx)
    assert response.status_code == 422
    assert Activity.objects.count() == 0
    sent = hidden(response, url)
    assert (sent[f"c{plan.pk}-6"], sent[f"c{plan.pk}-2"]) == ("7", "3")
    assert desk.post(url, sent | {"week-which_day": "2026-11-20"}).status_code == 422
    assert desk.post(url, sent | {"week-which_day": which}, headers=htmx).status_code in (200, 302)
    days = Activity.objects.order_by("held_on").values_list("held_on", flat=True)
    assert list(days) == [TODAY - dt.timedelta(days=4), day]


@pytest.mark.django_db
def test_what_cannot_be_moved_in_the_grid_stays_where_it_was_typed(desk, facility, evening):
    plan = make_plan(facility, "Tur", EVERY_DAY, ends_on=TODAY)
    url = reverse("initiatives:grid", args=[facility.slug, str(Week.of(TODAY))])
    sent = hidden(desk.get(url), url) | {f"c{plan.pk}-6": "7"}
    evening.move_to(NEXT_DAY)
    response = desk.post(url, sent | {"week-which_day": "2026-11-22"})
    assert response.status_code == 422
    assert hidden(response, url)[f"c{plan.pk}-6"] == "7"
    assert Activity.objects.count() == 0


@pytest.mark.django_db
def test_what_is_moved_in_the_grid_to_before_its_time_is_asked_about(desk, facility, evening):
    plan = make_plan(facility, "Tur", EVERY_DAY, start_time=dt.time(20))
    url = reverse("initiatives:grid", args=[facility.slug, str(Week.of(TODAY))])
    field = f"c{plan.pk}-6"
    evening.move_to(NOON + dt.timedelta(hours=9))
    sent = hidden(desk.get(url), url) | {field: "7"}
    evening.move_to(NEXT_DAY)
    response = desk.post(url, sent | {"week-which_day": "2026-11-22"})
    assert response.status_code == 422
    assert Activity.objects.count() == 0
    sent = hidden(response, url)
    assert (sent[field], sent[f"c{plan.pk}-7"]) == ("", "7")
    assert desk.post(url, sent).status_code == 422
    assert desk.post(url, sent | {f"s{plan.pk}-7": "early=7"}).status_code == 302
    assert Activity.objects.get().held_on == TOMORROW


@pytest.mark.django_db
def test_the_grid_of_last_week_leads_to_the_week_of_today(desk, facility, evening):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    evening.move_to(NEXT_DAY)  # a Sunday
    url = reverse("initiatives:grid", args=[facility.slug, str(Week.of(TODAY))])
    sent = hidden(desk.get(url), url) | {f"c{plan.pk}-7": "7"}
    evening.move_to(NEXT_DAY + dt.timedelta(days=1))
    response = desk.post(url, sent)
    assert response.status_code == 422
    this_week = reverse("initiatives:grid", args=[facility.slug, str(Week.of(TODAY) + 1)])
    assert f'"{this_week}"' in response.content.decode()
    sent = hidden(response, url)
    assert desk.post(url, sent | {"week-which_day": "2026-11-23"}).status_code == 422
    assert desk.post(url, sent | {"week-which_day": "2026-11-22"}).status_code == 302
    assert Activity.objects.get().held_on == TOMORROW


@pytest.mark.django_db
def test_the_agenda_of_yesterday(desk, facility, evening):
    """A point dealt with and a decision closed, on a page that was opened the day before."""
    meeting = Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=TODAY, submission_id=uuid.uuid4()
    )
    item = AgendaItem.objects.create(meeting=meeting, text="Køkkenet")
    agreed = Decision.objects.create(
        meeting=meeting, text="Køb frugt", responsible_role="Vagten", due_on=TODAY
    )
    url = reverse("initiatives:item-handle", args=[meeting.pk, item.pk])
    sent = hidden(desk.get(meeting.get_absolute_url()), url)
    follow_up = reverse("initiatives:decision-follow-up", args=[meeting.pk, agreed.pk])
    closing = hidden(desk.get(follow_up), follow_up) | {"outcome": "done", "note": "Virker"}
    evening.move_to(NEXT_DAY)
    response = desk.post(url, sent)
    assert response.status_code == 422
    item.refresh_from_db()
    assert item.handled_on is None
    sent = hidden(response, url) | {"day-which_day": "2026-11-21"}
    assert desk.post(url, sent).status_code == 302
    item.refresh_from_db()
    assert item.handled_on == TODAY
    response = desk.post(follow_up, closing)
    assert response.status_code == 422
    assert hidden(response, follow_up)["note"] == "Virker"
    closing |= hidden(response, follow_up) | {"closed_on-which_day": "2026-11-22"}
    assert desk.post(follow_up, closing).status_code == 302
    agreed.refresh_from_db()
    assert agreed.closed_on == TOMORROW


@pytest.mark.django_db
def test_a_page_without_its_day_is_of_today(desk, facility, evening):
    plan = make_plan(facility, "Tur", EVERY_DAY)
    url = reverse("initiatives:planned", args=[facility.slug, plan.pk])
    assert desk.post(url, tap()).status_code == 302
    assert Client().post(url, tap()).status_code == 302  # to the log-in
    assert Activity.objects.count() == 1
