"""Earlier versions of what a facility and its department have written."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.urls import reverse

from initiatives.documents.actions.sections import save_section
from initiatives.documents.queries.document import read_document
from initiatives.documents.sections import BY_SLUG
from initiatives.enums import MeetingKind
from initiatives.models import Initiative, Meeting
from krams.changes.actions.restoring import restore
from krams.enums import Role
from krams.history import registry
from krams.history.actions.locking import StaleVersion, save_version


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def meeting(facility, manager):
    made = Meeting(facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2))
    made.minutes = "Vi talte om frugt"
    save_version(made, by=manager)
    made.minutes = "Slettet ved en fejl"
    return save_version(made, by=manager)


def test_minutes_come_back_for_who_may_write_them(login, make_user, facility, meeting):
    first = meeting.history.earliest()
    data = {"saved": first.history_id, "version": meeting.version}
    address = reverse("history-restore", args=["moede", meeting.pk])
    viewer = login(make_user(Role.VIEWER, facility=facility))
    assert viewer.post(address, data).status_code == 403

    answer = login(make_user(Role.STAFF, facility=facility)).post(address, data, follow=True)

    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.version) == ("Vi talte om frugt", 3)
    assert "Det, der stod dengang, står der igen." in answer.content.decode()
    assert meeting.history.count() == 3


def test_what_nobody_may_write_does_not_come_back_and_who_may_is_asked_first(
    login, make_user, facility, meeting
):
    first = meeting.history.earliest()
    # Written before such numbers were refused.
    meeting.history.filter(pk=first.pk).update(minutes="Med 010190-1234")
    data = {"saved": first.history_id, "version": meeting.version}
    address = reverse("history-restore", args=["moede", meeting.pk])
    assert login(make_user(Role.VIEWER, facility=facility)).post(address, data).status_code == 403
    assert login(make_user(Role.STAFF, facility=facility)).post(address, data).status_code == 422
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.version) == ("Slettet ved en fejl", 2)
    assert meeting.history.count() == 2


def test_the_sections_of_an_initiative_come_back_and_the_journal_says_so(department, manager):
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)

    def write(slug, **texts):
        current = Initiative.objects.get(pk=initiative.pk)
        section = BY_SLUG[slug]
        values = read_document(current).values(section) | texts
        return save_section(
            initiative=current,
            section=section,
            version=current.version,
            values=values,
            reason="",
            by=manager,
        )

    write("formaal", purpose="Sundere mad")
    standing = write("beskrivelse", introduction="Om maden", factor_K="Grønt hver dag")
    write("formaal", purpose="Noget andet")
    last = write("beskrivelse", introduction="", factor_K="")
    record = initiative.history.get(version=standing.version)
    found = registry.REGISTRY["indsats"]
    key = {"registration": found, "pk": initiative.pk, "history_id": record.history_id}

    with pytest.raises(StaleVersion):
        restore(**key, version=1, by=manager)
    restore(**key, version=last.version, by=manager)

    now = Initiative.objects.get(pk=initiative.pk)
    assert (now.purpose, now.introduction) == ("Sundere mad", "Om maden")
    assert now.factor_texts.get(factor="K").text == "Grønt hver dag"
    assert [one.section for one in now.changes.all()[:2]] == ["formaal", "beskrivelse"]


def test_a_stranger_restores_nothing_whatever_the_way(make_user, meeting, other_facility):
    stranger = make_user(Role.MANAGER, facility=other_facility)
    with pytest.raises(PermissionDenied):
        restore(
            registration=registry.REGISTRY["moede"],
            pk=meeting.pk,
            history_id=meeting.history.earliest().history_id,
            version=meeting.version,
            by=stranger,
        )
    with pytest.raises(PermissionDenied):
        restore(registration=registry.REGISTRY["rolle"], pk=1, history_id=1, version=1, by=stranger)


def test_a_place_with_minutes_is_closed_and_not_deleted(client, make_user, facility, meeting):
    with pytest.raises(ProtectedError):
        facility.delete()
    assert Meeting.objects.filter(pk=meeting.pk).exists()
