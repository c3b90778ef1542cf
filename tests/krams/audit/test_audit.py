"""The audit log is written once; nobody changes it or empties it early."""

import datetime as dt

import pytest
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from krams.audit.actions import record
from krams.audit.networks import network_of
from krams.enums import AuditKind
from krams.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_what_and_from_which_network(make_user, municipality):
    person = make_user()
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.17")
    with request_context(request):
        entry = record(
            AuditKind.EXPORT,
            actor=person,
            about="log",
            authority=municipality,
            rows=12,
            name="010190-1234.csv",
        )
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (person, str(person))
    assert entry.address == "192.0.2.0/24"
    assert entry.details == {"rows": 12, "name": "….csv"}


def test_a_command_and_a_stranger_are_nobody():
    for actor in (None, AnonymousUser()):
        entry = record(AuditKind.LOG_IN_FAILED, actor=actor)
        assert (entry.actor, entry.actor_name, entry.address) == (None, "", "")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": AuditKind.LOG_OUT},
        {"at": timezone.now() - dt.timedelta(days=400)},
        {"about": "other"},
        {"details": {"rows": 0}},
        {"address": ""},
    ],
)
def test_the_database_refuses_a_change(make_user, change):
    entry = record(AuditKind.LOG_IN, actor=make_user(), about="x", rows=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(**change)


def test_the_database_refuses_another_author_but_not_one_who_leaves(make_user):
    person, other = make_user(), make_user()
    entry = record(AuditKind.LOG_IN, actor=person)
    rows = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(actor=other)
    assert rows.update(actor_name="Tidligere medarbejder") == 1
    assert rows.update(actor=None) == 1


def test_what_is_young_stays_and_what_is_old_can_go(make_user):
    young = record(AuditKind.LOG_IN, actor=make_user())
    old = AuditEntry.objects.create(
        kind=AuditKind.LOG_IN, at=timezone.now() - dt.timedelta(days=91)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.filter(pk=young.pk).delete()
    AuditEntry.objects.filter(pk=old.pk).delete()
    assert list(AuditEntry.objects.all()) == [young]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.17", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.17", "192.0.2.0/24"),
        ("", ""),
        (None, ""),
        ("unknown", ""),
    ],
)
def test_an_address_is_shortened(address, network):
    assert network_of(address) == network


@given(st.ip_addresses())
def test_no_address_is_kept_whole(address):
    assert str(address) != network_of(str(address)).split("/")[0] or str(address).endswith(
        (".0", "::")
    )
