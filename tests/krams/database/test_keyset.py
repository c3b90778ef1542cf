"""Long lists by the key of a row: every row once, whatever comes in or goes meanwhile."""

import datetime as dt
from operator import attrgetter

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from krams.database.keyset import Keyset, Page, Place, Way
from krams.database.paging import Pager, place_of
from krams.database.prepared import prepared
from krams.models import Department

DAYS = Keyset(held_on=dt.date, pk=int)
TIMES = Keyset(updated_at=dt.datetime, pk=int)
VERSIONS = Keyset(version=int)
DAY = dt.date(2026, 11, 21)
NOON = dt.datetime(2026, 11, 21, 12, 30, 5, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))
SIZE = 3


# --- Where a page begins ------------------------------------------------------------------------


def test_without_a_place_it_is_the_newest_page():
    assert DAYS.place({"faktor": "m"}) == DAYS.newest == Place(Way.NEWEST, (None, None))


@pytest.mark.parametrize(
    ("order", "edge", "text"),
    [
        (DAYS, (DAY, 45), "2026-11-21~45"),
        (DAYS, (dt.date.min, 0), "0001-01-01~0"),
        (DAYS, (dt.date.max, 2**63 - 1), "9999-12-31~9223372036854775807"),
        (TIMES, (NOON, 1), "2026-11-21T11:30:05.123456Z~1"),
        (VERSIONS, (12,), "12"),
    ],
)
@pytest.mark.parametrize(("way", "name"), [(Way.OLDER, "foer"), (Way.NEWER, "efter")])
def test_a_place_reads_as_it_was_written(order, edge, text, way, name):
    place = order.beside(way, *edge)
    assert place.query == {name: text}
    assert order.place({name: text}) == place
    assert order.place({name: text}).edge == edge


BAD = [
    *("", "~", "1", "x", "\x00", "2026-11-21", "2026-11-21~", "~45", "2026-11-21~45~1"),
    *("2026-02-31~1", "20261121~1", "2026-W47-6~1", "0000-01-01~1", "10000-01-01~1"),
    *("2026-11-21~-1", "2026-11-21~+1", "2026-11-21~01", "2026-11-21~1.0", "2026-11-21~²"),
    *("2026-11-21~9223372036854775808", "2026-11-21~" + "9" * 5000, "2026-11-21 ~1"),
]


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("name", ["foer", "efter"])
def test_a_place_that_no_page_has_written_is_none(name, text):
    with pytest.raises(ValueError, match="no page has written"):
        DAYS.place({name: text})
    with pytest.raises(Http404):
        place_of(DAYS, RequestFactory().get("/", {name: text}))


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-21~1", "2026-11-21T11:30:05.123456~1", "2026-11-21T11:30:05.123456+00:00~1"),
        *("0001-01-01T00:00:00+14:00~1", "0001-01-01T00:00:00~1", "9999-12-31T23:59:59-14:00~1"),
    ],
)
def test_a_time_is_told_in_one_way(text):
    with pytest.raises(ValueError, match="no page has written"):
        TIMES.place({"foer": text})


def test_not_older_and_newer_at_once():
    with pytest.raises(ValueError, match="at once"):
        DAYS.place({"foer": "2026-11-21~1", "efter": "2026-11-21~1"})


# --- Rows ---------------------------------------------------------------------------------------


@prepared
def prepared_rows(name: str, way: Way, at: dt.datetime | None, pk: int | None) -> QuerySet:
    return TIMES.cut(Department.objects.filter(name__startswith=name), way, (at, pk), SIZE)


def built_rows(name, way, *edge):
    return list(TIMES.cut(Department.objects.filter(name__startswith=name), way, edge, SIZE))


@pytest.fixture
def make(department):
    """Makes departments whose order is that of hours; many have the same."""

    def made(hour: int) -> Department:
        number = Department.objects.count()
        new = Department.objects.create(
            municipality=department.municipality, name=f"Række {number}", slug=f"raekke-{number}"
        )
        Department.objects.filter(pk=new.pk).update(updated_at=NOON + dt.timedelta(hours=hour))
        new.refresh_from_db()
        return new

    return made


@pytest.fixture(params=[prepared_rows, built_rows], ids=["prepared", "built"])
def read(request):
    def page(place: Place) -> Page[Department]:
        return TIMES.read(place, SIZE, lambda *edge: request.param("Række", *edge))

    return page


def newest_first() -> list[int]:
    rows = Department.objects.filter(name__startswith="Række")
    return list(rows.order_by("-updated_at", "-pk").values_list("pk", flat=True))


def keys(page) -> list[int]:
    return [row.pk for row in page]


