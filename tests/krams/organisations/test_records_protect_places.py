"""A place that has records is closed, not deleted; what is deleted leaves a history."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models import ProtectedError

from initiatives.enums import MeetingKind
from initiatives.models import (
    Assessment,
    FacilityIndicator,
    FactorText,
    LaterPoint,
    Meeting,
    SuccessCriterion,
)
from krams.enums import AuditKind, Role
from krams.models import AuditEntry, Authority, Department, Facility

from ...initiatives.making_criteria import make_criterion, make_initiative
from ...initiatives.planning import make_activity, make_plan

# What goes with a place, and why nothing is lost by it.
GOES_ALONG = {
    "krams.Membership": "a right at a place that is no more; its history and the audit log stay",
    "krams.Invitation": "the same, before it was accepted",
    "initiatives.CalendarLink": "an address, and no record; its history stays",
    "initiatives.WeekSummary": "follows the log, which protects",
    "initiatives.MonthSummary": "follows the log, which protects",
}


def to_places():
    """Every column that leads to a place, but those of histories, which hold on to nothing."""
    for model in apps.get_models():
        if hasattr(model, "instance_type"):
            continue
        for field in model._meta.local_concrete_fields:
            if field.is_relation and field.related_model in (Facility, Department):
                yield model, field


def test_every_record_of_a_place_protects_it_or_is_accounted_for():
    found = {}
    for model, field in to_places():
        if field.remote_field.on_delete is not models.PROTECT:
            found.setdefault(model._meta.label, []).append(field.name)
    assert found.keys() == GOES_ALONG.keys()


def test_tables_between_are_of_what_protects_by_itself():
    """A facility takes part in an initiative by a row that Django deletes with it."""
    between = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_many_to_many
        if field.related_model in (Facility, Department)
    }
    assert between == {"initiatives.Initiative.facilities"}


def test_histories_hold_on_to_no_place():
    held = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if hasattr(model, "instance_type")
        for field in model._meta.local_concrete_fields
        if field.is_relation
        and field.related_model in (Facility, Department)
        and (field.remote_field.on_delete is not models.DO_NOTHING or field.db_constraint)
    ]
    assert held == []


def assess(facility):
    criterion = make_criterion(make_initiative(facility.department))
    return Assessment.objects.create(
        criterion=criterion, facility=facility, level="partly_met", assessed_on=dt.date(2026, 3, 2)
    )


def follow(facility):
    indicator = make_criterion(make_initiative(facility.department)).indicators.get()
    return FacilityIndicator.objects.create(indicator=indicator, facility=facility, target=60)


def write_locally(facility):
    initiative = make_initiative(facility.department)
    return FactorText.objects.create(
        initiative=initiative, facility=facility, factor="K", text="Grønt"
    )


def meet(facility):
    return Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2)
    )


@pytest.mark.parametrize(
    "write",
    [
        assess,
        follow,
        write_locally,
        meet,
        lambda facility: LaterPoint.objects.create(facility=facility, text="Maden"),
        make_activity,
        make_plan,
    ],
)
def test_a_facility_with_a_record_cannot_be_deleted(facility, write):
    made = write(facility)
    for delete in (facility.delete, Facility.objects.filter(pk=facility.pk).delete):
        with pytest.raises(ProtectedError), transaction.atomic():
            delete()
    assert type(made).objects.filter(pk=made.pk).exists()
    assert Facility.objects.filter(pk=facility.pk).exists()


def test_a_department_with_a_point_for_later_cannot_be_deleted(department):
    LaterPoint.objects.create(department=department, text="Maden")
    with pytest.raises(ProtectedError):
        department.delete()


def test_who_takes_part_in_an_initiative_without_a_record_of_its_own(facility):
    """The initiative is the department's, and stays."""
    criterion = make_criterion(make_initiative(facility.department, facility))
    pk = facility.pk
    facility.delete()
    assert SuccessCriterion.objects.filter(pk=criterion.pk).exists()
    assert Facility.history.filter(id=pk, history_type="-").exists()


def test_an_empty_place_leaves_its_history_and_that_of_its_roles(make_user, facility):
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    authority = facility.department.municipality
    facility.delete()
    assert type(role).history.filter(id=role.pk, history_type="-").exists()
    ended = AuditEntry.objects.filter(kind=AuditKind.GRANT).latest("pk")
    assert (ended.details["what"], ended.authority) == ("ended", authority)


def test_the_end_of_a_role_on_an_authority_is_told_with_the_authority(make_user, municipality):
    role = make_user(Role.ADMINISTRATOR, authority=municipality).memberships.get()
    role.delete()
    ended = AuditEntry.objects.filter(kind=AuditKind.GRANT).latest("pk")
    assert (ended.details["what"], ended.authority) == ("ended", municipality)


@pytest.mark.parametrize("at_once", [True, False])
def test_an_authority_that_is_deleted_leaves_entries_that_point_nowhere(make_user, at_once):
    gone = Authority.objects.create(kind="municipality", name="Nedlagt", slug="nedlagt")
    role = make_user(Role.ADMINISTRATOR, authority=gone).memberships.get()
    if at_once:
        Authority.objects.filter(pk=gone.pk).delete()
    else:
        gone.delete()
    ended = AuditEntry.objects.filter(kind=AuditKind.GRANT).latest("pk")
    assert (ended.details["what"], ended.details["role"]) == ("ended", role.role)
    assert ended.authority is None
