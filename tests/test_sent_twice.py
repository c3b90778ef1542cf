"""A form that creates something, sent again: as it was, and changed after Back.

The same content is one row. Other content is another row, or what stands is shown beside it (409):
never a message of success with nothing stored.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clusters.asking.forms import ask as asking
from clusters.conversation import forms as conversation
from clusters.editions import forms as edition
from clusters.intake import forms as intake
from clusters.matrix.forms import note
from clusters.models import (
    Ask,
    AuthorityNote,
    Comment,
    Edition,
    ImportDraft,
    Proposal,
    ReadLink,
    SourceDocument,
)
from clusters.setup.forms import clusters, proposals, succession
from initiatives.criteria.forms import criteria, indicators, measurements
from initiatives.documents.forms import life_cycle, policies, word_import
from initiatives.enums import Repeats
from initiatives.getting_started import forms as getting_started
from initiatives.log.forms import registrations
from initiatives.meetings import forms as meetings
from initiatives.models import (
    Activity,
    ActivityType,
    AgendaItem,
    Decision,
    FacilityPause,
    Indicator,
    Initiative,
    LaterPoint,
    Measurement,
    Meeting,
    PlannedActivity,
    PlanPause,
    Policy,
    SuccessCriterion,
)
from initiatives.plans.forms import activity_types, pauses, plans
from krams.enums import Role
from krams.models import (
    Cluster,
    Department,
    Facility,
    Invitation,
    Membership,
)
from krams.web.forms import PortalForm, SubmissionField
from tests import pages
from tests.demo import DemoTestCase
from tests.pages import Page

TODAY = f"{timezone.localdate():%d.%m.%Y}"
# The same of either succeeds once, whatever is sent: tests/clusters/setup/test_succession.py.
ONCE_FOR_ALL = {succession.SuccessorForm, succession.ColumnsForm}


@dataclass(frozen=True)
class Case:
    """``change`` is what somebody corrects after Back; ``asks``: then the person is asked."""

    form: type
    page: Page
    model: type
    data: Callable[[], dict]
    change: dict
    asks: bool = False
    submission: str = "submission_id"


ASKED = pages.CLUSTER | pages.REBILD


def asked_thread() -> dict:
    asked = Comment.objects.order_by("pk").first()
    return {**pages.asked_cell(), "thread": asked.thread_id}


def worded_thread() -> dict:
    proposed = Comment.objects.order_by("pk").last()
    return {**pages.worded_cell(), "thread": proposed.thread_id}


def kind() -> int:
    return ActivityType.objects.order_by("pk").first().pk


def in_a_month() -> str:
    return f"{timezone.localdate() + dt.timedelta(days=30):%d.%m.%Y}"


def department() -> Department:
    return Department.objects.get(slug=pages.DEPARTMENT["slug"])


def mosbjerghus() -> int:
    return Facility.objects.get(**pages.FACILITY).pk


def region_of_syd() -> Cluster:
    return Cluster.objects.get(slug="syd").region


def open_plan() -> dict:
    """An activity of the facility that can be registered on any day, again and again."""
    here = PlannedActivity.objects.filter(facility__slug=pages.FACILITY["slug"])
    weekly = here.filter(ends_on=None, repeats=Repeats.WEEKLY)
    plan = weekly.exclude(weekdays="").order_by("pk").last()
    plan.weekdays, plan.times_per_week = "", 7
    plan.save()
    return {"plan_id": plan.pk}


def group_of_syd() -> int:
    return pages.syd_group()["pk"]


def editor_of_rebild() -> str:
    role = Membership.objects.filter(role=Role.EDITOR, authority__slug="rebild").earliest("pk")
    return f"{role.authority_id}-{role.user_id}"


CASES = [
    Case(
        registrations.UnplannedForm,
        Page("medarbejder", "initiatives:register", pages.FACILITY),
        Activity,
        lambda: {"activity_type": kind(), "held_on": TODAY, "participant_count": "6"},
        {"participant_count": "8"},
        asks=True,
    ),
    Case(
        registrations.PlannedForm,
        Page("medarbejder", "initiatives:planned", pages.FACILITY, open_plan),
        Activity,
        lambda: {"outcome": "held", "held_on": TODAY, "participant_count": "6", "early": "1"},
        {"participant_count": "8"},
        asks=True,
    ),
    Case(
        plans.PlanForm,
        Page("leder", "initiatives:plan-add", pages.FACILITY),
        PlannedActivity,
        lambda: {
            "activity_type": kind(),
            "weekdays": ["1"],
            "responsible_role": "Dagvagt",
            "starts_on": TODAY,
        },
        {"weekdays": ["2"]},
    ),
    Case(
        pauses.PauseForm,
        Page("leder", "initiatives:plan-pause", pages.FACILITY, lambda: plan_at_version_1()),
        PlanPause,
        lambda: {"reason": "Ferie", "starts_on": TODAY, "version": "1"},
        {"reason": "Ferie i huset"},
        asks=True,
    ),
    Case(
        pauses.FacilityPauseForm,
        Page("leder", "initiatives:facility-pause", pages.FACILITY),
        FacilityPause,
        lambda: {"reason": "Vi flytter", "starts_on": TODAY},
        {"reason": "Vi flytter til nye lokaler"},
        asks=True,
    ),
    Case(
        activity_types.TypeForm,
        Page("leder", "initiatives:types", pages.HJOERRING),
        ActivityType,
        lambda: {"name": "Boldspil i haven", "factors": ["M"]},
        {"name": "Boldspil i hallen"},
    ),
    Case(
        policies.PolicyForm,
        Page("leder", "initiatives:policy-new", pages.HJOERRING),
        Policy,
        lambda: {
            "title": "En ny politik",
            "valid_from": "01.01.2027",
            "maal-TOTAL_FORMS": "1",
            "maal-INITIAL_FORMS": "0",
            "maal-0-text": "Et mål",
        },
        {"title": "En anden politik"},
    ),
    Case(
        life_cycle.InitiativeForm,
        Page("leder", "initiatives:initiative-new"),
        Initiative,
        lambda: {"title": "Mere bevægelse", "owner": f"d{department().pk}"},
        {"title": "Mere søvn"},
    ),
    Case(
        word_import.NewPaperForm,
        Page("leder", "initiatives:initiative-new-word"),
        Initiative,
        lambda: {
            "besluttet": "1",
            "owner": f"d{department().pk}",
            "valg-indsats-choice": "tag",
            "indsats-title": "Mere bevægelse",
            "indsats-version": "1",
        },
        {"indsats-title": "Mere søvn"},
    ),
    Case(
        criteria.CriterionForm,
        Page("leder", "initiatives:criterion-new", find=pages.initiative),
        SuccessCriterion,
        lambda: {"title": "Flere er med", "short_title": "Flere", "factors": ["M"]},
        {"short_title": "Flere med"},
    ),
    Case(
        indicators.IndicatorForm,
        Page("leder", "initiatives:indicator-new", find=pages.its_criterion, query="?slags=value"),
        Indicator,
        lambda: {
            "name": "Beboere, der går en tur",
            "direction": "more",
            "about": "people",
            "unit": "point",
            "frequency": "monthly",
            "source": "Optælling",
            "starts_on": "01.01.2026",
        },
        {"name": "Beboere, der går en lang tur"},
    ),
    Case(
        measurements.MeasurementForm,
        Page(
            "leder", "initiatives:measurement-add", pages.DEPARTMENT | pages.HERE, pages.indicator
        ),
        Measurement,
        lambda: {
            "maaling-measured_on": TODAY,
            "maaling-numerator": "5",
            "maaling-denominator": "15",
        },
        {"maaling-numerator": "6"},
        asks=True,
        submission="maaling-submission_id",
    ),
    Case(
        meetings.NewMeetingForm,
        Page("leder", "initiatives:meeting-new", pages.FACILITY),
        Meeting,
        lambda: {"kind": "house", "held_on": "01.12.2027", "starts_at": "14.00"},
        {"held_on": "08.12.2027"},
    ),
    Case(
        meetings.ItemForm,
        Page("leder", "initiatives:item-add", find=pages.meeting),
        AgendaItem,
        lambda: {"text": "Ny havebænk"},
        {"text": "Ny havebænk og nye stole"},
    ),
    Case(
        meetings.LaterPointForm,
        Page("medarbejder", "initiatives:later-add", pages.FACILITY),
        LaterPoint,
        lambda: {"text": "Ny havebænk"},
        {"text": "Ny havebænk og nye stole"},
    ),
    Case(
        meetings.NewDecisionForm,
        Page("leder", "initiatives:decision-add", find=pages.meeting),
        Decision,
        lambda: {"text": "Vi køber en bænk", "responsible_role": "Leder", "due_on": "01.12.2027"},
        {"due_on": "08.12.2027"},
    ),
    Case(
        getting_started.DepartmentForm,
        Page("admin", "initiatives:getting-started-department", pages.HJOERRING),
        Department,
        lambda: {"name": "Ungeområdet"},
        {"name": "Ældreområdet"},
    ),
    Case(
        getting_started.OneFacilityForm,
        Page("admin", "initiatives:getting-started-facility", pages.DEPARTMENT),
        Facility,
        lambda: {"name": "Engen", "kind": "residential", "place_count": "12"},
        {"name": "Engvej"},
    ),
    Case(
        getting_started.OnePersonForm,
        Page("admin", "initiatives:getting-started-person", pages.DEPARTMENT),
        Invitation,
        lambda: {"email": "vagt@kommune.example", "name": "Dagvagt", "role": "staff"},
        {"email": "nattevagt@kommune.example"},
    ),
    Case(
        getting_started.StarterPlanForm,
        Page("leder", "initiatives:starter-plan", pages.DEPARTMENT),
        PlannedActivity,
        lambda: {"facilities": [mosbjerghus()], "lines": ["1"], "starts_on": TODAY},
        {"lines": ["2"]},
    ),
    Case(
        getting_started.StarterInitiativeForm,
        Page("leder", "initiatives:starter-initiative", pages.DEPARTMENT),
        Initiative,
        lambda: {"starter": "krams", "facilities": [mosbjerghus()]},
        {"starter": "soevn"},
    ),
    Case(
        note.NewNoteForm,
        Page("redaktoer", "clusters:note-add", pages.CLUSTER | pages.REBILD),
        AuthorityNote,
        lambda: {"heading": "Sundhedscafé i nord", "text": "Et lukket tilbud"},
        {"text": "Et åbent tilbud"},
    ),
    Case(
        asking.AskForm,
        Page("koordinator", "clusters:ask-new", pages.CLUSTER),
        Ask,
        lambda: {
            "kind": "confirm",
            "scope": "chosen",
            "proposals": [Proposal.objects.get(cluster__slug="syd", number=4).pk],
            "people": editor_of_rebild(),
            "deadline": "26.11.2027",
        },
        {"deadline": "27.11.2027"},
    ),
    Case(
        conversation.QuestionForm,
        Page("koordinator", "clusters:conversation", ASKED, pages.asked_cell),
        Comment,
        lambda: {"text": "Hvem holder kurserne?"},
        {"text": "Hvem holder kurserne i år?"},
    ),
    Case(
        conversation.ReplyForm,
        Page("redaktoer", "clusters:thread-reply", ASKED, asked_thread),
        Comment,
        lambda: {"text": "Sundhedscentret holder dem."},
        {"text": "Sundhedscentret holder to af dem."},
    ),
    Case(
        conversation.WordingForm,
        Page("koordinator", "clusters:wording-propose", ASKED, pages.asked_cell),
        Comment,
        lambda: {
            "text": "Kortere.",
            "state": "established",
            "new-1": "Sundhedscafé hver tirsdag",
            "seen": "1",
        },
        {"new-1": "Sundhedscafé hver torsdag"},
    ),
    Case(
        conversation.DeclineForm,
        Page("redaktoer", "clusters:wording-decline", ASKED, worded_thread),
        Comment,
        lambda: {"text": "Det passer ikke længere.", "version": "1"},
        {"text": "Vi holder den ikke."},
        asks=True,
    ),
    Case(
        edition.FreezeForm,
        Page("koordinator", "clusters:freeze", pages.CLUSTER),
        Edition,
        lambda: {"title": "Status", "meeting": "Klyngemøde", "meeting_on": "26.11.2027"},
        {"title": "Status igen"},
    ),
    Case(
        edition.ReadLinkForm,
        Page("koordinator", "clusters:read-links", pages.EDITION),
        ReadLink,
        lambda: {"label": "Sundhedsudvalget", "expires_on": in_a_month()},
        {"label": "Socialudvalget"},
    ),
    Case(
        proposals.NewProposalForm,
        Page("koordinator", "clusters:setup-proposals", pages.CLUSTER),
        Proposal,
        lambda: {
            "number": "77",
            "title": "Et nyt forslag",
            "concerned": "all",
            "group": group_of_syd(),
        },
        {"number": "78"},
    ),
    Case(
        intake.PasteForm,
        Page("redaktoer", "clusters:import-paste", pages.CLUSTER | pages.REBILD),
        ImportDraft,
        lambda: {"table": "Forslag\tRebild\n1\tStøttebesøg"},
        {"table": "Forslag\tRebild\n1\tGåtur"},
    ),
    Case(
        intake.IntakeForm,
        Page("koordinator", "clusters:imports", pages.CLUSTER),
        ImportDraft,
        lambda: {"table": "Forslag\tRebild\n1\tStøttebesøg"},
        {"table": "Forslag\tRebild\n1\tGåtur"},
    ),
    Case(
        proposals.NewSourceForm,
        Page("koordinator", "clusters:source-new", pages.CLUSTER),
        SourceDocument,
        lambda: {"title": "Notat", "dated_on": "01.10.2026"},
        {"title": "Bilag"},
    ),
    Case(
        clusters.NewClusterForm,
        Page("admin", "clusters:new"),
        Cluster,
        lambda: {
            "name": "Klynge Østerå",
            "kind": "health_cluster",
            "region": region_of_syd().pk,
            "valid_from": TODAY,
            "confirmation_interval_months": "6",
            "authorities": [region_of_syd().pk],
        },
        {"name": "Klynge Vesterå"},
    ),
]


def plan_at_version_1() -> dict:
    here = PlannedActivity.objects.filter(facility__slug=pages.FACILITY["slug"], version=1)
    return {"pk": here.filter(ends_on=None, pauses=None).order_by("pk").first().pk}


def forms_below(form: type) -> set[type]:
    return {form}.union(*(forms_below(one) for one in form.__subclasses__()))


def creating_forms() -> set[type]:
    """All forms of the portal that carry the id of a submission."""
    return {
        form
        for form in forms_below(PortalForm)
        if form.__module__.split(".")[0] in ("initiatives", "clusters")
        and any(isinstance(one, SubmissionField) for one in form.base_fields.values())
    }


class SentTwice(DemoTestCase):
    def test_every_form_that_creates_something_is_tried(self):
        assert creating_forms() == {case.form for case in CASES} | ONCE_FOR_ALL

    def test_the_same_is_one_row_and_a_change_is_never_lost(self):
        for case in CASES:
            before = transaction.savepoint()
            with self.subTest(form=case.form.__name__):
                self.send_three_times(case)
            transaction.savepoint_rollback(before)

    def send_three_times(self, case: Case) -> None:
        client, path = self.client_of(case.page.who), case.page.path()
        data = {case.submission: str(uuid.uuid4()), **case.data()}
        before = self.count(case)
        for _time in range(2):
            answer = client.post(path, data)
            assert answer.status_code == 302, self.complaint(answer)
            assert self.count(case) == before + 1
        changed = client.post(path, data | case.change)
        if case.asks:
            assert changed.status_code in (409, 422), changed.status_code
            assert self.count(case) == before + 1
        else:
            assert changed.status_code == 302, self.complaint(changed)
            assert self.count(case) == before + 2

    def test_what_was_removed_and_is_sent_again_stands_again(self):
        removable = [case for case in CASES if hasattr(case.model, "removed_at")]
        assert {case.model for case in removable} == {
            Activity,
            AgendaItem,
            Decision,
            LaterPoint,
            Measurement,
            Meeting,
        }
        for case in removable:
            before = transaction.savepoint()
            with self.subTest(form=case.form.__name__):
                client, path = self.client_of(case.page.who), case.page.path()
                data = {case.submission: str(uuid.uuid4()), **case.data()}
                client.post(path, data)
                made = case.model.objects.exclude(submission_id=None).latest("pk")
                case.model.objects.filter(pk=made.pk).update(removed_at=timezone.now())
                assert client.post(path, data).status_code == 302
                made.refresh_from_db()
                assert made.removed_at is None
            transaction.savepoint_rollback(before)

    @staticmethod
    def count(case: Case) -> int:
        """Only what a form made: a municipality's first own type brings the common ones along."""
        if not hasattr(case.model, "submission_id"):
            # Found again by its name.
            return case.model.objects.count()
        return case.model.objects.exclude(submission_id=None).count()

    @staticmethod
    def complaint(answer):
        forms = [
            value
            for context in answer.context or []
            for value in context.values()
            if getattr(value, "errors", None)
        ]
        return answer.status_code, [form.errors for form in forms]
