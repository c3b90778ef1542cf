"""The made-up country is what a real one would have left: whole, valid, and open to its people."""

import datetime as dt
from collections import Counter, defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from clusters.country.actions.places import PASSWORD
from clusters.enums import PositionState
from clusters.matrix.cell_status import agreeing
from clusters.models import Edition, Effort, EffortProposal, Position
from initiatives.documents import journal
from initiatives.documents.queries.document import read_document
from initiatives.documents.sections import BY_SLUG, section_text
from initiatives.enums import Outcome, Repeats
from initiatives.models import Activity, Initiative, Measurement, PlannedActivity, SectionChange
from initiatives.seed import load_activity_types
from krams.danish.weeks import Week
from krams.models import Cluster, ClusterMembership, Department, Facility, User, Versioned
from krams.organisations.actions.structure import load_structure
from tests.country import CountryTestCase, make, small

SAMPLE = 12


def histories_of(model) -> dict[int, list]:
    """What was ever saved of each row, the first save first."""
    found = defaultdict(list)
    for record in model.history.order_by("history_date", "history_id"):
        found[record.id].append(record)
    return found


class TestItsRows(CountryTestCase):
    def test_there_is_as_much_as_was_asked_for(self):
        assert Activity.objects.count() == 2000 == self.made.written[Activity]
        assert Facility.objects.count() == 20
        assert ClusterMembership.objects.filter(cluster=self.made.country.clusters[0]).count() == 12
        for model, count in self.made.written.items():
            standing = model._base_manager.count()
            assert standing >= count > 0, model
        kept = Activity.history.count()
        assert 0.07 * 2000 < kept < 0.16 * 2000

    def test_the_matrix_is_large_and_has_editions(self):
        cluster = self.made.country.clusters[0]
        assert cluster.proposals.count() == 40
        assert 1200 < Effort.objects.standing().filter(cluster=cluster).count() < 1800
        editions = list(Edition.objects.filter(cluster=cluster).order_by("number"))
        assert [one.number for one in editions] in ([1, 2], [1, 2, 3])
        for edition in editions:
            assert len(edition.content["proposals"]) == 40
            assert len(edition.content["authorities"]) == 12
        assert editions[0].content != editions[1].content

    def test_each_model_takes_its_rows(self):
        for model in self.made.written:
            if not hasattr(model, "history"):
                continue
            rows = list(model._base_manager.order_by("pk"))
            for row in rows[:: max(1, len(rows) // SAMPLE)]:
                row.full_clean()
        connection.check_constraints()

    def test_each_row_is_the_last_version_of_its_history(self):
        told = 0
        for model in self.made.written:
            if not hasattr(model, "history") or model is Activity:
                continue
            saved = histories_of(model)
            names = [one.attname for one in model._meta.concrete_fields if "_key" not in one.name]
            for row in model._base_manager.all():
                assert row.pk in saved, row
                *_earlier, last = saved[row.pk]
                for name in names:
                    assert getattr(last, name) == getattr(row, name), (model, row.pk, name)
                if isinstance(row, Versioned) and not isinstance(row, Cluster):
                    versions = [record.version for record in saved[row.pk]]
                    assert versions == list(range(1, row.version + 1)), (model, row.pk)
                told += 1
        assert told > 8000

    def test_new_rows_get_keys_of_their_own(self):
        facility = Facility.objects.first()
        latest = Activity.objects.order_by("pk").last()
        made = Facility.objects.create(department=facility.department, name="Nyt", slug="nyt")
        assert made.pk == 21 or connection.vendor == "postgresql"
        latest.pk = None
        latest.submission_id = None
        latest.save()
        assert Activity.objects.count() == 2001


class TestTheLog(CountryTestCase):
    def test_it_ends_today_and_is_dense(self):
        days = Counter(Activity.objects.values_list("held_on", flat=True))
        today = self.order.today
        assert today - dt.timedelta(days=1) <= max(days) <= today
        whole_week = [today - dt.timedelta(days=ahead) for ahead in range(7, 21)]
        assert all(days[day] >= 10 for day in whole_week)

    def test_a_registration_copies_its_plan_and_lies_in_it(self):
        activities = Activity.objects.exclude(planned_activity=None)
        found = activities.select_related("planned_activity__activity_type").prefetch_related(
            "planned_activity__pauses"
        )
        once = Counter()
        for one in found:
            plan = one.planned_activity
            assert (one.facility_id, one.title, one.factors) == (
                plan.facility_id,
                str(plan),
                plan.factors,
            )
            assert one.initiative_id == plan.initiative_id is not None
            assert one.activity_type_id == plan.activity_type_id
            assert plan.as_plan().runs_on(one.held_on)
            assert not plan.weekdays or str(one.held_on.isoweekday()) in plan.weekdays
            once[plan.pk, one.held_on] += 1
        assert max(once.values()) == 1
        assert len(once) > 1700

    def test_it_holds_all_that_a_log_holds(self):
        assert Activity.objects.filter(outcome=Outcome.CANCELLED).count() > 100
        assert Activity.objects.exclude(note="").count() > 80
        assert Activity.objects.exclude(removed_at=None).exists()
        assert Activity.objects.filter(planned_activity=None).count() > 50
        corrected = Activity.objects.filter(version=2, removed_at=None).first()
        first, last = corrected.history.order_by("version")
        assert (first.version, last.version) == (1, 2)
        assert last.participant_count == corrected.participant_count
        assert PlannedActivity.objects.exclude(replaces=None).exists()

    def test_of_the_first_facility_plans_begin_that_do_not_come_every_week(self):
        rare = PlannedActivity.objects.exclude(repeats=Repeats.WEEKLY).order_by("pk")
        assert [one.repeats for one in rare] == [Repeats.FORTNIGHTLY, Repeats.LAST]
        first = Facility.objects.order_by("pk").first()
        assert {one.facility for one in rare} == {first}
        for one in rare:
            ahead = [one.starts_on + dt.timedelta(days=days) for days in range(70)]
            planned = [day for day in ahead if one.as_plan().falls_on(day)]
            assert len(planned) in ({5} if one.repeats == Repeats.FORTNIGHTLY else {2, 3})

    def test_shares_are_shares(self):
        shares = Measurement.objects.exclude(denominator=None)
        assert shares.count() > 500
        for one in shares[:50]:
            assert abs(float(one.value) - 100 * one.numerator / one.denominator) < 0.001


class TestWhatWasWritten(CountryTestCase):
    def test_the_journal_of_an_initiative_leads_to_what_it_says(self):
        initiative = Initiative.objects.select_related("department", "policy").first()
        changes = list(SectionChange.objects.filter(initiative=initiative).order_by("version"))
        assert [one.version for one in changes] == list(range(2, initiative.version + 1))
        last = {one.section: one.after for one in changes}
        document = read_document(initiative)
        for slug, section in BY_SLUG.items():
            assert last[slug] == section_text(section, document.values(section)), slug
        assert last[journal.LOCAL] == journal.local_text(document)
        assert last[journal.STATUS] == journal.status_text(initiative)

    def test_answers_agree_with_their_efforts(self):
        places = EffortProposal.objects.standing().select_related("effort")
        holding = {(one.proposal_id, one.effort.authority_id) for one in places}
        answers = {(one.proposal_id, one.authority_id): one for one in Position.objects.all()}
        assert holding <= set(answers)
        for key, answer in answers.items():
            assert agreeing(answer.state, holds_efforts=key in holding) == answer.state
            is_filled = answer.state != PositionState.NOT_FILLED
            assert is_filled or answer.confirmed_on is None
        assert len({one.state for one in answers.values()}) > 7

    def test_no_answer_was_confirmed_beyond_an_effort_in_it(self):
        for place in EffortProposal.objects.standing().select_related("effort"):
            until = place.effort.valid_until
            answer = (
                Position.objects.filter(
                    proposal=place.proposal_id, authority=place.effort.authority_id
                ).get()
                if until and until < self.order.today
                else None
            )
            assert answer is None or answer.confirmed_on is None or answer.confirmed_on <= until

    def test_themes_are_written_with_the_effort(self):
        for effort in Effort.objects.prefetch_related("themes")[:100]:
            names = {theme.name for theme in effort.themes.all()}
            assert set(filter(None, effort.theme_text.split(", "))) == names


class TestItsPages(CountryTestCase):
    def test_one_person_a_role_opens_what_the_role_is_for(self):
        first = Facility.objects.order_by("pk").first()
        initiative = Initiative.objects.get(department=first.department)
        cluster = self.made.country.clusters[0]
        today = self.order.today
        activity = Activity.objects.filter(version=2, removed_at=None).first()
        answer = Position.objects.order_by("-version").first()
        wrote = activity.registered_by.email.partition("@")[0]
        for who, name, arguments, query in (
            ("medarbejder-0001", "initiatives:today", [first.slug], ""),
            ("medarbejder-0001", "initiatives:log", [first.slug], "?fra=2026-01-01"),
            ("medarbejder-0001", "initiatives:grid", [first.slug, Week.of(today)], ""),
            ("medarbejder-0001", "initiatives:rhythm", [first.slug], ""),
            (wrote, "history", ["registrering", activity.pk], ""),
            ("leder-0001", "initiatives:plan", [first.slug], ""),
            ("afdelingsleder-0001", "initiatives:overview", [first.department.slug], ""),
            ("afdelingsleder-0001", "initiatives:initiative", [initiative.pk], ""),
            ("afdelingsleder-0001", "initiatives:criteria", [initiative.pk], ""),
            ("afdelingsleder-0001", "history", ["indsats", initiative.pk], ""),
            ("redaktoer-koebenhavn", "clusters:matrix", [cluster.slug], ""),
            ("laeser-koebenhavn", "home", [], ""),
            ("administrator-koebenhavn", "home", [], ""),
            (f"tovholder-{cluster.slug}", "clusters:changes", [cluster.slug], "?fra=1&til=2"),
            (f"tovholder-{cluster.slug}", "history", ["svar", answer.pk], ""),
            (f"tovholder-{cluster.slug}", "clusters:gaps", [cluster.slug], ""),
            (f"laeser-{cluster.slug}", "clusters:edition", [cluster.slug, 1], ""),
            ("admin", "admin:index", [], ""),
        ):
            client = Client()
            client.force_login(User.objects.get(email=f"{who}@land.example"))
            answer = client.get(reverse(name, args=arguments) + query, follow=True)
            assert answer.status_code == 200, (who, name)

    def test_people_log_in_with_the_password_that_is_printed(self):
        assert len({one.password for one in User.objects.all()}) == 1
        for person in self.made.log_ins:
            assert Client().login(request=None, username=person.email, password=PASSWORD)


# --- The command ---------------------------------------------------------------------------------


def everything(made) -> dict:
    """All rows that were made, in order."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in made.written
    }


@pytest.mark.django_db
def test_the_same_order_makes_the_same_rows():
    # What is loaded, not made, keeps its keys then.
    load_structure()
    load_activity_types()
    found = []
    for _time in range(2):
        order = small(dt.date(2026, 11, 26), activities=250, facilities=2)
        with transaction.atomic():
            found.append(everything(make(order)))
            transaction.set_rollback(True)
    first, again = found
    assert first == again


def run(**options) -> str:
    output = StringIO()
    call_command("make_country", stdout=output, **{"activities": 100, "matrices": 0} | options)
    return output.getvalue()


@pytest.mark.django_db
def test_the_command_tells_what_it_made_and_who_may_log_in(settings):
    settings.DEBUG = True
    told = run(facilities=3)
    assert "100  initiatives.Activity" in told
    assert PASSWORD in told
    for who in ("medarbejder-0001", "leder-0001", "afdelingsleder-0001", "admin"):
        assert f"{who}@land.example" in told


@pytest.mark.django_db
def test_the_smallest_country_has_one_registration(settings):
    settings.DEBUG = True
    run(activities=1, facilities=1)
    assert (Facility.objects.count(), Activity.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_database_with_facilities_is_refused(settings, facility):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="botilbud"):
        run(facilities=3)
    assert list(Facility.objects.all()) == [facility]
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_it_is_refused_where_debug_is_off():
    with pytest.raises(CommandError, match="DEBUG=1"):
        run()
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "says"),
    [({"matrices": 18, "facilities": 3}, "17"), ({"activities": 40_000, "facilities": 1}, "flere")],
)
def test_what_cannot_be_made_leaves_nothing(settings, options, says):
    settings.DEBUG = True
    with pytest.raises(CommandError, match=says):
        run(**options)
    assert not Department.objects.exists()
    assert not Cluster.objects.exists()


@pytest.mark.parametrize("wrong", ["0", "-3", "mange"])
def test_numbers_are_counts(wrong):
    with pytest.raises(CommandError):
        call_command("make_country", f"--activities={wrong}")
