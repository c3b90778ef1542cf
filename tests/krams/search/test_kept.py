"""The entries of the search say what stands in the database, whatever way it was written."""

import datetime as dt
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import AuthorityNote, Effort, Proposal
from initiatives.log.actions import registrations
from initiatives.models import (
    Activity,
    ActivityType,
    Decision,
    Initiative,
    Meeting,
    PlannedActivity,
    Policy,
)
from krams.database.watched import Watched, Watcher, watch
from krams.history.actions.locking import save_version
from krams.models import Authority, Cluster, ClusterMembership, Facility, SearchEntry, User
from krams.search.engine import create_sql, drop_sql
from krams.search.registry import KINDS
from tests import pages
from tests.demo import DemoTestCase
from tests.test_sent_twice import CASES


def check() -> None:
    """Raises ``CommandError`` where anything differs."""
    call_command("rebuild_search", check=True, stdout=StringIO())


def keys_found(key: str) -> set[int]:
    return set(SearchEntry.objects.filter(kind=key).values_list("object_id", flat=True))


class KeptTest(DemoTestCase):
    def test_the_demo_is_known_as_it_was_loaded(self):
        check()
        kinds = set(SearchEntry.objects.values_list("kind", flat=True))
        # Nobody has put a point on an agenda or aside, made types of their own, or closed a house.
        assert KINDS.keys() - kinds == {"housepause", "later", "point", "type"}

    def test_whatever_forms_create_is_known(self):
        for case in CASES:
            before = transaction.savepoint()
            with self.subTest(form=case.form.__name__):
                client, path = self.client_of(case.page.who), case.page.path()
                number = case.model.objects.count()
                data = {case.submission: str(uuid.uuid4()), **case.data()}
                assert client.post(path, data).status_code < 400, path
                assert case.model.objects.count() > number, path
                check()
            transaction.savepoint_rollback(before)

    def test_a_mix_of_writes_is_known(self):
        admin = User.objects.get(email="admin@demo.example")
        leader = User.objects.get(email="leder@demo.example")
        facility = Facility.objects.get(slug=pages.FACILITY["slug"])
        # What the log does: write, correct, remove and restore.
        activity = registrations.register_activity(
            facility=facility,
            activity_type=ActivityType.objects.first(),
            held_on=timezone.localdate(),
            participant_count=3,
            note="Vi plukkede brombær",
            submission_id=uuid.uuid4(),
            by=leader,
        )
        assert activity.pk in keys_found("registration")
        activity = registrations.correct_activity(
            activity=activity, version=1, values={"note": "Vi plukkede hyben"}, by=leader
        )
        registrations.remove_activity(activity=activity, by=leader)
        assert activity.pk not in keys_found("registration")
        check()
        registrations.restore_activity(activity=activity, by=leader)
        assert activity.pk in keys_found("registration")
        check()
        # Names that others show, or have as their own.
        for row in (
            facility,
            ActivityType.objects.filter(planned_activities__title="").first(),
            Cluster.objects.get(slug="syd"),
            Policy.objects.first(),
            Meeting.objects.first(),
            Decision.objects.first(),
            Initiative.objects.first(),
        ):
            name = next(
                one.name
                for one in row._meta.concrete_fields
                if one.name in ("name", "title", "text", "minutes")
            )
            setattr(row, name, "Hybenhuset")
            save_version(row, by=admin)
            check()
        authority = Authority.objects.get(slug="rebild")
        authority.official_name = authority.name = "Hybenkommunen"
        authority.save()
        check()
        # What goes past save().
        PlannedActivity.objects.filter(facility=facility).update(title="Hybentur")
        assert Effort.objects.update(removed_at=timezone.now())
        assert keys_found("effort") == set()
        Effort.objects.update(removed_at=None)
        proposals = list(Proposal.objects.all())
        for proposal in proposals:
            proposal.retired_on = timezone.localdate()
        Proposal.objects.bulk_update(proposals, ["retired_on"])
        assert keys_found("proposal") == set()
        check()
        copies = list(Activity.objects.exclude(note="")[:5])
        for copy in copies:
            copy.pk, copy.submission_id, copy.note = None, None, "Hyben igen"
        Activity.objects.bulk_create(copies)
        assert {copy.pk for copy in copies} <= keys_found("registration")
        facility.activities.filter(note="Hyben igen").update(note="")
        note = AuthorityNote.objects.first()
        note.delete()
        ClusterMembership.objects.first().delete()
        Meeting.objects.first().delete()
        check()

    def test_what_was_written_by_sql_is_told_and_put_right(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE krams_facility SET name = 'Slåenhuset' WHERE slug = 'mosbjerghus'"
            )
        SearchEntry.objects.filter(kind="goal").delete()
        SearchEntry.objects.create(
            kind="note", object_id=999_999, scope="", precedence=0, title="", text="", tokens={"a"}
        )
        output = StringIO()
        with pytest.raises(CommandError) as raised:
            call_command("rebuild_search", check=True, stdout=output)
        assert raised.value.returncode == 1
        for kind in ("facility: 0 ", "goal: ", "note: 0 "):
            assert kind in output.getvalue()
        call_command("rebuild_search", stdout=StringIO())
        check()

    def test_lost_triggers_are_made_anew(self):
        with connection.cursor() as cursor:
            for statement in drop_sql(connection.vendor):
                cursor.execute(statement)
        with pytest.raises(CommandError):
            check()
        call_command("migrate", verbosity=0)
        check()
        page = self.client_of("leder").get(reverse("search"), {"q": "mosbjerghus"})
        self.assertContains(page, "<mark>Mosbjerghus</mark>")

    def test_one_tap_without_a_word_costs_nothing(self):
        leader = User.objects.get(email="leder@demo.example")
        facility = Facility.objects.get(slug=pages.FACILITY["slug"])
        plan = facility.planned_activities.filter(ends_on=None, weekdays="").first()
        plan = plan or facility.planned_activities.filter(ends_on=None).first()
        with CaptureQueriesContext(connection) as queries:
            registrations.register_planned(
                facility=facility,
                plan_id=plan.pk,
                held_on=timezone.localdate() - dt.timedelta(days=400),
                outcome="held",
                participant_count=3,
                submission_id=uuid.uuid4(),
                by=leader,
            )
        assert [one for one in queries if "krams_searchentry" in one["sql"]] == []


