"""Points put on the agenda by hand: added, corrected, dealt with, removed."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from initiatives.meetings.actions import meetings as actions
from initiatives.models import AgendaItem

from ..planning import NOON, TODAY, make_plan
from .making_meetings import (
    CPR,
    IN_A_WEEK,
    make_fading_plan,
    make_meeting,
    meeting_data,
    text_of,
    url,
)

pytestmark = pytest.mark.usefixtures("at_noon")


class TestItems:
    def test_one_click_puts_an_activity_on_the_next_agenda_once(
        self, login, staff, facility, meeting
    ):
        make_meeting(facility, TODAY - dt.timedelta(days=1))
        make_meeting(facility, IN_A_WEEK + dt.timedelta(days=1))
        make_meeting(facility, TODAY, removed_at=NOON)
        plan, client = make_fading_plan(facility), login(staff)
        for _twice in range(2):
            sent = client.post(url("put-on-agenda", facility.slug, plan.pk))
        item = AgendaItem.objects.get()
        assert (item.meeting, item.planned_activity) == (meeting, plan)
        assert sent.url == f"{meeting.get_absolute_url()}#item-{item.pk}"
        page = text_of(client.get(url("meeting", meeting.pk)))
        assert f'id="item-{item.pk}"' in page
        assert page.count(">Aftentur<") == 1 + page.count(">Aftentur</option>")

    def test_in_place_it_answers_with_where_it_went(self, login, staff, facility, meeting):
        plan = make_plan(facility)
        sent = login(staff).post(
            url("put-on-agenda", facility.slug, plan.pk), headers={"HX-Request": "true"}
        )
        assert sent.status_code == 200
        assert f"{meeting.get_absolute_url()}#item-" in text_of(sent)
        assert "<html" not in text_of(sent)

    def test_without_a_meeting_it_offers_to_plan_one(self, login, staff, facility):
        plan, client = make_plan(facility), login(staff)
        address = url("put-on-agenda", facility.slug, plan.pk)
        new = f"{url('meeting-new', facility.slug)}?plan={plan.pk}"
        assert client.post(address).url == new
        assert new in text_of(client.post(address, headers={"HX-Request": "true"}))
        assert str(plan) in text_of(client.get(new))
        client.post(new, meeting_data())
        assert AgendaItem.objects.get().planned_activity == plan

    def test_a_removed_one_comes_back_when_it_is_put_on_again(
        self, login, staff, facility, meeting
    ):
        plan, client = make_plan(facility), login(staff)
        item = actions.put_on_next_agenda(plan=plan, now=timezone.localtime(), by=staff)
        client.post(url("item-remove", meeting.pk, item.pk))
        item.refresh_from_db()
        assert item.removed_at
        again = actions.put_on_next_agenda(plan=plan, now=timezone.localtime(), by=staff)
        assert (again.pk, again.removed_at) == (item.pk, None)

    @pytest.mark.parametrize("plan", ["abc", "-1", "9" * 30, "1.5"])
    def test_a_plan_that_is_none_is_not_found(self, login, staff, facility, plan):
        answer = login(staff).get(url("meeting-new", facility.slug), {"plan": plan})
        assert answer.status_code == 404

    def test_a_plan_of_another_facility_is_not_found(
        self, login, staff, facility, other_facility, meeting
    ):
        plan, client = make_plan(other_facility), login(staff)
        assert client.post(url("put-on-agenda", facility.slug, plan.pk)).status_code == 404
        answer = client.get(url("meeting-new", facility.slug), {"plan": plan.pk})
        assert answer.status_code == 404

    def test_a_text_is_added_once_edited_and_removed_with_undo(self, login, staff, meeting):
        client = login(staff)
        data = {"text": "Ny havebænk", "submission_id": str(uuid.uuid4())}
        for _twice in range(2):
            client.post(url("item-add", meeting.pk), data)
        item = AgendaItem.objects.get()
        page = text_of(client.get(url("meeting", meeting.pk)))
        assert f'href="{url("item-edit", meeting.pk, item.pk)}"' in page
        client.post(url("item-edit", meeting.pk, item.pk), {"text": "To bænke", "version": "1"})
        item.refresh_from_db()
        assert (item.text, item.version) == ("To bænke", 2)
        sent = client.post(
            url("item-edit", meeting.pk, item.pk), {"text": "Tre bænke", "version": "1"}
        )
        assert sent.status_code == 409
        sent = client.post(url("item-remove", meeting.pk, item.pk))
        assert url("item-restore", meeting.pk, item.pk) in text_of(client.get(sent.url))
        client.post(url("item-restore", meeting.pk, item.pk))
        item.refresh_from_db()
        assert item.removed_at is None

    @pytest.mark.parametrize("text", ["", "  ", "x" * 301, "a\nb", CPR, "\x00"])
    def test_bad_text_is_told(self, login, staff, meeting, text):
        data = {"text": text, "submission_id": str(uuid.uuid4())}
        sent = login(staff).post(url("item-add", meeting.pk), data)
        assert sent.status_code == 422
        assert "text" in sent.context["new_item"].errors
        assert not AgendaItem.objects.exists()

    def test_what_was_on_a_cancelled_meeting_comes_up_at_the_next(
        self, login, staff, facility, meeting
    ):
        cancelled = make_meeting(facility, TODAY + dt.timedelta(days=2))
        AgendaItem.objects.create(meeting=cancelled, text="Ny havebænk")
        client = login(staff)
        assert "Ny havebænk" not in text_of(client.get(url("meeting", meeting.pk)))
        client.post(url("meeting-cancel", cancelled.pk))
        assert "Ny havebænk" in text_of(client.get(url("meeting", meeting.pk)))
        client.post(url("meeting-restore", cancelled.pk))
        assert "Ny havebænk" not in text_of(client.get(url("meeting", meeting.pk)))
