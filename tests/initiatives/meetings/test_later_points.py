"""Points that wait for a later meeting, and meetings that repeat."""

import datetime as dt
import uuid

import pytest

from initiatives.meetings.actions import later_points as actions
from initiatives.meetings.actions.meetings import plan_next
from initiatives.meetings.rhythm import next_day
from initiatives.models import AgendaItem, LaterPoint, Meeting

from ..planning import NOON, TODAY
from .making_meetings import CPR, IN_A_WEEK, make_meeting, meeting_data, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def point_data(**values) -> dict:
    return {"text": "Ny havebænk", "submission_id": str(uuid.uuid4())} | values


class TestLater:
    def test_a_point_waits_and_goes_on_the_next_agenda_in_one_click(self, login, staff, facility):
        client = login(staff)
        assert client.post(url("later-add", facility.slug), point_data()).status_code == 302
        assert "Ny havebænk" in text_of(client.get(url("meetings", facility.slug)))
        make_meeting(facility, IN_A_WEEK + dt.timedelta(days=7))
        first = make_meeting(facility, IN_A_WEEK)
        point = LaterPoint.objects.get()
        for _twice in range(2):
            sent = client.post(url("later-put", point.pk))
            assert sent.status_code == 302
        [item] = AgendaItem.objects.all()
        assert (item.meeting, item.text) == (first, "Ny havebænk")
        assert not LaterPoint.objects.waiting().exists()

    def test_without_a_meeting_it_keeps_waiting(self, login, staff, facility):
        point = LaterPoint.objects.create(facility=facility, text="Ny havebænk")
        sent = login(staff).post(url("later-put", point.pk), follow=True)
        assert "Der er ikke planlagt noget møde" in text_of(sent)
        assert LaterPoint.objects.waiting().exists()

    def test_what_waits_at_another_place_stays_there(self, facility, other_facility, staff):
        make_meeting(other_facility, IN_A_WEEK)
        mine = make_meeting(facility, IN_A_WEEK + dt.timedelta(days=1))
        point = LaterPoint.objects.create(facility=facility, text="Ny havebænk")
        assert actions.put_on_next(point=point, now=NOON, by=staff).meeting == mine

    @pytest.mark.parametrize("text", ["", CPR, "x" * 301])
    def test_bad_input_is_told_and_kept(self, login, staff, facility, text):
        sent = login(staff).post(url("later-add", facility.slug), point_data(text=text))
        assert sent.status_code == 422
        assert "text" in sent.context["form"].errors
        assert not LaterPoint.objects.exists()

    def test_removed_it_is_gone_from_the_list(self, login, staff, facility):
        point = LaterPoint.objects.create(facility=facility, text="Ny havebænk")
        client = login(staff)
        client.post(url("later-remove", point.pk))
        page = client.get(url("meetings", facility.slug)).context["later"]
        assert page == []

    def test_removed_meanwhile_it_goes_on_no_agenda(self, login, staff, facility):
        make_meeting(facility, IN_A_WEEK)
        point = LaterPoint.objects.create(facility=facility, text="Ny havebænk")
        client = login(staff)
        client.post(url("later-remove", point.pk))
        assert client.post(url("later-put", point.pk)).status_code == 403
        assert not AgendaItem.objects.exists()

    def test_who_only_reads_writes_nothing_and_strangers_see_nothing(
        self, login, viewer, stranger, facility
    ):
        point = LaterPoint.objects.create(facility=facility, text="Ny havebænk")
        reader = login(viewer)
        assert "Ny havebænk" in text_of(reader.get(url("meetings", facility.slug)))
        addresses = (url("later-put", point.pk), url("later-remove", point.pk))
        for address in (*addresses, url("later-add", facility.slug)):
            assert reader.post(address, point_data()).status_code == 403
        for address in addresses:
            assert login(stranger).post(address).status_code == 404

    def test_a_department_has_its_own(self, login, manager, department, facility):
        client = login(manager)
        sent = client.post(url("department-later-add", department.slug), point_data())
        assert sent.status_code == 302
        point = LaterPoint.objects.get()
        assert (point.department, point.facility) == (department, None)
        assert "Ny havebænk" not in text_of(client.get(url("meetings", facility.slug)))


