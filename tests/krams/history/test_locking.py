"""A save names the version that it was based on."""

import pytest
from django import forms
from django.db import transaction

from krams.enums import Role
from krams.history.actions.locking import LARGEST_VERSION, StaleVersion, lock, save_version
from krams.history.forms import VersionField
from krams.models import Facility


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def rename(facility, version, name, by, fields=()):
    with transaction.atomic():
        current = lock(Facility.objects.all(), version=version, fields=fields, pk=facility.pk)
        current.name = name
        return save_version(current, by=by, reason="Nyt navn")


def test_the_first_save_wins_and_the_second_sees_it(facility, manager):
    rename(facility, 1, "Først", manager)
    with pytest.raises(StaleVersion) as stale:
        rename(facility, 1, "Sidst", manager)
    assert stale.value.current.name == "Først"
    assert stale.value.current.version == 2
    facility.refresh_from_db()
    assert facility.name == "Først"


def test_every_save_is_kept_with_who_and_why(facility, manager):
    rename(facility, 1, "Først", manager)
    record = facility.history.first()
    assert (record.version, record.name) == (2, "Først")
    assert (record.history_user, record.history_change_reason) == (manager, "Nyt navn")


@pytest.mark.parametrize("version", [0, 2, LARGEST_VERSION])
def test_a_version_that_is_not_the_current_one_is_stale(facility, manager, version):
    with pytest.raises(StaleVersion):
        rename(facility, version, "X", manager)


def test_two_may_edit_two_fields_of_one_object(facility, manager):
    with transaction.atomic():
        current = lock(Facility.objects.all(), version=1, pk=facility.pk)
        current.remark = "Nye lokaler"
        save_version(current, by=manager)
    saved = rename(facility, 1, "Nyt", manager, fields=("name",))
    assert (saved.version, saved.name, saved.remark) == (3, "Nyt", "Nye lokaler")


def test_but_not_the_same_field(facility, manager):
    rename(facility, 1, "Først", manager)
    with pytest.raises(StaleVersion):
        rename(facility, 1, "Sidst", manager, fields=("name",))


def test_a_version_that_never_was_is_stale_for_a_field_too(facility, manager):
    with pytest.raises(StaleVersion):
        rename(facility, 0, "X", manager, fields=("name",))


def test_an_object_that_is_gone(facility, manager):
    with pytest.raises(Facility.DoesNotExist), transaction.atomic():
        lock(Facility.objects.all(), version=1, pk=facility.pk + 1)


class VersionForm(forms.Form):
    version = VersionField()


@pytest.mark.parametrize("sent", [None, "", "abc", "-1", "1.5", "1" + "0" * 30, "1\x00"])
def test_a_bad_version_says_that_the_page_is_out_of_date(sent):
    form = VersionForm({} if sent is None else {"version": sent})
    assert not form.is_valid()
    [message] = form.errors["version"]
    assert message.startswith("Siden er for gammel.")


def test_the_version_is_a_hidden_field():
    assert 'type="hidden"' in str(VersionForm(initial={"version": 3})["version"])
