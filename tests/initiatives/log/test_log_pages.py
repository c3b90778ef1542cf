"""The pages of a long log: every row once, a year looked through at a time, the same queries."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.enums import ActivitySource, Outcome
from initiatives.log.queries import log_pages
from initiatives.models import Activity
from krams.enums import Role

from ..planning import NOON, TODAY, YESTERDAY, make_activity, make_type
from .test_today import HTMX, address, text

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


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


@pytest.fixture
def small_pages(monkeypatch):
    # A prepared query keeps its size.
    monkeypatch.setattr(log_pages, "PAGE_SIZE", 5)
    monkeypatch.setattr(log_pages._rows, "_day", None)
    yield
    log_pages._rows._day = None


def log(facility, **query):
    return address("log", facility.slug, **query)


def titles(response) -> list[str]:
    return [row.title for row in response.context["activities"]]


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def follow(office, facility, name, **query):
    """The pages from one on, by a link that each has."""
    pages = [office.get(log(facility, **query))]
    while link := getattr(pages[-1].context["pages"], name):
        assert f'href="{link.replace("&", "&amp;")}"' in pages[-1].content.decode()
        pages.append(office.get(log(facility) + link))
        assert len(pages) < 30
    return pages


def seen(pages) -> list[str]:
    return [title for page in pages for title in titles(page)]


def test_down_and_up_again(office, facility, other_facility):
    for number in range(120):
        make_activity(facility, title=f"{number}", held_on=days_ago(number // 3))
        make_activity(other_facility, title="Andres", held_on=days_ago(number // 3))
    order = [row.title for row in Activity.objects.order_by("-held_on", "-pk")]
    order = [title for title in order if title != "Andres"]
    down = follow(office, facility, "older")
    assert seen(down) == order
    assert [len(titles(page)) for page in down] == [50, 50, 20]
    up = follow(office, facility, "newer", foer=down[1].context["pages"].older.split("=")[1])
    # The last page, the one above it, and the newest, which is whole.
    assert [titles(page) for page in up] == [order[100:], order[50:100], order[:50]]
    assert "Nyeste" in text(up[0])
    assert office.get(log(facility) + up[0].context["pages"].newest).context["pages"].newest == ""


def test_every_row_comes_once_while_others_come_and_go(office, facility):
    for number in range(120):
        make_activity(facility, title=f"{number}", held_on=days_ago(number // 3))
    first = office.get(log(facility, udfald="held"))
    last = first.context["activities"][-1]
    make_activity(facility, title="Ny")
    # The row at the edge of the page is removed, and so is one on the next page.
    later = Activity.objects.filter(held_on__lt=last.held_on)[0]
    Activity.objects.filter(pk__in=[last.pk, later.pk]).update(removed_at=NOON)
    link = first.context["pages"].older
    assert link.startswith("?udfald=held&foer=")
    second = office.get(log(facility) + link)
    rest = follow(office, facility, "older", **dict(p.split("=") for p in link[1:].split("&")))
    assert second.context["pages"].newer
    found = titles(first) + seen(rest)
    assert sorted(found) == sorted({f"{number}" for number in range(120)} - {later.title})


@pytest.mark.parametrize(
    "place",
    [
        *("", "-1", "2026-11-21", "2026-02-31~1", "2026-11-21.1", "1~1", "\x00", "x" * 999),
        *("2026-11-21~-1", "0000-01-01~1", "2026-11-21~" + "9" * 40, "2026-11-21~1~1"),
    ],
)
@pytest.mark.parametrize("way", ["foer", "efter"])
def test_a_place_that_the_log_has_not_given_is_not_found(office, facility, way, place):
    assert office.get(log(facility, **{way: place})).status_code == 404


def test_both_ways_at_once_are_not_found(office, facility):
    both = {"foer": "2026-11-21~1", "efter": "2026-11-21~1"}
    assert office.get(log(facility, **both)).status_code == 404


@pytest.mark.parametrize("query", [{}, {"faktor": "m"}, {"udfald": "held", "til": "01.01.2020"}])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("way", ["foer", "efter"])
def test_the_ends_of_the_calendar_are_places(office, facility, query, day, way):
    make_activity(facility)
    assert office.get(log(facility, **query, **{way: f"{day}~1"})).status_code == 200


def test_beyond_the_oldest_there_is_the_way_back(office, facility):
    make_activity(facility, title="Gåtur")
    page = office.get(log(facility, foer="2020-01-01~1"))
    assert titles(page) == []
    assert "Der er ikke noget på denne side." in text(page)
    assert titles(office.get(log(facility) + page.context["pages"].newest)) == ["Gåtur"]


def test_the_log_of_another_place_is_not_found(office, facility, other_facility, login, make_user):
    row = make_activity(other_facility)
    place = f"{row.held_on.isoformat()}~{row.pk}"
    assert office.get(log(other_facility, foer=place)).status_code == 404
    # A place is a day and a number: it opens nothing.
    make_activity(facility, title="Vores", held_on=YESTERDAY)
    assert titles(office.get(log(facility, foer=place))) == ["Vores"]


def test_a_reader_leafs_through_it_too(login, make_user, facility):
    for number in range(51):
        make_activity(facility, title=f"{number}")
    reader = login(make_user(Role.VIEWER, department=facility.department))
    pages = follow(reader, facility, "older")
    assert [len(titles(page)) for page in pages] == [50, 1]
    assert "Fjern" not in text(pages[1])


def test_htmx_gets_the_next_page_with_its_links(office, facility):
    for number in range(51):
        make_activity(facility, title=f"{number}")
    whole = office.get(log(facility, faktor="m"))
    swapped = office.get(log(facility, faktor="m"), headers=HTMX)
    assert whole.context["pages"] == swapped.context["pages"]
    assert whole.context["pages"].older.replace("&", "&amp;") in swapped.content.decode()


# --- A filter that lets little through ----------------------------------------------------------


def test_a_year_is_looked_through_then_it_goes_on_where_there_is_more(office, facility):
    make_activity(facility, title="Ny", factors="K", held_on=days_ago(10))
    make_activity(facility, title="Ved siden af", held_on=days_ago(800))
    make_activity(facility, title="Gammel", factors="KS", held_on=days_ago(1500))
    make_activity(facility, title="Ældst", factors="K", held_on=days_ago(1900))
    pages = follow(office, facility, "older", faktor="k")
    # Nobody is led through years that hold none.
    assert [titles(page) for page in pages] == [["Ny"], ["Gammel"], ["Ældst"]]
    assert [page.context["pages"].newest != "" for page in pages] == [False, True, True]
    assert titles(office.get(log(facility, faktor="s"))) == ["Gammel"]
    last = pages[-1].context["pages"]
    up = office.get(log(facility) + last.newer)
    assert titles(up) == ["Gammel"]
    assert titles(office.get(log(facility) + up.context["pages"].newer)) == ["Ny"]


def test_an_empty_year_says_so_and_where_to_go_on(office, facility):
    make_activity(facility, held_on=days_ago(3))
    for back in (1000, 2000):
        make_activity(facility, held_on=days_ago(back))
    make_activity(facility, title="Gammel", source=ActivitySource.IMPORT, held_on=days_ago(3000))
    page = office.get(log(facility, kilde="import"))
    assert titles(page) == []
    assert "Ingen registrering herfra og tilbage til 1. marts 2023 passer" in text(page)
    assert seen(follow(office, facility, "older", kilde="import")) == ["Gammel"]
    up = office.get(log(facility, kilde="import", efter="2015-01-01~0"))
    assert titles(up) == ["Gammel"]
    up = office.get(log(facility, kilde="portal", faktor="m", efter="2019-01-01~0"))
    assert titles(up) == ["Gåtur"]
    make_activity(facility, title="Først", source=ActivitySource.DEMO, held_on=days_ago(3300))
    up = office.get(log(facility, kilde="demo", efter="2018-01-01~0"))
    assert titles(up) == []
    assert "frem til 30. april 2022 passer" in text(up)


def test_what_is_nowhere_is_said(office, facility):
    make_activity(facility, held_on=days_ago(3))
    make_activity(facility, held_on=days_ago(3000))
    for query in (
        {"faktor": "a"},
        {"udfald": "cancelled"},
        {"faktor": "a", "efter": "2017-01-01~0"},
    ):
        nowhere = office.get(log(facility, **query))
        assert titles(nowhere) == []
        assert "Ingen registreringer passer til filteret." in text(nowhere)
        assert not nowhere.context["pages"]


def test_the_outcome_too_tells_where_it_goes_on(office, facility):
    make_activity(facility, title="Ingen kom", participant_count=0, held_on=days_ago(1500))
    cancelled = {"outcome": Outcome.CANCELLED, "factors": "M"}
    make_activity(facility, title="Aflyst", held_on=days_ago(2300), **cancelled)
    assert seen(follow(office, facility, "older", udfald="held")) == ["Ingen kom"]
    both = follow(office, facility, "older", udfald="cancelled", faktor="m")
    assert [titles(page) for page in both] == [["Aflyst"]]
    assert not office.get(log(facility, udfald="cancelled", faktor="k")).context["pages"]


def test_within_two_days_nothing_beyond_them_is_offered(office, facility):
    old = days_ago(1500)
    for back in (1, 800, 1500, 1501, 2500):
        make_activity(facility, title=f"{back}", held_on=days_ago(back))
    between = {"fra": f"{old:%d.%m.%Y}", "til": f"{days_ago(700):%d.%m.%Y}", "faktor": "m"}
    assert seen(follow(office, facility, "older", **between)) == ["800", "1500"]
    lately = {"fra": f"{days_ago(100):%d.%m.%Y}", "faktor": "m"}
    page = office.get(log(facility, **lately))
    assert titles(page) == ["1"]
    assert not page.context["pages"]


def test_by_type_role_and_source_years_are_looked_through_one_by_one(office, facility, staff):
    swimming = make_type("Svømning")
    make_activity(facility, title="Gåtur", held_on=days_ago(1000))
    make_activity(facility, title="Svøm", activity_type=swimming, held_on=days_ago(1500))
    demo = {"source": ActivitySource.DEMO, "registered_by": staff}
    make_activity(facility, title="Demo", held_on=days_ago(2200), **demo)
    assert seen(follow(office, facility, "older", type=swimming.pk)) == ["Svøm"]
    assert seen(follow(office, facility, "older", kilde="demo")) == ["Demo"]
    assert seen(follow(office, facility, "older", rolle="staff")) == ["Demo"]


@pytest.mark.usefixtures("small_pages")
def test_full_pages_and_the_ends_of_years_meet(office, facility):
    for number in range(23):
        make_activity(facility, title=f"{number}", factors="K", held_on=days_ago(number * 61))
        make_activity(facility, title="Andet", held_on=days_ago(number * 61 + 1))
    order = [f"{number}" for number in range(23)]
    down = follow(office, facility, "older", faktor="k")
    assert seen(down) == order
    assert all(titles(page) for page in down)
    place = down[-1].context["pages"].newer
    up = [office.get(log(facility) + place)]
    while place := up[-1].context["pages"].newer:
        up.append(office.get(log(facility) + place))
    found = [title for page in reversed(up) for title in titles(page)]
    # The newest page is whole, so it may show again what stood on the one below.
    assert sorted(set(found), key=int) == order[: 23 - len(titles(down[-1]))]
    assert up[-1].context["pages"].newest == ""


# --- What it costs ------------------------------------------------------------------------------


def statements(office, path) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert office.get(path).status_code == 200
    return [one["sql"] for one in queries]


EVERYTHING = {
    "faktor": "m",
    "udfald": "held",
    "rolle": "staff",
    "kilde": "portal",
    "fra": "01.01.2020",
    "til": "20.11.2026",
}


@pytest.mark.parametrize("query", [{}, {"faktor": "m"}, EVERYTHING])
def test_the_number_of_queries_does_not_grow(office, facility, staff, query):
    def count(**place) -> int:
        return len(statements(office, log(facility, **query, **place)))

    kind = make_type("Svømning")
    make_activity(facility, held_on=days_ago(2), registered_by=staff)
    make_activity(facility, held_on=days_ago(900), registered_by=staff, activity_type=kind)
    places = [{}, {"foer": "2026-11-20~1"}, {"efter": "2026-01-01~1"}, {"efter": "2023-01-01~1"}]
    few = [count(**place) for place in places]
    assert max(few) <= MOST_QUERIES
    for number in range(130):
        when = days_ago(number * 9)
        make_activity(facility, held_on=when, registered_by=staff, activity_type=kind)
    assert all(count(**place) <= most for place, most in zip(places, few, strict=True))


def test_the_index_gives_a_page_in_its_order(facility):
    """One range of ``activity_log_order`` from the edge on, however long the log is."""
    for number in range(300):
        make_activity(facility, held_on=days_ago(number))
    place = log_pages.LOG.place({"foer": f"{days_ago(200)}~5"})
    found = log_pages.narrowed(facility, *([None] * 7))
    page = log_pages.LOG.cut(found, place.way, place.edge, log_pages.PAGE_SIZE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE initiatives_activity")
            # So small a table is sorted sooner than asked by an index.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = page.explain()
        # One, or one a part of a divided log, where its name is made of the columns.
        conditions = [line for line in plan.splitlines() if "Index Cond" in line]
        assert conditions
        assert all("ROW(held_on, id) <= ROW(" in line for line in conditions)
        assert all("held_on <= " in line for line in conditions)
        assert "activity_log_order" in plan or "facility_id_held_on_id_idx" in plan
        assert "Sort" not in plan
    else:
        plan = page.explain()
        assert "USING INDEX activity_log_order (facility_id=? AND held_on<?)" in plan
        assert "TEMP B-TREE" not in plan