class TestRhythm:
    @pytest.mark.parametrize(
        ("held_on", "rhythm", "today", "following"),
        [
            ("2026-11-03", "weekly", "2026-11-03", "2026-11-10"),
            ("2026-11-03", "fortnightly", "2026-11-04", "2026-11-17"),
            # Written up late: what has passed is no next meeting.
            ("2026-11-03", "weekly", "2026-11-20", "2026-11-24"),
            # The last days of a year of 53 weeks; a fortnight over both changes of the clock.
            ("2026-12-22", "fortnightly", "2026-12-22", "2027-01-05"),
            ("2020-12-28", "fortnightly", "2020-12-28", "2021-01-11"),
            ("2026-10-20", "fortnightly", "2026-10-20", "2026-11-03"),
            ("2027-03-23", "fortnightly", "2027-03-23", "2027-04-06"),
            # The second Tuesday; the fifth is the last one.
            ("2026-11-10", "monthly", "2026-11-10", "2026-12-08"),
            ("2026-12-29", "monthly", "2026-12-29", "2027-01-26"),
            ("2026-12-31", "monthly", "2027-03-01", "2027-03-25"),
            ("2027-01-28", "last", "2027-01-28", "2027-02-25"),
            ("2027-03-25", "last", "2027-03-25", "2027-04-29"),
            ("2027-04-22", "monthly", "2027-04-22", "2027-05-27"),
            ("2027-04-08", "last", "2027-04-08", "2027-04-29"),
        ],
    )
    def test_the_next_day(self, held_on, rhythm, today, following):
        day = dt.date.fromisoformat
        assert next_day(day(held_on), rhythm, day(today)) == day(following)

    def test_the_last_of_each_month_stays_the_last_after_a_short_month(self, staff, facility):
        meeting = make_meeting(facility, dt.date(2026, 12, 31), repeats="monthly")
        days = []
        for _month in range(5):
            meeting = plan_next(meeting=meeting, by=staff)
            days.append(meeting.held_on.isoformat())
        assert days == ["2027-01-28", "2027-02-25", "2027-03-25", "2027-04-29", "2027-05-27"]
        assert meeting.get_repeats_display() == "Sidste gang i måneden"

    def test_writing_the_minutes_plans_the_next_one_once(self, login, staff, facility):
        meeting = make_meeting(
            facility, TODAY, repeats="fortnightly", starts_at=dt.time(14), place="Stuen"
        )
        client = login(staff)
        client.post(url("minutes", meeting.pk), {"minutes": "Vi talte", "version": "1"})
        following = Meeting.objects.get(held_on__gt=TODAY)
        assert following.held_on == TODAY + dt.timedelta(weeks=2)
        assert (following.starts_at, following.place) == (dt.time(14), "Stuen")
        assert (following.repeats, following.minutes) == ("fortnightly", "")
        client.post(url("meeting-cancel", following.pk))
        client.post(url("minutes", meeting.pk), {"minutes": "Vi talte om mad", "version": "2"})
        assert Meeting.objects.standing().count() == 1

    def test_one_click_plans_it_and_one_that_stands_is_kept(self, login, staff, facility):
        meeting = make_meeting(facility, TODAY, repeats="weekly")
        client = login(staff)
        assert "Planlæg det næste: hver uge" in text_of(client.get(url("meeting", meeting.pk)))
        for _twice in range(2):
            assert client.post(url("meeting-next", meeting.pk)).status_code == 302
        assert Meeting.objects.count() == 2
        assert "Planlæg det næste" not in text_of(client.get(url("meeting", meeting.pk)))

    def test_a_meeting_that_stands_alone_has_no_next(self, login, staff, viewer, facility):
        alone = make_meeting(facility, TODAY)
        assert login(staff).post(url("meeting-next", alone.pk)).status_code == 403
        repeating = make_meeting(facility, IN_A_WEEK, repeats="weekly")
        assert login(viewer).post(url("meeting-next", repeating.pk)).status_code == 403
        login(staff).post(url("minutes", alone.pk), {"minutes": "Vi talte", "version": "1"})
        assert Meeting.objects.count() == 2

    def test_it_is_chosen_in_the_form(self, login, staff, facility):
        sent = login(staff).post(url("meeting-new", facility.slug), meeting_data(repeats="monthly"))
        assert sent.status_code == 302
        assert Meeting.objects.get().repeats == "monthly"
        sent = login(staff).post(url("meeting-new", facility.slug), meeting_data(repeats="daglig"))
        assert sent.status_code == 422
