"""Measurements from a spreadsheet: new ones, corrected ones, shares, and whose they may be."""

import datetime as dt

import pytest
from django.urls import reverse

from initiatives.enums import FigureAbout, IndicatorKind
from initiatives.models import Indicator, Measurement
from krams.enums import Role
from krams.models import Facility
from tests.spreadsheets import agree, problems, states, upload, xlsx

from ..making_criteria import make_criterion, make_initiative

pytestmark = pytest.mark.django_db
HEADER = ["Det, der måles", "Botilbud", "Dato", "Værdi", "Hvor mange", "Ud af hvor mange"]
HEADER += ["Hvor mange indgår", "Bemærkning"]
FEW = [*HEADER[:4], "Hvor mange indgår"]
DAY = dt.datetime(2026, 9, 30)


@pytest.fixture
def initiative(department, facility):
    made = make_initiative(department, facility)
    make_criterion(made, 1, kind=IndicatorKind.SHARE)
    make_criterion(made, 2, kind=IndicatorKind.VALUE)
    return made


@pytest.fixture
def desk(login, make_user, facility, initiative):
    return login(make_user(Role.MANAGER, facility=facility))


@pytest.fixture
def url(initiative):
    return reverse("initiatives:measurement-sheet", args=[initiative.pk])


def test_figures_are_added_and_corrected(desk, url):
    rows = [
        ["Måltal 1.1", "bakkehuset", DAY, None, 5, 8, None, None],
        ["2. Måltal 2.1", "Bakkehuset", DAY, 47.5, None, None, 12, "Målt i huset"],
    ]
    shown = upload(desk, url, xlsx(HEADER, *rows))
    assert states(shown) == ["new", "new"]
    assert agree(desk, url, shown).status_code == 302
    share, value = Measurement.objects.order_by("pk")
    assert (share.numerator, share.denominator, str(share.value)) == (5, 8, "62.5000")
    assert (str(value.value), value.people, value.note) == ("47.5000", 12, "Målt i huset")
    assert states(upload(desk, url, xlsx(HEADER, *rows))) == ["same", "same"]
    # Without a column of remarks, or of how many, what stands stays.
    shown = upload(desk, url, xlsx(HEADER[:4], ["Måltal 2.1", "Bakkehuset", DAY, "48,25"]))
    assert states(shown) == ["changed"]
    agree(desk, url, shown)
    value.refresh_from_db()
    assert (str(value.value), value.people, value.note) == ("48.2500", 12, "Målt i huset")
    assert value.history.first().history_change_reason == "Indlæst fra regneark"


def test_how_many_an_average_is_of(desk, url):
    """A new one says it; what stands is changed where the table says another, and never emptied."""
    row = ["Måltal 2.1", "Bakkehuset", DAY, 47]
    for table in (xlsx(HEADER[:4], row), xlsx(FEW, [*row, None])):
        [(number, column, text)] = problems(upload(desk, url, table))
        assert (number, column) == (2, "Hvor mange indgår")
        assert text == "Skriv, hvor mange personer der indgår."
    [(_number, column, _text)] = problems(upload(desk, url, xlsx(FEW, [*row, "mange"])))
    assert column == "Hvor mange indgår"
    agree(desk, url, upload(desk, url, xlsx(FEW, [*row, 12])))
    assert states(upload(desk, url, xlsx(FEW, [*row, None]))) == ["same"]
    shown = upload(desk, url, xlsx(FEW, [*row, 13]))
    assert states(shown) == ["changed"]
    assert "(n = 13)" in shown.content.decode()
    agree(desk, url, shown)
    assert Measurement.objects.get().people == 13


def test_what_is_not_about_people_needs_no_number_of_them(desk, url):
    Indicator.objects.filter(kind=IndicatorKind.VALUE).update(about=FigureAbout.OTHER)
    row = ["Måltal 2.1", "Bakkehuset", DAY, 47]
    agree(desk, url, upload(desk, url, xlsx(HEADER[:4], row)))
    assert Measurement.objects.get().people is None
    # Nor is it another figure where somebody said it before.
    Measurement.objects.update(people=9)
    assert states(upload(desk, url, xlsx(HEADER[:4], row))) == ["same"]


def test_bad_figures_are_told(desk, url):
    rows = [
        ["Måltal 9", "Bakkehuset", DAY, 1, None, None, 12, None],
        ["Måltal 1.1", "Bakkehuset", DAY, None, 9, 8, None, None],
        ["Måltal 2.1", "Bakkehuset", "i overmorgen", 1, None, None, 12, None],
        ["Måltal 2.1", "Engen", DAY, 1, None, None, 12, None],
        ["Måltal 2.1", "Bakkehuset", DAY, None, None, None, 12, None],
        ["Måltal 1.1", "Bakkehuset", dt.datetime(2025, 1, 1), None, 1, 2, None, None],
    ]
    response = upload(desk, url, xlsx(HEADER, *rows))
    assert response.status_code == 422
    assert [(row, column) for row, column, _text in problems(response)] == [
        (2, "Det, der måles"),
        (3, "Hvor mange"),
        (4, "Dato"),
        (5, "Botilbud"),
        (6, "Værdi"),
        (7, "Dato"),
    ]
    assert not Measurement.objects.exists()


def test_two_figures_of_one_day_are_told(desk, url):
    rows = [["Måltal 2.1", "Bakkehuset", DAY, number, 12] for number in (1, 2)]
    [(row, _column, text)] = problems(upload(desk, url, xlsx(FEW, *rows)))
    assert (row, "2" in text) == (3, True)


def test_only_facilities_that_one_manages(login, make_user, department, initiative, facility, url):
    other = Facility.objects.create(department=department, name="Engen", slug="engen-nord")
    initiative.facilities.add(other)
    client = login(make_user(Role.MANAGER, facility=other))
    rows = [["Måltal 2.1", "Bakkehuset", DAY, 1]]
    [(_row, column, text)] = problems(upload(client, url, xlsx(HEADER[:4], *rows)))
    assert (column, "Engen" in text) == ("Botilbud", True)


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_who_reads_may_not(login, make_user, facility, url, role):
    assert login(make_user(role, facility=facility)).get(url).status_code == 403


def test_others_do_not_find_it(login, make_user, other_facility, url):
    assert login(make_user(Role.MANAGER, facility=other_facility)).get(url).status_code == 404
