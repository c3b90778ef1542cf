"""Whoever tries to get past something leaves a line: the table of docs/security.md, "Events"."""

import json

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from krams.audit.actions import record
from krams.enums import AuditKind, Role
from krams.models import AuditEntry

from ...conftest import PASSWORD
from .test_logs import lines  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(lines):  # noqa: F811
    """What stands in the log so far, by logger: ``told("krams.requests")``."""
    return lambda name: [one for one in map(json.loads, lines) if one["logger"] == name]


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        # Another's page, an address that is nobody's, and what the role may not.
        ("/botilbud/findes-ikke/i-dag/", 404),
        ("/databeskyttelse/", 403),
    ],
)
def test_what_one_may_not_is_a_line_with_the_account(login, staff, told, path, status):
    assert login(staff).get(path).status_code == status
    [line] = told("krams.requests")
    assert (line["status"], line["user_id"]) == (status, staff.pk)


def test_so_is_bad_input_without_a_word_of_it(login, staff, facility, told):
    path = reverse("initiatives:register", args=[facility.slug])
    sent = {"held_on": "Hans Hansen", "submission_id": "x"}
    assert login(staff).post(path, sent).status_code == 422
    [line] = told("krams.requests")
    assert (line["status"], line["user_id"], line["method"]) == (422, staff.pk, "POST")
    assert "Hansen" not in str(told("krams.requests") + told("django.request"))


def test_a_forged_form_is_told_twice(staff, told):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post("/konto/logout/").status_code == 403
    assert told("django.security.csrf")
    assert told("krams.requests")[-1]["status"] == 403


def test_another_host_is_told(client, told):
    assert client.get("/hjaelp/", headers={"host": "ond.example"}).status_code == 400
    assert told("django.security.DisallowedHost")
    assert told("krams.requests")[-1]["status"] == 400


def test_a_wrong_password_and_one_too_many_are_told_with_the_reason(client, staff, told):
    for _attempt in range(7):
        client.post(reverse("account_login"), {"login": staff.email, "password": f"{PASSWORD}x"})
    reasons = [line["reason"] for line in told("krams.log_in")]
    assert reasons[:5] == ["password"] * 5
    assert reasons[-1] == "waits"
    assert {line["user_id"] for line in told("krams.log_in")} == {staff.pk}


def test_an_entry_of_the_audit_log_is_a_line_too_with_numbers_alone(
    staff, facility, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        about = f"facility:{facility.pk} {facility}"
        record(AuditKind.EXPORT, actor=staff, about=about, file="Hans Hansen.xlsx")
        # As long as it may be undone it has not happened.
        assert told("krams.audit") == []
    [line] = told("krams.audit")
    entry = AuditEntry.objects.get(kind=AuditKind.EXPORT)
    assert (line["entry"], line["event"], line["user_id"]) == (entry.pk, "export", staff.pk)
    assert line["about"] == f"facility:{facility.pk}"
    assert str(facility) not in str(line)
    assert "Hansen" not in str(line)
    assert staff.email not in str(line)


def test_what_was_undone_is_no_line(staff, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        record(AuditKind.EXPORT, actor=staff)
        transaction.set_rollback(True)
    assert told("krams.audit") == []
