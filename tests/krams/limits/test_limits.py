"""Who asks too often is told to wait; nobody else is."""

import logging
import re
import threading
from collections import Counter

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse

from initiatives.calendar.actions import renew_link
from krams.enums import Role
from krams.limits.counting import take
from krams.limits.table import (
    FILES,
    FORMS,
    IMPORTS,
    LIMITS,
    LINKS,
    NEVER,
    PUBLIC_FILES,
    READ,
    SEARCHES,
    WAYS_IN,
    WRITE,
    Limit,
    limit_of,
)
from scripts.access import routes
from scripts.limits import main
from tests.demo import DemoTestCase
from tests.pages import PAGES

pytestmark = pytest.mark.django_db
NOW = "2026-11-27T14:00:00+01:00"
SEARCH = "/soeg/?q=tur"
FEW = Limit("few", 3, 60, "of a test")


@pytest.fixture
def counted(settings):
    """The limits are on, and the clock stands still until the test moves it."""
    settings.RATE_LIMITS = True
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def small(monkeypatch):
    """A few times are enough to see what is counted together."""

    def make(table, name: str) -> int:
        plain = table[name]
        assert plain.times > 10
        monkeypatch.setitem(table, name, Limit(plain.name, 10, plain.seconds, plain.why))
        return 10

    return make


def statuses(client, path, times, **sent) -> Counter:
    return Counter(client.get(path, **sent).status_code for _ in range(times))


def test_a_bucket_empties_and_fills_evenly(counted):
    assert [take(FEW, "me") for _ in range(5)] == [0, 0, 0, 20, 20]
    counted.shift(19)
    assert take(FEW, "me") == 1
    counted.shift(1)
    assert [take(FEW, "me") for _ in range(2)] == [0, 20]
    # Full again, and no fuller than full.
    counted.shift(3600)
    assert [take(FEW, "me") for _ in range(4)] == [0, 0, 0, 20]


def test_no_minute_begins_at_which_twice_as_much_is_let_through(counted):
    """A window of whole minutes lets 3 through at its end and 3 at once after it."""
    counted.shift(59)
    assert [take(FEW, "me") for _ in range(3)] == [0, 0, 0]
    counted.shift(2)
    assert take(FEW, "me") > 0


def test_each_person_and_each_limit_is_counted_alone(counted):
    assert [take(FEW, one) for one in ("a", "a", "a", "b")] == [0] * 4
    assert take(FEW, "a") > 0
    assert take(Limit("others", 3, 60, ""), "a") == 0


def test_it_is_one_statement_and_two_where_it_is_refused(counted):
    for _ in range(3):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert take(FEW, "me") == 0
        assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert take(FEW, "me") > 0
    assert len(asked) == 2


def test_the_cache_throws_away_only_what_is_full_again(counted):
    assert [take(FEW, "me") for _ in range(3)] == [0] * 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM portal_cache WHERE cache_key LIKE '%few%'")
        [(expires,)] = cursor.fetchall()
    assert str(expires)[:19] >= "2026-11-27 13:01:00"
    # Of a cache that was emptied at the wrong moment nobody suffers.
    cache.clear()
    assert take(FEW, "me") == 0


@pytest.mark.django_db(transaction=True)
def test_who_asks_in_eight_places_at_once_gets_no_more():
    """With the real clock: eight threads of their own connections, 20 times each."""
    limit, let_through = Limit("at-once", 40, 36_000, "nothing comes back during the test"), []
    start = threading.Barrier(8)

    def ask():
        start.wait()
        for _ in range(20):
            if take(limit, "me") == 0:
                let_through.append(1)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_through) == 40


def test_a_search_too_many_is_told_and_passes(counted, login, make_user, facility, caplog):
    client = login(make_user(Role.STAFF, facility=facility))
    assert statuses(client, SEARCH, SEARCHES.times) == {200: 60}
    with caplog.at_level(logging.WARNING, "krams.limits"):
        refused = client.get(SEARCH)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    page = refused.content.decode()
    assert "Vent ét sekund" in page
    assert "Prøv igen" in page
    assert refused.headers["Cache-Control"].startswith("no-store")
    # Neither what was searched for nor a name.
    [line] = [one for one in caplog.records if one.name == "krams.limits"]
    assert (line.reason, line.path) == ("searches", "/soeg/")
    assert "tur" not in str(line.__dict__)
    counted.shift(1)
    assert statuses(client, SEARCH, 2) == {200: 1, 429: 1}
    # The rest of the portal goes on.
    assert client.get("/hjaelp/").status_code == 200


def test_a_page_within_limits_keeps_its_eight_queries(counted, login, make_user, facility):
    client = login(make_user(Role.STAFF, facility=facility))
    client.get(SEARCH)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(SEARCH).status_code == 200
    assert len(asked) <= 8
    with CaptureQueriesContext(connection) as asked:
        client.get("/botilbud/")
    assert not [one for one in asked if "portal_cache" in one["sql"]]


def test_a_colleague_at_the_same_address_is_not_told_to_wait(counted, make_user, facility):
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(make_user(Role.STAFF, facility=facility))
    assert statuses(first, SEARCH, SEARCHES.times + 1) == {200: 60, 429: 1}
    assert statuses(second, SEARCH, SEARCHES.times) == {200: 60}


