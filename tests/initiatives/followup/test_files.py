"""The overview of a department as a document: what the page shows, and no more."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from krams.enums import Role
from krams.models import Facility
from tests.files import out_of_order, paragraphs_of

from ..making_criteria import make_criterion, make_initiative, measure
from ..meetings.making_meetings import make_fading_plan

HIDDEN = "Skjult (få personer)"


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


def path(department, kind: str = "docx", query: str = "") -> str:
    return reverse("initiatives:overview-export", args=[department.slug, kind]) + query


def read(response) -> list[str]:
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in paragraphs_of(response)]


@pytest.fixture
def followed(department, facility):
    """Two facilities: one whose share may be seen, and one whose is about few people."""
    other = Facility.objects.create(department=department, name="Hus 2", slug="hus-2")
    make_fading_plan(facility)
    criterion = make_criterion(make_initiative(department, facility, other))
    measure(facility, criterion.indicators.get(), (12, 20))
    measure(other, criterion.indicators.get(), (2, 14))
    return criterion


@pytest.fixture
def manager(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


def test_it_has_what_the_page_has_in_its_order(manager, department, followed):
    found = read(manager.get(path(department)))
    expected = [
        *("Overblik over KRAMS-indsatsen", "Kræver opmærksomhed", "Aftentur (M)"),
        *("Holder det?", "Bakkehuset", "Succeskriterier pr. botilbud", "1. Kort 1", "Bakkehuset"),
        *("Hus 2", HIDDEN),
    ]
    assert out_of_order(expected, found) == []


def test_few_people_are_hidden_and_left_out_of_the_total(login, make_user, department, followed):
    reader = login(make_user(Role.VIEWER, department=department))
    found = read(reader.get(path(department)))
    assert found.count(HIDDEN) == 1
    assert not any("14 %" in one or "n 34" in one for one in found), found
    assert sum("60 % · n 20" in one for one in found) == 2
    assert "1 skjult er ikke med" in found


def test_who_sees_one_facility_gets_one(login, make_user, department, facility, followed):
    reader = login(make_user(Role.VIEWER, facility=facility))
    page = reader.get(reverse("initiatives:overview", args=[department.slug]))
    found = paragraphs_of(reader.get(path(department)))
    assert ("Hus 2" in page.content.decode()) == any("Hus 2" in one for one in found) is False


def test_the_page_leads_to_it_with_what_is_chosen(manager, department, followed):
    page = manager.get(reverse("initiatives:overview", args=[department.slug]) + "?alle=1")
    assert path(department, "docx", "?alle=1") in page.content.decode()


def test_more_than_a_screenful_is_counted_unless_all_are_asked_for(
    manager, department, followed, monkeypatch
):
    monkeypatch.setattr("initiatives.followup.views.export.MOST_SHOWN", 0)
    short = paragraphs_of(manager.get(path(department)))
    whole = paragraphs_of(manager.get(path(department, query="?alle=1")))
    assert not any("Aftentur (M)" in one for one in short)
    assert any(" til" in one for one in short)
    assert any("Aftentur (M)" in one for one in whole)


def test_strangers_and_kinds_that_there_are_not(
    login, make_user, department, other_facility, manager, followed
):
    assert manager.get(path(department, "odt")).status_code == 404
    for stranger in (make_user(), make_user(Role.MANAGER, facility=other_facility)):
        assert login(stranger).get(path(department)).status_code == 404


def test_queries_do_not_grow_with_facilities(manager, department, followed):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert manager.get(path(department)).status_code == 200
        return len(found)

    count()
    before = count()
    for number in range(3, 33):
        house = Facility.objects.create(
            department=department, name=f"Hus {number}", slug=f"hus-{number}"
        )
        followed.initiative.facilities.add(house)
        measure(house, followed.indicators.get(), (12, 20))
    assert count() == before
