"""The log: filters, paging, corrections with both texts on a clash, removal with undo."""

import datetime as dt

import pytest
import time_machine

from initiatives.enums import ActivitySource, Outcome
from krams.enums import Role
from krams.models import Membership

from ..planning import NOON, TODAY, YESTERDAY, make_activity, make_type
from .test_today import HTMX, address, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def office(login, staff):
    return login(staff)


def log(facility, **query):
    return address("log", facility.slug, **query)


def titles(response) -> list[str]:
    return [row.title for row in response.context["activities"]]


def test_the_newest_day_comes_first_and_removed_rows_are_gone(office, facility, other_facility):
    make_activity(facility, title="I går", held_on=YESTERDAY)
    make_activity(facility, title="I dag")
    make_activity(facility, title="Fjernet", removed_at=NOON)
    make_activity(other_facility, title="Andres")
    page = office.get(log(facility))
    assert titles(page) == ["I dag", "I går"]
    assert "2 registreringer på denne side" in text(page)


def test_demo_data_and_who_registered_are_named(office, facility, staff):
    make_activity(facility, source=ActivitySource.DEMO)
    make_activity(facility, registered_by=staff, note="Vi gik til havnen")
    page = text(office.get(log(facility)))
    assert page.count("Demo ") >= 1
    assert "Slettet konto" in page
    assert f"{staff.name} Vi gik til havnen" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"fra": "20.11.2026"}, ["Gåtur", "Rygestop", "Madlavning"]),
        ({"til": "20.11.2026"}, ["Rygestop", "Madlavning", "Gammel"]),
        ({"fra": "20-11-2026", "til": "2026-11-20"}, ["Rygestop", "Madlavning"]),
        ({"faktor": "k"}, ["Madlavning"]),
        ({"faktor": "S"}, ["Madlavning"]),
        ({"udfald": "cancelled"}, ["Rygestop"]),
        ({"kilde": "demo"}, ["Gammel"]),
        ({"rolle": "staff"}, ["Gåtur"]),
        ({"rolle": "manager"}, []),
        ({"faktor": "", "fra": "", "page": "-1"}, ["Gåtur", "Rygestop", "Madlavning", "Gammel"]),
        ({"page": "1000000000"}, ["Gåtur", "Rygestop", "Madlavning", "Gammel"]),
    ],
)
def test_filters_narrow_the_log(office, facility, staff, query, expected):
    old = TODAY - dt.timedelta(days=90)
    make_activity(facility, title="Gammel", held_on=old, source=ActivitySource.DEMO)
    make_activity(facility, title="Madlavning", factors="KS", held_on=YESTERDAY)
    cancelled = {"held_on": YESTERDAY, "outcome": Outcome.CANCELLED}
    make_activity(facility, title="Rygestop", factors="R", **cancelled)
    make_activity(facility, title="Gåtur", registered_by=staff)
    page = office.get(log(facility, **query))
    assert page.status_code == 200
    assert titles(page) == expected


def test_by_role_means_the_role_at_this_place(office, facility, other_facility, make_user):
    guest = make_user(Role.STAFF, facility=facility)
    Membership.objects.create(user=guest, role=Role.MANAGER, facility=other_facility)
    chief = make_user(Role.MANAGER, department=facility.department)
    make_activity(facility, title="Gåtur", registered_by=guest)
    make_activity(facility, title="Kok", registered_by=chief)
    assert titles(office.get(log(facility, rolle="staff"))) == ["Gåtur"]
    assert titles(office.get(log(facility, rolle="manager"))) == ["Kok"]


def test_by_type_only_those_in_the_log_are_offered(office, facility):
    swimming, unused = make_type("Svømning"), make_type("Ubrugt")
    make_activity(facility)
    make_activity(facility, activity_type=swimming, title="Svømning")
    assert titles(office.get(log(facility, type=swimming.pk))) == ["Svømning"]
    assert office.get(log(facility, type=unused.pk)).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        {"faktor": "X"},
        {"type": "0"},
        {"type": "1" + "0" * 30},
        {"udfald": "maaske"},
        {"kilde": "\x00"},
        {"rolle": "viewer"},
        {"fra": "31-02-2026"},
        {"fra": "01.01.0001"},
        {"til": "forleden"},
        {"fra": "21.11.2026", "til": "20.11.2026"},
    ],
)
def test_a_filter_that_means_nothing_says_so(office, facility, query):
    make_activity(facility)
    for headers in ({}, HTMX):
        page = office.get(log(facility, **query), headers=headers)
        assert page.status_code == 422
        assert "Filteret kan ikke bruges" in text(page)
        assert '<li id="r-' not in page.content.decode()


def test_an_empty_log_offers_the_next_step(office, facility):
    assert "Gå til i dag" in text(office.get(log(facility)))
    assert "Vis alle" in text(office.get(log(facility, faktor="s")))


def test_htmx_gets_the_results_only(office, facility):
    make_activity(facility)
    html = office.get(log(facility, faktor="m"), headers=HTMX).content.decode()
    assert html.lstrip().startswith('<div id="results">')
    assert "<form class=" not in html
