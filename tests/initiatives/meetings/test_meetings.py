"""Meetings: who may do what, what comes back, and that nothing typed is lost."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.enums import (
    AssessmentLevel,
    Direction,
    IndicatorKind,
    InitiativeStatus,
    MeetingKind,
)
from initiatives.meetings.actions import meetings as actions
from initiatives.models import (
    AgendaItem,
    Assessment,
    AttentionPoint,
    Decision,
    FacilityIndicator,
    Indicator,
    Initiative,
    Measurement,
    Meeting,
    SuccessCriterion,
)
from krams.enums import Role
from krams.models import Facility

from ..planning import NOON, TODAY, make_activity, make_pause, make_plan
from .making_meetings import (
    CPR,
    IN_A_WEEK,
    decision_data,
    make_decision,
    make_fading_plan,
    make_meeting,
    meeting_data,
    text_of,
    url,
)

pytestmark = pytest.mark.usefixtures("at_noon")


def make_criterion(facility, number=1, **values) -> FacilityIndicator:
    initiative, _made = Initiative.objects.get_or_create(
        department=facility.department,
        title="KRAMS",
        defaults={"status": InitiativeStatus.ACTIVE},
    )
    initiative.facilities.add(facility)
    criterion, _made = SuccessCriterion.objects.get_or_create(
        initiative=initiative,
        number=number,
        defaults={"title": "Mere motion", "short_title": "Mere motion", "factors": "M"},
    )
    indicator, _made = Indicator.objects.get_or_create(
        criterion=criterion,
        name="Andel, der går tur",
        defaults={
            "kind": IndicatorKind.SHARE,
            "direction": Direction.MORE,
            "unit": "%",
            "starts_on": dt.date(2026, 1, 1),
        },
    )
    return FacilityIndicator.objects.create(indicator=indicator, facility=facility, **values)


def measure(indicator, numerator, denominator, day) -> Measurement:
    return Measurement.objects.create(
        facility_indicator=indicator,
        measured_on=day,
        value=Decimal(100 * numerator) / denominator,
        numerator=numerator,
        denominator=denominator,
    )


class TestAccess:
    """Not visible is 404, visible but not allowed is 403; asked of every address that writes."""

    READS = ["meetings", "meeting"]

    def addresses(self, facility, meeting):
        decision, item = (
            make_decision(meeting),
            AgendaItem.objects.create(meeting=meeting, text="x"),
        )
        plan = make_plan(facility)
        of_meeting = ["meeting-cancel", "meeting-restore", "wishes", "minutes", "item-add"]
        yield url("meeting-new", facility.slug)
        yield url("put-on-agenda", facility.slug, plan.pk)
        for name in [*of_meeting, "meeting-edit", "decision-add"]:
            yield url(name, meeting.pk)
        for name in ["edit", "follow-up", "reopen", "remove", "restore"]:
            yield url(f"decision-{name}", meeting.pk, decision.pk)
        for name in ["edit", "remove", "restore"]:
            yield url(f"item-{name}", meeting.pk, item.pk)

    def test_who_may_only_read_is_told_so(self, login, viewer, facility, meeting):
        client = login(viewer)
        for address in self.addresses(facility, meeting):
            assert client.post(address, {}).status_code == 403, address
        assert client.get(url("meetings", facility.slug)).status_code == 200
        page = text_of(client.get(url("meeting", meeting.pk)))
        assert 'method="post"' not in page.split("<main")[1]
        assert Meeting.objects.get() == meeting

    def test_who_has_no_business_there_sees_nothing(self, login, stranger, facility, meeting):
        client = login(stranger)
        for address in self.addresses(facility, meeting):
            assert client.post(address, {}).status_code == 404, address
        assert client.get(url("meetings", facility.slug)).status_code == 404
        assert client.get(url("meeting", meeting.pk)).status_code == 404

    def test_a_departments_meeting_is_its_managers_own(
        self, login, manager, staff, make_user, department
    ):
        meeting = make_meeting(department=department, kind=MeetingKind.MANAGEMENT)
        reader = make_user(Role.VIEWER, department=department)
        on_the_whole = make_user(Role.STAFF, department=department)
        answers = {
            manager: (200, 302),
            reader: (200, 403),
            on_the_whole: (200, 403),
            staff: (404, 404),
        }
        for person, (reads, writes) in answers.items():
            client = login(person)
            assert client.get(url("meeting", meeting.pk)).status_code == reads
            assert client.get(url("department-meetings", department.slug)).status_code == reads
            sent = client.post(url("decision-add", meeting.pk), decision_data())
            assert sent.status_code == writes
            new = client.post(url("department-meeting-new", department.slug), meeting_data())
            assert new.status_code == writes

    def test_a_decision_or_item_of_another_meeting_is_not_found(
        self, login, manager, facility, other_facility, meeting
    ):
        elsewhere = make_meeting(other_facility)
        decision, item = make_decision(elsewhere), AgendaItem(meeting=elsewhere, text="x")
        item.save()
        client = login(manager)
        for name, pk in [("decision-edit", decision.pk), ("item-edit", item.pk)]:
            assert client.get(url(name, meeting.pk, pk)).status_code == 404
        for name, pk in [("decision-restore", decision.pk), ("item-restore", item.pk)]:
            assert client.post(url(name, meeting.pk, pk)).status_code == 404

    def test_actions_ask_again(self, viewer, stranger, meeting, facility):
        decision = make_decision(meeting)
        for person in (viewer, stranger):
            with pytest.raises(Facility.DoesNotExist):
                actions.create_meeting(
                    facility=facility, values={}, submission_id=uuid.uuid4(), by=person
                )
            with pytest.raises(Meeting.DoesNotExist):
                actions.cancel_meeting(meeting=meeting, by=person)
            with pytest.raises(Decision.DoesNotExist):
                actions.remove_point(point=decision, by=person)
            with pytest.raises(actions.NoMeetingPlanned):
                actions.put_on_next_agenda(
                    plan=make_plan(facility), now=timezone.localtime(), by=person
                )


class TestMeetings:
    def test_staff_plan_a_meeting_once(self, login, staff, facility):
        client, data = login(staff), meeting_data()
        for _twice in range(2):
            sent = client.post(url("meeting-new", facility.slug), data)
            assert sent.status_code == 302
        meeting = Meeting.objects.get()
        assert sent.url == meeting.get_absolute_url()
        assert (meeting.facility, meeting.kind, meeting.place) == (facility, "house", "Fællesstuen")
        assert (meeting.held_on, meeting.starts_at) == (dt.date(2026, 11, 28), dt.time(14))
        assert meeting.history.get().history_user == staff

    def test_the_same_submission_elsewhere_is_another_meeting(
        self, login, manager, facility, department
    ):
        other = Facility.objects.create(department=department, name="Engen", slug="engen-2")
        data = meeting_data()
        for place in (facility, other):
            assert login(manager).post(url("meeting-new", place.slug), data).status_code == 302
        assert Meeting.objects.count() == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", ""),
            ("kind", "fest"),
            ("held_on", ""),
            ("held_on", "31-02-2026"),
            ("held_on", "01.01.0001"),
            ("held_on", "24.12.2029"),
            ("starts_at", "25.00"),
            ("starts_at", "\x00"),
            ("place", "x" * 121),
            ("place", "Stuen\x00"),
            ("place", f"Hos {CPR}"),
            ("submission_id", "abc"),
            ("submission_id", ""),
        ],
    )
    def test_bad_input_is_told_and_kept(self, login, staff, facility, field, value):
        sent = login(staff).post(url("meeting-new", facility.slug), meeting_data(**{field: value}))
        assert sent.status_code == 422
        assert field in sent.context["form"].errors
        assert "Fællesstuen" in text_of(sent) or field == "place"
        assert not Meeting.objects.exists()

    def test_a_department_has_only_one_kind(self, login, manager, department):
        login(manager).post(url("department-meeting-new", department.slug), meeting_data())
        meeting = Meeting.objects.get()
        assert (meeting.department, meeting.kind) == (department, MeetingKind.MANAGEMENT)

    def test_edit_keeps_what_others_wrote_in_other_parts(self, login, staff, meeting):
        actions.edit_meeting(meeting=meeting, version=1, values={"wishes": "Kakao"}, by=staff)
        data = meeting_data(version="1", place="Haven")
        sent = login(staff).post(url("meeting-edit", meeting.pk), data)
        assert sent.status_code == 302
        meeting.refresh_from_db()
        assert (meeting.place, meeting.wishes, meeting.version) == ("Haven", "Kakao", 3)

    def test_a_stale_edit_shows_both_and_can_be_saved_again(self, login, staff, meeting):
        values = {"place": "Haven", "held_on": meeting.held_on, "starts_at": None, "kind": "house"}
        # An earlier version must be in the history for the two to be compared.
        meeting.save()
        actions.edit_meeting(meeting=meeting, version=1, values=values, by=staff)
        data = meeting_data(version="1", place="Kælderen")
        sent = login(staff).post(url("meeting-edit", meeting.pk), data)
        assert sent.status_code == 409
        page = text_of(sent)
        assert "Haven" in page
        assert "Kælderen" in page
        assert sent.context["form"]["version"].value() == 2
        sent = login(staff).post(url("meeting-edit", meeting.pk), data | {"version": "2"})
        assert sent.status_code == 302
        meeting.refresh_from_db()
        assert meeting.place == "Kælderen"

    @pytest.mark.parametrize("version", ["", "abc", "-1", "1" + 30 * "0"])
    def test_a_missing_or_impossible_version_is_told(self, login, staff, meeting, version):
        for name, data in [
            ("meeting-edit", meeting_data()),
            ("wishes", {"wishes": "Kakao"}),
            ("minutes", {"minutes": "Vi talte om kakao"}),
        ]:
            sent = login(staff).post(url(name, meeting.pk), data | {"version": version})
            assert sent.status_code == 422
        assert Meeting.objects.get().version == 1

    def test_cancelling_takes_it_off_the_list_and_can_be_undone(self, login, staff, meeting):
        client = login(staff)
        client.post(url("meeting-cancel", meeting.pk))
        page = text_of(client.get(url("meeting", meeting.pk)))
        assert "Mødet er aflyst" in page
        assert meeting.get_absolute_url() not in text_of(
            client.get(url("meetings", meeting.facility.slug))
        )
        client.post(url("meeting-restore", meeting.pk))
        assert meeting.get_absolute_url() in text_of(
            client.get(url("meetings", meeting.facility.slug))
        )
        assert [event.history_type for event in meeting.history.all()] == ["~", "~", "+"]

    def test_where_something_was_decided_nothing_is_cancelled(self, login, staff, meeting):
        make_decision(meeting)
        sent = login(staff).post(url("meeting-cancel", meeting.pk))
        assert sent.status_code == 409
        assert "kan ikke aflyses" in text_of(sent)
        assert Meeting.objects.get().removed_at is None

    @pytest.mark.parametrize("place", ["-1", "abc", "9" * 30, "2026-02-31~1"])
    @pytest.mark.parametrize("way", ["foer", "efter"])
    def test_places_that_no_page_has_led_to_are_not_found(self, login, staff, facility, way, place):
        answer = login(staff).get(url("meetings", facility.slug), {way: place})
        assert answer.status_code == 404

    def test_past_meetings_come_in_pages(self, login, staff, facility):
        for back in range(1, 25):
            make_meeting(facility, TODAY - dt.timedelta(days=back))
        client, path = login(staff), url("meetings", facility.slug)
        first = client.get(path)
        links = first.context["past_pages"]
        assert len(first.context["past"]) == 20
        assert f'href="{links.older}"' in text_of(first)
        second = client.get(path + links.older.split("#")[0])
        assert text_of(second).count('<a href="/moeder/') == 4
        assert len({row.meeting.pk for one in (first, second) for row in one.context["past"]}) == 24
        assert "Senere møder" in text_of(second)
        assert "Tidligere møder" not in text_of(second)
        back = client.get(path + second.context["past_pages"].newer.split("#")[0])
        assert [row.meeting for row in back.context["past"]] == [
            row.meeting for row in first.context["past"]
        ]

    def test_the_past_tells_how_many_decisions_were_taken(self, login, staff, facility):
        for back, (decided, closed) in enumerate([(2, 1), (0, 0), (1, 1)], start=1):
            meeting = make_meeting(facility, TODAY - dt.timedelta(days=back))
            for number in range(decided):
                closing = {"closed_on": TODAY} if number < closed else {}
                make_decision(meeting, **closing)
        answer = login(staff).get(url("meetings", facility.slug))
        assert [row[1:] for row in answer.context["past"]] == [(2, 1), (0, 0), (1, 0)]


class TestWishesAndMinutes:
    @pytest.mark.parametrize(("name", "most"), [("wishes", 5000), ("minutes", 10_000)])
    def test_are_written_in_place(self, login, staff, meeting, name, most):
        client = login(staff)
        opened = client.get(url(name, meeting.pk), headers={"HX-Request": "true"})
        assert f'name="{name}"' in text_of(opened)
        sent = client.post(url(name, meeting.pk), {name: "Gåture\r\ntil vandet", "version": "1"})
        assert sent.url == f"{meeting.get_absolute_url()}?ved={name}#{name}"
        meeting.refresh_from_db()
        assert getattr(meeting, name) == "Gåture\ntil vandet"
        for bad in ("x" * (most + 1), f"Af {CPR}", "\x07"):
            sent = client.post(url(name, meeting.pk), {name: bad, "version": "2"})
            assert sent.status_code == 422
            assert CPR not in "".join(sent.context["edit"].form.errors[name])

    def test_two_at_once_lose_nothing(self, login, staff, meeting):
        meeting.save()
        actions.edit_meeting(meeting=meeting, version=1, values={"wishes": "Kakao"}, by=staff)
        sent = login(staff).post(url("wishes", meeting.pk), {"wishes": "Te", "version": "1"})
        assert sent.status_code == 409
        page = text_of(sent)
        assert "<del>Kakao</del>" in page
        assert "<ins>Te</ins>" in page
        assert Meeting.objects.get().wishes == "Kakao"

    def test_emoji_and_right_to_left_text_are_welcome(self, login, staff, meeting):
        wish = "Svømning 🏊‍♀️ og موسيقى"
        login(staff).post(url("wishes", meeting.pk), {"wishes": wish, "version": "1"})
        assert Meeting.objects.get().wishes == wish


class TestAgenda:
    def test_reads_everything_that_belongs_on_it(self, login, staff, facility, meeting):
        make_meeting(facility, TODAY - dt.timedelta(weeks=4))
        make_fading_plan(facility)
        paused = make_plan(facility, "Svømning")
        make_pause(paused, TODAY - dt.timedelta(days=9), IN_A_WEEK, "Svømmehallen er lukket")
        indicator = make_criterion(facility, target=60)
        measure(indicator, 6, 17, TODAY - dt.timedelta(weeks=13))
        measure(indicator, 9, 17, TODAY - dt.timedelta(days=3))
        Assessment.objects.create(
            criterion=indicator.indicator.criterion,
            facility=facility,
            level=AssessmentLevel.PARTLY_MET,
            reason="På vej",
            assessed_on=TODAY,
        )
        AttentionPoint.objects.create(
            initiative=indicator.indicator.criterion.initiative,
            text="Pengene er små",
            follow_up_on=TODAY,
        )
        page = text_of(login(staff).get(url("meeting", meeting.pk)))
        for words in (
            "Aftentur",
            "3 af 4 aflyst: For få medarbejdere",
            "Svømmehallen er lukket",
            "53 % mod 35 % sidst. Målværdien er 60 %.",
            "Delvist opfyldt",
            "På vej",
            "Pengene er små",
            "24.10.2026–28.11.2026",
        ):
            assert words in page

    def test_hides_few_people(self, login, staff, facility, meeting):
        indicator = make_criterion(facility, target=60)
        measure(indicator, 2, 17, TODAY)
        page = text_of(login(staff).get(url("meeting", meeting.pk)))
        assert "Skjult (få personer)" in page
        assert "11,7" not in page

    def test_takes_nothing_from_other_facilities(
        self, login, staff, department, facility, other_facility, meeting
    ):
        neighbour = Facility.objects.create(department=department, name="Engen", slug="engen-3")
        for place in (neighbour, other_facility):
            make_fading_plan(place, "Nabotur")
            make_decision(make_meeting(place, TODAY - dt.timedelta(days=9)), text="Nabobeslutning")
            measure(make_criterion(place), 9, 17, TODAY)
        page = text_of(login(staff).get(url("meeting", meeting.pk)))
        for words in ("Nabotur", "Nabobeslutning", "Andel, der går tur"):
            assert words not in page

    def test_removed_and_closed_things_stay_away(self, login, staff, facility, meeting):
        plan = make_plan(facility, "Slut", ends_on=TODAY - dt.timedelta(days=1))
        make_activity(facility, plan, TODAY - dt.timedelta(days=8))
        make_decision(
            make_meeting(facility, TODAY - dt.timedelta(weeks=2)), text="Fjernet", removed_at=NOON
        )
        initiative = make_criterion(facility).indicator.criterion.initiative
        AttentionPoint.objects.create(
            initiative=initiative, text="Lukket punkt", follow_up_on=TODAY, closed_on=TODAY
        )
        Initiative.objects.filter(pk=initiative.pk).update(status=InitiativeStatus.ENDED)
        AttentionPoint.objects.create(initiative=initiative, text="Gammel", follow_up_on=TODAY)
        page = text_of(login(staff).get(url("meeting", meeting.pk)))
        for words in (">Slut<", "Fjernet", "Lukket punkt", "Gammel"):
            assert words not in page

    def test_a_departments_covers_its_facilities_and_their_late_decisions(
        self, login, manager, department, facility, other_facility
    ):
        neighbour = Facility.objects.create(department=department, name="Engen", slug="engen-4")
        make_fading_plan(facility, "Aftentur")
        make_fading_plan(neighbour, "Morgentur")
        make_fading_plan(other_facility, "Fremmed tur")
        earlier = make_meeting(neighbour, TODAY - dt.timedelta(weeks=3))
        make_decision(earlier, text="For sent", due_on=TODAY - dt.timedelta(days=1))
        make_decision(earlier, text="I god tid")
        meeting = make_meeting(department=department, kind=MeetingKind.MANAGEMENT)
        client = login(manager)
        page = text_of(client.get(url("meeting", meeting.pk)))
        for words in ("Aftentur", "Morgentur", "Bakkehuset", "Engen", "For sent"):
            assert words in page
        assert "Fremmed tur" not in page
        assert "I god tid" not in page
        # A manager closes the facility's decision from here.
        decision = Decision.objects.get(text="For sent")
        sent = client.post(
            url("decision-follow-up", meeting.pk, decision.pk),
            {"outcome": "done", "note": "Klaret", "version": "1"},
        )
        assert sent.status_code == 302
        decision.refresh_from_db()
        assert decision.closed_on == TODAY


class TestQueries:
    """Eight with session, user and roles, whatever the number of rows."""

    def count(self, client, address) -> int:
        client.get(address)  # what is read once a process
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def fill(self, facility, number):
        meeting = make_meeting(facility, TODAY - dt.timedelta(weeks=3, days=number))
        plan = make_plan(facility, f"Tur {number}")
        make_activity(facility, plan, TODAY - dt.timedelta(days=8 + number))
        make_pause(plan, TODAY - dt.timedelta(weeks=20), TODAY - dt.timedelta(weeks=19))
        make_decision(meeting, planned_activity=plan)
        AgendaItem.objects.create(meeting=facility.meetings.order_by("pk")[0], text=f"{number}")

    def test_of_a_facilitys_pages(self, login, staff, facility, meeting):
        client, indicator = login(staff), make_criterion(facility)
        for number in range(3):
            self.fill(facility, number)
            measure(indicator, 9, 17, TODAY - dt.timedelta(days=number))
        names = [("meetings", facility.slug), ("meeting", meeting.pk), ("wishes", meeting.pk)]
        few = {name: self.count(client, url(name, key)) for name, key in names}
        for number in range(3, 33):
            self.fill(facility, number)
            measure(indicator, 9, 17, TODAY - dt.timedelta(days=number))
        assert {name: self.count(client, url(name, key)) for name, key in names} == few
        assert max(few.values()) <= 8

    def test_of_a_departments_at_1_and_60_facilities(self, login, manager, department, facility):
        meeting = make_meeting(department=department, kind=MeetingKind.MANAGEMENT)
        make_meeting(facility)
        client = login(manager)
        self.fill(facility, 0)
        addresses = [url("meeting", meeting.pk), url("department-meetings", department.slug)]
        one = [self.count(client, address) for address in addresses]
        for number in range(59):
            place = Facility.objects.create(
                department=department, name=f"Hus {number}", slug=f"hus-{number}"
            )
            make_meeting(place)
            self.fill(place, number % 20)
        assert [self.count(client, address) for address in addresses] == one
        assert max(one) <= 8


class TestOpenPoints:
    def test_an_activity_goes_to_a_meeting_that_is_neither_over_nor_minuted(
        self, facility, manager
    ):
        plan = make_plan(facility)
        with time_machine.travel(dt.datetime(2026, 11, 21, 13, 55), tick=False):
            make_meeting(facility, held_on=TODAY, starts_at=dt.time(0, 5))
            make_meeting(facility, held_on=TODAY + dt.timedelta(days=1), minutes="Skrevet før tid")
            right = make_meeting(facility, held_on=TODAY + dt.timedelta(days=7))
            item = actions.put_on_next_agenda(plan=plan, now=timezone.localtime(), by=manager)
        assert item.meeting == right

    def test_what_was_not_reached_comes_up_again_until_it_is_dealt_with(
        self, login, facility, manager
    ):
        earlier = make_meeting(facility, held_on=TODAY - dt.timedelta(days=30), minutes="Referat")
        coming = make_meeting(facility)
        item = AgendaItem.objects.create(meeting=earlier, text="Ny havebænk")
        client = login(manager)
        page = client.get(coming.get_absolute_url()).content.decode()
        assert "Ny havebænk" in page
        assert "Ikke nået 22.10.2026" in page
        # Said on the page where it came up; taken back on its own meeting's.
        assert client.post(url("item-handle", coming.pk, item.pk)).status_code == 302
        assert "Ny havebænk" not in client.get(coming.get_absolute_url()).content.decode()
        assert "Behandlet" in client.get(earlier.get_absolute_url()).content.decode()
        for _time in range(2):
            back = client.post(url("item-handle", earlier.pk, item.pk), {"igen": "1"})
            assert back.status_code == 302
        assert "Ny havebænk" in client.get(coming.get_absolute_url()).content.decode()
        assert [one.handled_on for one in item.history.all()] == [None, TODAY, None]

    def test_a_decision_about_the_activity_deals_with_it(self, login, facility, manager):
        earlier = make_meeting(facility, held_on=TODAY - dt.timedelta(days=30))
        coming = make_meeting(facility, held_on=TODAY + dt.timedelta(days=7))
        plan = make_plan(facility, "Svømning")
        AgendaItem.objects.create(meeting=earlier, planned_activity=plan)
        client = login(manager)
        assert 'id="item-' in client.get(coming.get_absolute_url()).content.decode()
        make_decision(earlier, planned_activity=plan)
        assert 'id="item-' not in client.get(coming.get_absolute_url()).content.decode()

    def test_wishes_of_a_cancelled_meeting_come_up_at_the_next(self, login, facility, manager):
        cancelled = make_meeting(
            facility, held_on=TODAY + dt.timedelta(days=1), wishes="Is om fredagen"
        )
        coming = make_meeting(facility, held_on=TODAY + dt.timedelta(days=7))
        client = login(manager)
        assert "Is om fredagen" not in client.get(coming.get_absolute_url()).content.decode()
        actions.cancel_meeting(meeting=cancelled, by=manager)
        assert "Is om fredagen" in client.get(coming.get_absolute_url()).content.decode()

    def test_a_reader_deals_with_nothing(self, login, make_user, facility, other_facility):
        item = AgendaItem.objects.create(meeting=make_meeting(facility), text="Punkt")
        path = reverse("initiatives:item-handle", args=[item.meeting_id, item.pk])
        assert login(make_user(Role.VIEWER, facility=facility)).post(path).status_code == 403
        assert login(make_user(Role.STAFF, facility=other_facility)).post(path).status_code == 404
        item.refresh_from_db()
        assert item.handled_on is None

    def test_a_departments_list_has_the_meetings_and_decisions_of_its_facilities(
        self, login, make_user, department, facility
    ):
        manager = make_user(Role.MANAGER, department=department)
        meeting = make_meeting(facility, held_on=TODAY + dt.timedelta(days=3))
        held = make_meeting(facility, held_on=TODAY - dt.timedelta(days=30))
        make_decision(held, text="Køb en bold", due_on=TODAY - dt.timedelta(days=2))
        path = reverse("initiatives:department-meetings", args=[department.slug])
        page = login(manager).get(path).content.decode()
        assert meeting.get_absolute_url() in page
        assert "Køb en bold" in page
        assert facility.name in page
        assert "Der er ikke planlagt" not in page
        follow_up = Meeting.objects.create(
            kind="management", department=department, held_on=TODAY - dt.timedelta(days=40)
        )
        Meeting.objects.filter(pk=follow_up.pk).update(held_on=TODAY + dt.timedelta(days=9))
        assert "Køb en bold" in login(manager).get(follow_up.get_absolute_url()).content.decode()
