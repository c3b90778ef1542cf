"""The page that shows who changed what on an object."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krams.enums import FacilityKind, Role
from krams.history import queries, registry
from krams.history.actions.locking import save_version
from krams.models import Facility


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def changed(facility, manager):
    """Created by nobody, changed twice by the manager."""
    facility.name, facility.place_count = "Bakkegården", 12
    save_version(facility, by=manager, reason="Nyt navn efter ombygning")
    facility.kind, facility.name = FacilityKind.DROP_IN, "Bakkegården & <Haven>"
    save_version(facility, by=manager)
    return facility


def page(client, facility, query=""):
    return client.get(f"/historik/botilbud/{facility.pk}/{query}")


def test_shows_who_what_and_why_newest_first(login, manager, changed):
    response = page(login(manager), changed)

    last, first, created = response.context["events"]
    assert (last.kind, first.kind, created.kind) == ("~", "~", "+")
    assert (last.who, last.roles) == (manager.name, "Leder")
    assert first.reason == "Nyt navn efter ombygning"
    assert {(c.label, c.old, c.new) for c in first.changes} == {
        ("Navn", "Bakkehuset", "Bakkegården"),
        ("Pladser", "", "12"),
    }
    assert {(c.label, c.old, c.new) for c in last.changes} == {
        ("Art", "Botilbud", "Værested"),
        ("Navn", "Bakkegården", "Bakkegården & <Haven>"),
    }
    assert created.who == "Systemet"
    assert ("Afdeling", "", "Socialpsykiatrien") in {
        (c.label, c.old, c.new) for c in created.changes
    }
    assert "&lt;Haven&gt;" in response.content.decode()


def test_a_removed_relation_is_named_as_removed(login, manager, changed):
    facility = Facility.history.filter(id=changed.pk).last()
    facility.department_id = 10**6
    facility.save()

    oldest = page(login(manager), changed).context["events"][-1]

    assert "(slettet)" in {change.new for change in oldest.changes}


def test_without_log_in_it_leads_to_the_log_in(client, changed):
    response = page(client, changed)
    assert response.status_code == 302
    assert response.url.startswith("/konto/login/")


@pytest.mark.parametrize("key", ["botilbud", "konto", "user", "adgangskode"])
def test_what_one_may_not_see_is_not_there(login, make_user, changed, other_facility, key):
    stranger = make_user(Role.STAFF, facility=other_facility)
    assert login(stranger).get(f"/historik/{key}/{changed.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_an_object_that_is_not_there(login, manager, pk):
    assert login(manager).get(f"/historik/botilbud/{pk}/").status_code == 404


def test_posting_to_it_is_refused(login, manager, changed):
    assert login(manager).post(f"/historik/botilbud/{changed.pk}/").status_code == 405


def test_pages_of_fifty(login, manager, facility):
    for number in range(60):
        facility.remark = f"Bemærkning {number}"
        save_version(facility, by=manager)
    client = login(manager)

    first = page(client, facility)
    links = first.context["pages"]
    second = page(client, facility, links.older)

    assert len(first.context["events"]) == 50
    assert len(second.context["events"]) == 11
    assert f'href="{links.older.replace("&", "&amp;")}"' in first.content.decode()
    assert [bool(links.newest), bool(links.newer)] == [False, False]
    back = page(client, facility, second.context["pages"].newer)
    assert [event.at for event in back.context["events"]] == [
        event.at for event in first.context["events"]
    ]
    assert second.context["pages"].older == ""
    # The last change of a page is compared with the first record of the next one.
    [change] = first.context["events"][-1].changes
    assert (change.old, change.new) == ("Bemærkning 9", "Bemærkning 10")


@pytest.mark.parametrize("place", ["-1", "3", "abc", "9" * 40, "", "2026-11-21~1", "²"])
@pytest.mark.parametrize("way", ["foer", "efter"])
def test_a_place_that_no_page_has_led_to(login, manager, changed, way, place):
    assert page(login(manager), changed, f"?{way}={place}").status_code == 404


def test_before_the_first_save_there_is_nothing_but_the_way_back(login, manager, changed):
    answer = page(login(manager), changed, "?foer=1999-01-01T00:00:00Z~1")
    assert answer.context["events"] == []
    text = answer.content.decode()
    assert "Der er ikke noget på denne side." in text
    assert "Nyeste" in text
    assert "Nyere" not in text
    assert "Ældre" not in text


def test_the_number_of_queries_does_not_grow(login, manager, facility, make_user, department):
    client = login(manager)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, facility).status_code == 200
        return len(queries)

    one = count()
    for number in range(30):
        facility.remark = f"Bemærkning {number}"
        save_version(facility, by=make_user(Role.MANAGER, department=department))
    # Another person's role is one query more, however many persons there are.
    assert count() <= one + 1
    assert count() <= 8


def test_a_key_belongs_to_one_model():
    with pytest.raises(ValueError, match="botilbud"):
        registry.register(
            registry.REGISTRY["klynge"].model, key="botilbud", visible=None, places={}
        )


def test_values_read_as_the_reader_writes_them():
    assert queries._plain(True) == "Ja"
    assert queries._plain(47.5) == queries._plain(Decimal("47.5")) == "47,5"