def test_only_models_that_tell_of_their_writes_are_searched():
    for kind in KINDS.values():
        for manager in kind.model._meta.managers:
            assert isinstance(manager.all(), Watched), kind.key
        for field in kind.model._meta.related_objects:
            # A cascade in the database itself would be told to nobody.
            assert not getattr(field.remote_field, "db_cascade", False)
        if kind.computed:
            assert kind.may_hold or not kind.computed.keys() & set(kind.texts), kind.key


def test_a_model_that_does_not_tell_cannot_be_watched():
    nobody = Watcher(frozenset(), print, print, print)
    with pytest.raises(TypeError):
        watch(User, nobody)


@pytest.mark.django_db
def test_rows_that_may_or_may_not_be_written_are_refused(facility):
    with pytest.raises(ValueError, match="each row"):
        Facility.objects.bulk_create([facility], ignore_conflicts=True)


def test_what_decides_an_entry_is_heard_of():
    """Each kind's ``reads`` has its texts, whose it is, when, and whether it stands."""
    reads = {key: kind.reads for key, kind in KINDS.items()}
    assert reads["registration"] >= {
        *("title", "note", "cancellation_text", "planned_activity"),
        *("facility", "held_on", "removed_at"),
    }
    assert reads["plan"] >= {"title", "activity_type", "responsible_role", "facility"}
    assert reads["type"] >= {"name", "municipality"}
    assert reads["meeting"] >= {"minutes", "facility", "department", "held_on", "removed_at"}
    assert all(isinstance(one, str) for names in reads.values() for one in names)


def test_both_databases_are_described():
    for vendor in ("sqlite", "postgresql"):
        assert create_sql(vendor)
        assert drop_sql(vendor)
