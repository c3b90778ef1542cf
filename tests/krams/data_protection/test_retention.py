"""What its time is up for is gone for good, history included, and nothing else is."""

import datetime as dt
from io import StringIO

import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from initiatives.enums import MeetingKind
from initiatives.models import Activity, AgendaItem, Meeting
from krams.data_protection.actions.retention import delete_old
from krams.data_protection.kinds import histories
from krams.data_protection.registry import KINDS
from krams.enums import AuditKind, LetterState
from krams.env import Env
from krams.models import AuditEntry, Letter

from ...initiatives.planning import make_activity

NOW = timezone.now()
TODAY = timezone.localdate()


def ago(days):
    return NOW - dt.timedelta(days=days)


@pytest.fixture
def keep(settings):
    """All is kept but what the test says."""

    def choose(**days):
        nothing = dict.fromkeys(portal_settings.RETENTION_DAYS, 0)
        settings.RETENTION_DAYS = nothing | {f"RETENTION_{key}": n for key, n in days.items()}

    choose()
    return choose


@pytest.mark.django_db
class TestRegistrations:
    @pytest.fixture
    def two(self, facility):
        return [
            make_activity(facility, held_on=TODAY - dt.timedelta(days=days)) for days in (400, 20)
        ]

    def test_old_ones_go_with_their_history(self, keep, two):
        old, young = two
        old.note = "Det gik godt"
        old.save()
        assert Activity.history.filter(id=old.pk).count() >= 1
        keep(REGISTRATIONS=365)
        [done] = delete_old(NOW)
        assert (done.key, done.rows) == ("registrations", 1)
        assert done.others["initiatives.HistoricalActivity"] >= 1
        assert list(Activity.objects.all()) == [young]
        assert not Activity.history.filter(id=old.pk).exists()
        entry = AuditEntry.objects.get(kind=AuditKind.RETENTION)
        assert (entry.about, entry.details) == ("registrations", {"days": 365, "rows": 1})
        assert delete_old(NOW)[0].rows == 0
        assert AuditEntry.objects.count() == 1

    def test_a_dry_run_counts_and_changes_nothing(self, keep, two):
        keep(REGISTRATIONS=365, HISTORY=1)
        out = StringIO()
        call_command("retention", "--dry-run", stdout=out)
        assert "registrations (365 days): 1 rows" in out.getvalue()
        assert "Nothing was deleted." in out.getvalue()
        assert Activity.objects.count() == 2
        assert not AuditEntry.objects.exists()

    def test_0_keeps(self, keep, two):
        assert delete_old(NOW) == []
        assert Activity.objects.count() == 2

    def test_many_go_in_portions(self, keep, two, facility, monkeypatch):
        monkeypatch.setattr("krams.data_protection.actions.retention.AT_ONCE", 2)
        for _each in range(4):
            make_activity(facility, held_on=TODAY - dt.timedelta(days=500))
        keep(REGISTRATIONS=365)
        assert delete_old(NOW)[0].rows == 5
        assert Activity.objects.count() == 1

    def test_one_that_was_removed(self, keep, two):
        Activity.objects.filter(pk=two[1].pk).update(removed_at=ago(40))
        keep(REMOVED=30)
        done = {one.key: one.rows for one in delete_old(NOW)}
        assert done["removed-registrations"] == 1
        assert list(Activity.objects.all()) == [two[0]]


@pytest.mark.django_db
class TestOthers:
    def test_a_meeting_goes_with_its_points(self, keep, facility):
        meetings = [
            Meeting.objects.create(
                kind=MeetingKind.HOUSE,
                facility=facility,
                held_on=TODAY - dt.timedelta(days=days),
                minutes="Vi talte om mad.",
            )
            for days in (800, 3)
        ]
        AgendaItem.objects.create(meeting=meetings[0], text="Mad")
        keep(MEETINGS=365)
        [done] = delete_old(NOW)
        assert done.rows == 1
        assert list(Meeting.objects.all()) == [meetings[1]]
        assert not AgendaItem.objects.exists()
        assert not AgendaItem.history.exists()
        assert Meeting.history.exclude(id=meetings[1].pk).count() == 0

    def test_of_the_history_the_latest_of_what_stands_stays(self, keep, facility, other_facility):
        gone = other_facility.pk
        for place_count in (5, 6, 7):
            facility.place_count = place_count
            facility.save()
        other_facility.delete()
        model = type(facility).history.model
        model.objects.update(history_date=ago(400))
        keep(HISTORY=365)
        done = delete_old(NOW)[-1]
        assert done.key == "history"
        assert [row.place_count for row in model.objects.filter(id=facility.pk)] == [7]
        assert not model.objects.filter(id=gone).exists()
        model.objects.update(history_date=ago(10))
        facility.place_count = 8
        facility.save()
        assert delete_old(NOW)[-1].rows == 0

    def test_the_audit_log(self, keep):
        AuditEntry.objects.create(kind=AuditKind.LOG_IN, at=ago(800))
        AuditEntry.objects.create(kind=AuditKind.LOG_IN, at=ago(100))
        keep(AUDIT=730)
        assert delete_old(NOW)[0].rows == 1
        assert AuditEntry.objects.filter(kind=AuditKind.LOG_IN).count() == 1

    def test_letters_that_wait_stay(self, keep, make_user):
        to = make_user()
        for state in (LetterState.SENT, LetterState.WAITING):
            settled = ago(200) if state == LetterState.SENT else None
            Letter.objects.create(
                kind="x", to=to, state=state, created_at=ago(200), settled_at=settled
            )
        keep(LETTERS=90)
        assert delete_old(NOW)[0].rows == 1
        assert Letter.objects.get().state == LetterState.WAITING

    def test_every_kind_can_be_asked_on_this_database(self, keep, facility):
        keep(**dict.fromkeys((key[10:] for key in portal_settings.RETENTION_DAYS), 100))
        done = delete_old(NOW)
        assert {one.key for one in done} == {*KINDS, "history"}
        assert connection.vendor in {"sqlite", "postgresql"}
        assert {kind.setting for kind in KINDS.values()} | {"RETENTION_HISTORY"} == set(
            portal_settings.RETENTION_DAYS
        )
        assert len(list(histories())) > 20


def test_the_audit_log_is_kept_for_90_days_at_least():
    assert Env({"RETENTION_AUDIT": "0"}).days("RETENTION_AUDIT", 730, least=90) == 0
    assert Env({}).days("RETENTION_AUDIT", 730, least=90) == 730
    with pytest.raises(ImproperlyConfigured, match="at least 90"):
        Env({"RETENTION_AUDIT": "30"}).days("RETENTION_AUDIT", 730, least=90)