def test_one_person_is_one_person_in_several_browsers(counted, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    given = Counter()
    for number in range(4):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.force_login(user)
        given += statuses(client, SEARCH, 20)
    assert given == {200: 60, 429: 20}


def test_within_a_page_the_script_tells_it(counted, login, make_user, facility):
    client = login(make_user(Role.STAFF, facility=facility))
    statuses(client, SEARCH, SEARCHES.times)
    part = client.get(SEARCH, headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (429, b"")
    assert part.headers["Retry-After"] == "1"


def test_files_of_all_kinds_are_counted_together(counted, login, make_user, facility):
    client = login(make_user(Role.MANAGER, facility=facility))
    paths = [
        f"/botilbud/{facility.slug}/registreringer.csv",
        f"/botilbud/{facility.slug}/ugeplan.csv",
        f"/botilbud/{facility.slug}/registreringer.xlsx",
    ]
    given = Counter()
    for _ in range(11):
        for path in paths:
            given += statuses(client, path, 1)
    assert given == {200: FILES.times, 429: 3}
    counted.shift(20)
    assert statuses(client, paths[0], 2) == {200: 1, 429: 1}


def test_what_may_not_be_had_is_not_counted(counted, make_user, facility):
    """Who is led to the log-in uses up nothing of anybody's."""
    for _ in range(40):
        assert Client().get(f"/botilbud/{facility.slug}/registreringer.csv").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache WHERE cache_key LIKE '%limits:%'")
        assert cursor.fetchone() == (0,)


def test_what_was_pasted_for_an_import_is_not_lost(counted, small, login, make_user, facility):
    client = login(make_user(Role.MANAGER, facility=facility))
    path = f"/botilbud/{facility.slug}/ugeplan/indlaes/"
    sent = {"pasted": "Aktivitet\tUgedag\nGåtur <b>\tMandag"}
    times = small(WRITE, "initiatives:plan-sheet")
    assert {client.post(path, sent).status_code for _ in range(times)} == {422}
    refused = client.post(path, sent)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    page = refused.content.decode()
    assert "Gåtur &lt;b&gt;" in page
    assert f'action="{path}"' in page
    assert "Vent 60 sekunder" in page
    # Looking at the page is no import.
    assert client.get(path).status_code == 200
    counted.shift(60)
    assert client.post(path, sent).status_code == 422


def test_forms_have_a_limit_that_nobody_reaches_by_hand(counted, login, make_user):
    client = login(make_user())
    assert {client.post(reverse("settings"), {}).status_code for _ in range(3)} != {429}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET value = %s WHERE cache_key LIKE '%%limits:forms%%'",
            ["99999999999999"],
        )
        assert cursor.rowcount == 1
    assert client.post(reverse("settings"), {}).status_code == 429
    # The way out stays open.
    assert client.post("/konto/logout/").status_code == 302


def test_a_calendar_is_counted_by_the_address_of_who_asks(counted, small, make_user, facility):
    manager = make_user(Role.MANAGER, facility=facility)
    token = renew_link(facility=facility, version=0, by=manager)
    path = f"/kalender/{token}.ics"
    here, elsewhere = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    assert statuses(here, path, small(READ, "initiatives:calendar-feed")) == {200: 10}
    # Whoever tries secrets uses up the same.
    assert statuses(here, "/kalender/forfalsket.ics", 1) == {429: 1}
    assert statuses(elsewhere, path, 1) == {200: 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache WHERE cache_key LIKE '%limits:%'")
        keys = " ".join(key for (key,) in cursor.fetchall())
    assert "192.0.2" not in keys
    assert token not in keys


def test_an_office_has_one_address_of_ipv6(counted, small):
    first, second = Client(REMOTE_ADDR="2001:db8::1"), Client(REMOTE_ADDR="2001:db8::2")
    times = small(READ, "initiatives:calendar-feed")
    assert statuses(first, "/kalender/forfalsket.ics", times) == {404: 10}
    assert statuses(second, "/kalender/forfalsket.ics", 1) == {429: 1}
    other = Client(REMOTE_ADDR="2001:db8:0:1::1")
    assert statuses(other, "/kalender/forfalsket.ics", 1) == {404: 1}


def test_every_address_of_a_file_has_a_limit():
    files = {
        name
        for name, route in routes().items()
        if re.search(r"kind>|\.ics|-(file|export|template)$", route + name)
    }
    assert len(files) > 25
    assert {name for name in files if name not in READ} == set()
    assert {READ[name] for name in files} == {FILES, PUBLIC_FILES, LINKS}


def test_every_address_of_the_organisations_log_in_has_a_limit():
    """Each checks a signature, or asks another machine. One counts by itself, one is a text."""
    ways = {one for one in routes() if one.startswith(("saml_", "openid_connect_"))}
    ways -= {"saml_metadata", "openid_connect_logout"}
    assert len(ways) == 6
    assert {name for name in ways if WAYS_IN not in (READ.get(name), WRITE.get(name))} == set()
    assert limit_of("saml_acs", "POST", has_account=False) is WAYS_IN


def test_the_table_names_addresses_that_are_there():
    told = {*READ, *WRITE, *NEVER} - {"admin:logout"}
    assert told - set(routes()) == set()
    assert {*READ.values(), *WRITE.values(), FORMS} == set(LIMITS)
    assert len({one.name for one in LIMITS}) == len(LIMITS)
    assert all(one.seconds * 1000 % one.times == 0 for one in LIMITS)
    assert limit_of("search", "OPTIONS", True) is None
    assert get_resolver().reverse_dict


def test_the_documentation_shows_the_table():
    assert main(["--check"]) == 0


class OfTheDemo(DemoTestCase):
    def test_every_form_that_takes_a_file_is_an_import(self):
        found = {}
        for page in PAGES:
            text = self.answer_of(page).getvalue().decode(errors="replace")
            for tag in re.findall(r"<form[^>]*multipart/form-data[^>]*>", text):
                action = re.search(r'action="([^"?#]*)', tag)
                path = action[1] if action and action[1] else page.path()
                name = resolve(path.split("?")[0]).view_name
                found[name] = WRITE.get(name)
        assert len(found) > 5
        assert {name for name, limit in found.items() if limit is not IMPORTS} == set()
