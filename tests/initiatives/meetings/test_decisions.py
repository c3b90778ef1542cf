"""Decisions: written, corrected, followed up, removed, and never twice."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from initiatives.enums import MeetingKind
from initiatives.meetings.actions import meetings as actions
from initiatives.models import Decision
from krams.history.actions.locking import StaleVersion

from ..planning import TODAY, make_plan
from .making_meetings import (
    CPR,
    IN_A_WEEK,
    decision_data,
    make_decision,
    make_meeting,
    text_of,
    url,
)

pytestmark = pytest.mark.usefixtures("at_noon")


class TestDecisions:
    def test_the_same_form_twice_stores_one(self, login, staff, meeting, facility):
        plan, client, data = make_plan(facility), login(staff), decision_data()
        data["plan"] = str(plan.pk)
        for _twice in range(2):
            sent = client.post(url("decision-add", meeting.pk), data)
            assert sent.url == f"{meeting.get_absolute_url()}?ved=write#decided"
        decision = Decision.objects.get()
        assert (decision.meeting, decision.planned_activity) == (meeting, plan)
        assert (decision.responsible_role, decision.due_on) == (
            "Medarbejder på aftenvagt",
            dt.date(2026, 12, 10),
        )
        assert decision.history.get().history_user == staff
        page = text_of(client.get(sent.url))
        assert f'href="{url("decision-edit", meeting.pk, decision.pk)}"' in page
        assert f'href="{url("decision-follow-up", meeting.pk, decision.pk)}"' in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("text", ""),
            ("text", "   "),
            ("text", "x" * 501),
            ("text", "\x00"),
            ("text", f"Følg op med {CPR}"),
            ("responsible_role", ""),
            ("responsible_role", "x" * 81),
            ("responsible_role", "a\nb"),
            ("due_on", ""),
            ("due_on", "31-02-2026"),
            ("due_on", "01.01.0001"),
            ("due_on", "27.11.2026"),  # the day before the meeting
            ("plan", "abc"),
            ("plan", "999999"),
            ("submission_id", "x"),
        ],
    )
    def test_bad_input_is_told_and_kept(self, login, staff, meeting, field, value):
        sent = login(staff).post(url("decision-add", meeting.pk), decision_data(**{field: value}))
        assert sent.status_code == 422
        assert field in sent.context["new_decision"].errors
        if field != "text":
            assert "Kakao i stedet for kaffe" in text_of(sent)
        assert "<title>Fejl:" in text_of(sent)
        assert not Decision.objects.exists()

    def test_an_activity_of_another_facility_is_refused(
        self, login, staff, meeting, other_facility
    ):
        plan = make_plan(other_facility)
        sent = login(staff).post(url("decision-add", meeting.pk), decision_data(plan=str(plan.pk)))
        assert sent.status_code == 422

    def test_an_open_one_returns_until_it_is_closed(self, login, staff, facility, meeting):
        decision = make_decision(make_meeting(facility, TODAY - dt.timedelta(weeks=4)))
        later = make_meeting(facility, TODAY + dt.timedelta(weeks=5))
        client = login(staff)
        for agenda in (meeting, later):
            assert decision.text in text_of(client.get(url("meeting", agenda.pk)))
        sent = client.post(
            url("decision-follow-up", meeting.pk, decision.pk),
            {"outcome": "done", "note": "Virker godt", "due_on": "", "version": "1"},
        )
        assert sent.status_code == 302
        decision.refresh_from_db()
        assert (decision.closed_on, decision.closing_note) == (TODAY, "Virker godt")
        # Done since the last meeting: told once, and gone from the one after.
        assert "Virker godt" in text_of(client.get(url("meeting", meeting.pk)))
        assert decision.text not in text_of(client.get(url("meeting", later.pk)))

    def test_a_dropped_one_says_why_and_is_neither_done_nor_open(
        self, login, staff, facility, meeting
    ):
        decision = make_decision(
            make_meeting(facility, TODAY - dt.timedelta(weeks=4)), due_on=dt.date(2026, 11, 10)
        )
        client = login(staff)
        sent = client.post(
            url("decision-follow-up", meeting.pk, decision.pk),
            {"outcome": "dropped", "note": "Ingen ville med", "due_on": "", "version": "1"},
        )
        assert sent.status_code == 302
        decision.refresh_from_db()
        assert (decision.dropped, decision.closed_on) == (True, TODAY)
        page = text_of(client.get(url("meeting", meeting.pk)))
        assert "Droppet" in page
        assert "Ingen ville med" in page
        assert "Gjort<" not in page
        assert not Decision.objects.open().filter(pk=decision.pk).exists()
        client.post(url("decision-reopen", meeting.pk, decision.pk))
        decision.refresh_from_db()
        assert (decision.dropped, decision.closed_on) == (False, None)
        history = client.get(reverse("history", args=["beslutning", decision.pk]))
        assert "droppet" in text_of(history).lower()

    def test_the_database_refuses_one_that_is_dropped_without_a_reason(self, meeting):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_decision(meeting, dropped=True, closed_on=TODAY)

    def test_carrying_over_keeps_it_open_with_a_new_date(self, login, staff, facility, meeting):
        decision = make_decision(
            make_meeting(facility, TODAY - dt.timedelta(weeks=4)), due_on=dt.date(2026, 11, 10)
        )
        client = login(staff)
        assert "Over fristen" in text_of(client.get(url("meeting", meeting.pk)))
        client.post(
            url("decision-follow-up", meeting.pk, decision.pk),
            {"outcome": "carried_over", "note": "", "due_on": "15.12.2026", "version": "1"},
        )
        decision.refresh_from_db()
        assert (decision.closed_on, decision.due_on) == (None, dt.date(2026, 12, 15))
        assert "Over fristen" not in text_of(client.get(url("meeting", meeting.pk)))

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"outcome": ""}, "outcome"),
            ({"outcome": "måske"}, "outcome"),
            ({"outcome": "done", "note": ""}, "note"),
            ({"outcome": "done", "note": "x" * 501}, "note"),
            ({"outcome": "dropped", "note": ""}, "note"),
            ({"outcome": "dropped", "note": "Nej", "closed_on": "31.12.2026"}, "closed_on"),
            ({"outcome": "carried_over"}, "due_on"),
            ({"outcome": "carried_over", "due_on": "20.11.2026"}, "due_on"),
            ({"outcome": "carried_over", "due_on": "en dag"}, "due_on"),
            ({"outcome": "done", "note": "Ja", "version": "x"}, "version"),
        ],
    )
    def test_bad_follow_up_is_told(self, login, staff, meeting, values, field):
        decision = make_decision(meeting)
        sent = login(staff).post(
            url("decision-follow-up", meeting.pk, decision.pk), {"version": "1"} | values
        )
        assert sent.status_code == 422
        assert field in sent.context["edit"].form.errors
        decision.refresh_from_db()
        assert decision.version == 1

    def test_a_closed_one_can_be_opened_again(self, login, staff, meeting):
        decision = make_decision(meeting, closed_on=TODAY, closing_note="Virker")
        login(staff).post(url("decision-reopen", meeting.pk, decision.pk))
        decision.refresh_from_db()
        assert (decision.closed_on, decision.version) == (None, 2)

    def test_a_stale_edit_shows_both_texts(self, login, staff, manager, meeting):
        decision = make_decision(meeting)
        decision.save()
        values = {"text": "Gåturen aflyses", "responsible_role": "Leder", "due_on": IN_A_WEEK}
        actions.edit_decision(decision=decision, version=1, values=values, plan_id=None, by=manager)
        sent = login(staff).post(
            url("decision-edit", meeting.pk, decision.pk), decision_data(version="1")
        )
        assert sent.status_code == 409
        page = text_of(sent)
        for words in ("Gåturen", "Kakao", "Leder", str(manager)):
            assert words in page
        again = decision_data(version=str(sent.context["edit"].form["version"].value()))
        assert (
            login(staff).post(url("decision-edit", meeting.pk, decision.pk), again).status_code
            == 302
        )
        decision.refresh_from_db()
        assert decision.text == "Kakao i stedet for kaffe"

    def test_one_wins_where_two_close_it(self, staff, meeting):
        decision = make_decision(meeting)
        close = {"decision": decision, "version": 1, "closed_on": TODAY, "by": staff}
        actions.close_decision(note="Virker", **close)
        with pytest.raises(StaleVersion):
            actions.close_decision(note="Virker ikke", **close)

    def test_who_closes_it_has_seen_that_it_was_carried_over(self, login, staff, meeting):
        decision = make_decision(meeting)
        decision.save()
        later = dt.date(2026, 12, 15)
        actions.carry_over_decision(decision=decision, version=1, due_on=later, note="", by=staff)
        sent = login(staff).post(
            url("decision-follow-up", meeting.pk, decision.pk),
            {"outcome": "done", "note": "Virker", "due_on": "", "version": "1"},
        )
        assert sent.status_code == 409
        assert "15.12.2026" in text_of(sent)
        assert sent.context["edit"].form["note"].value() == "Virker"
        decision.refresh_from_db()
        assert decision.closed_on is None

    def test_removing_can_be_undone(self, login, staff, meeting):
        decision = make_decision(meeting)
        client = login(staff)
        sent = client.post(url("decision-remove", meeting.pk, decision.pk))
        page = text_of(client.get(sent.url))
        assert decision.text not in page
        assert url("decision-restore", meeting.pk, decision.pk) in page
        client.post(url("decision-restore", meeting.pk, decision.pk))
        assert decision.text in text_of(client.get(url("meeting", meeting.pk)))
        assert [event.history_type for event in decision.history.all()] == ["~", "~", "+"]

    @pytest.mark.parametrize(
        "query",
        [
            "?fjernet=decision-",
            "?fjernet=item-0",
            "?ved=x'><script>",
            "?fjernet=%00",
            "?ved=" + "9" * 500,
        ],
    )
    def test_addresses_that_mean_nothing_do_no_harm(self, login, staff, meeting, query):
        answer = login(staff).get(url("meeting", meeting.pk) + query)
        assert answer.status_code == 200
        assert "script>'" not in text_of(answer)

    def test_what_managers_agreed_stays_among_them(self, login, staff, facility, meeting):
        earlier = make_meeting(facility, TODAY - dt.timedelta(weeks=1), kind=MeetingKind.MANAGEMENT)
        make_decision(earlier, text="Ekstra aftenvagt")
        make_decision(make_meeting(facility, TODAY - dt.timedelta(weeks=2)), text="Kakao")
        follow_up = make_meeting(facility, IN_A_WEEK, kind=MeetingKind.MANAGEMENT)
        client = login(staff)
        house = text_of(client.get(url("meeting", meeting.pk)))
        assert ("Ekstra aftenvagt" in house, "Kakao" in house) == (False, True)
        management = text_of(client.get(url("meeting", follow_up.pk)))
        assert ("Ekstra aftenvagt" in management, "Kakao" in management) == (True, True)