def walk(read, place, name) -> list[Page]:
    """The pages from a place on, by the link that they have."""
    pages = [read(place)]
    while link := getattr(pages[-1], name):
        # As an address has it.
        pages.append(read(TIMES.place(link.query)))
        assert len(pages) < 20
    return pages


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 3, 4, 6, 7, 10])
@pytest.mark.parametrize("hours", [1, 2, 10**6], ids=["equal", "pairs", "all differ"])
def test_down_and_up_every_row_comes_once(make, read, count, hours):
    for number in range(count):
        make(number % hours)
    down = walk(read, TIMES.newest, "older")
    assert [pk for page in down for pk in keys(page)] == newest_first()
    assert len(down) == max(1, -(-count // SIZE))
    assert [page.is_newest for page in down] == [True] + [False] * (len(down) - 1)
    assert [page.newer is not None for page in down] == [not page.is_newest for page in down]
    up = walk(read, down[-1].newer, "newer") if down[-1].newer else []
    assert {pk for page in up for pk in keys(page)} == set(newest_first()[: SIZE * (len(down) - 1)])
    for page in up:
        assert keys(page) == sorted(keys(page), key=newest_first().index)


@pytest.mark.django_db
def test_a_page_knows_the_rows_beside_it(make, read):
    for number in range(9):
        make(number // 2)
    order = newest_first()
    first = read(TIMES.newest)
    assert (first.before, first.after.pk) == (None, order[3])
    second = read(first.older)
    assert (second.before.pk, keys(second), second.after.pk) == (order[2], order[3:6], order[6])
    third = read(second.older)
    assert (third.before.pk, keys(third), third.after) == (order[5], order[6:], None)
    again = read(third.newer)
    assert (again.before.pk, keys(again), again.after.pk) == (order[2], order[3:6], order[6])


@pytest.mark.django_db
def test_rows_that_come_and_go_shift_no_page(make, read):
    rows = [make(number // 2) for number in range(10)]
    order = newest_first()
    first = read(TIMES.newest)
    make(100)
    make(-100)
    # The row at the edge, one on the next page, and one on the page before.
    gone = {order[2], order[4], order[0]}
    Department.objects.filter(pk__in=gone).delete()
    second = read(first.older)
    assert keys(second) == [order[3], order[5], order[6]]
    assert second.before is None
    assert second.newer is not None
    rest = walk(read, second.older, "older")
    left = {row.pk for row in rows} - gone - {order[1]}
    seen = keys(second) + [pk for page in rest for pk in keys(page)]
    assert set(seen) - set(order) == {newest_first()[-1]}
    assert set(seen) & set(order) == left
    assert len(seen) == len(set(seen))


@pytest.mark.django_db
def test_where_less_than_a_page_is_newer_it_is_the_newest_page(make, read):
    for number in range(5):
        make(number)
    order = newest_first()
    page = read(TIMES.beside(Way.NEWER, Department.objects.get(pk=order[1]).updated_at, order[1]))
    assert (keys(page), page.is_newest, page.newer) == (order[:3], True, None)
    assert page.older is not None


@pytest.mark.django_db
def test_below_the_last_row_there_is_nothing_but_the_way_back(make, read):
    last = make(0)
    page = read(TIMES.beside(Way.OLDER, last.updated_at, last.pk))
    assert (keys(page), page.is_newest, page.newer, page.older) == ([], False, None, None)
    assert Pager.of(page) == Pager("?", "", "")
    above = read(TIMES.beside(Way.NEWER, dt.datetime(9999, 1, 1, tzinfo=dt.UTC), 2**63 - 1))
    assert (keys(above), above.is_newest) == ([last.pk], True)


@pytest.mark.django_db
def test_nothing_is_counted_or_skipped(make, read):
    for number in range(8):
        make(number)
    with CaptureQueriesContext(connection) as queries:
        walk(read, walk(read, TIMES.newest, "older")[-1].newer, "newer")
    texts = [one["sql"].upper() for one in queries]
    assert len(texts) >= 5
    assert not [text for text in texts if "OFFSET" in text or "COUNT(" in text]


# --- Links --------------------------------------------------------------------------------------


def test_links_keep_what_else_the_address_says():
    page = Page(
        [1],
        is_newest=False,
        newer=DAYS.beside(Way.NEWER, DAY, 9),
        older=DAYS.beside(Way.OLDER, DAY, 2),
    )
    kept = {"faktor": "m", "fra": "01.01.2026"}
    assert Pager.of(page, kept, anchor="#h-past") == Pager(
        newest="?faktor=m&fra=01.01.2026#h-past",
        newer="?faktor=m&fra=01.01.2026&efter=2026-11-21~9#h-past",
        older="?faktor=m&fra=01.01.2026&foer=2026-11-21~2#h-past",
    )
    alone = Pager.of(Page([1], is_newest=True, newer=None, older=None), kept)
    assert not alone
    assert alone == Pager("", "", "")


def test_a_page_is_its_rows():
    page = DAYS.page(DAYS.newest, 2, [])
    assert (list(page), len(page), page.is_newest) == ([], 0, True)
    assert attrgetter("newer", "older", "before", "after")(page) == (None,) * 4
