"""The benchmark: the floor answers what the portal answered, and its arithmetic is right."""

import io
import random
import time
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import TextChoices
from django.test import override_settings
from django.utils.safestring import mark_safe
from psycopg.types.json import Jsonb

from benchmarks import figures, html_forms, recording, report, sessions
from benchmarks.bench import NoSuchPage, chosen
from benchmarks.clerk import Desk, _json_of
from benchmarks.floor import Floor, PostgreSQL, SQLite
from benchmarks.growth import Grown
from benchmarks.load import MIX, Load, Order, _starts
from benchmarks.memory import Reading
from benchmarks.recording import Exchange, Page, Statement, plain
from benchmarks.visit import REGISTER, Visit, form_on
from initiatives.models import Activity
from tests.demo import DemoTestCase


def in_a_test():
    """The connection of the test, whose rows nobody else sees; it is in a transaction already."""
    connection.ensure_connection()
    database = (SQLite if connection.vendor == "sqlite" else PostgreSQL)(connection.connection)
    database.begin, database.end = "SAVEPOINT floor", "ROLLBACK TO SAVEPOINT floor"
    return database


def asked(exchange: Exchange, floor: Floor, **changed: str) -> tuple[str, dict, bytes]:
    """Status, headers and body."""
    path, _, query = exchange.path.partition("?")
    answered = []
    environ = {
        "REQUEST_METHOD": exchange.page.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_COOKIE": exchange.headers["Cookie"],
        "CONTENT_LENGTH": str(len(exchange.body)),
        "wsgi.input": io.BytesIO(exchange.body),
        **changed,
    }
    body = b"".join(floor(environ, lambda status, headers: answered.extend([status, headers])))
    return answered[0], dict(answered[1]), body


@override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["127.0.0.1"])
class FloorTest(DemoTestCase):
    def setUp(self):
        self.desk = Desk("identity")
        self.pages = {page.key: page for page in self.desk.pages()[0]}

    def floor_of(self, *exchanges: Exchange) -> Floor:
        return Floor(list(exchanges), in_a_test, settings.SECRET_KEY)

    def test_it_answers_byte_for_byte_what_the_portal_answered(self):
        exchange = self.desk.record(self.pages["log"])
        status, headers, body = asked(exchange, self.floor_of(exchange))
        assert (status, body) == ("200 OK", exchange.content)
        assert headers == dict(exchange.answer_headers)
        assert len(body) > 10_000
        assert exchange.queries > 3

    def test_it_writes_nothing_that_stays(self):
        before = Activity.objects.count()
        exchange = self.desk.record(self.pages["tap"])
        assert Activity.objects.count() == before, "the clerk takes back what it recorded"
        assert any(one.writes for one in exchange.statements)
        for _turn in range(2):
            status, _headers, body = asked(exchange, self.floor_of(exchange))
            assert (status, body) == ("200 OK", exchange.content)
        assert Activity.objects.count() == before

    def test_it_answers_nobody_without_a_session(self):
        exchange = self.desk.record(self.pages["help"])
        floor = self.floor_of(exchange)
        assert asked(exchange, floor, HTTP_COOKIE="sessionid=unknown")[0] == "401 Unauthorized"
        assert asked(exchange, floor, PATH_INFO="/another/")[0] == "404 Not Found"
        stored = Session.objects.get(pk=self.desk.sessions[exchange.page.user_id]).session_data
        found = sessions.decode(stored, floor.key)
        assert found == Session.objects.get(session_data=stored).get_decoded()
        with pytest.raises(sessions.BadSession):
            sessions.decode(stored, sessions.signing_key("another secret"))

    def test_forms_are_filled_anew(self):
        first, second = (self.desk.fill(self.pages["tap"]) for _turn in range(2))
        assert first[0] == second[0]
        assert first[1] != second[1], "each has a submission of its own"
        week = self.desk.record(self.pages["week_post"])
        cell = self.desk.record(self.pages["cell"])
        assert week.status == cell.status == "200 OK"

    def test_what_is_measured(self):
        assert {"today", "overview", "matrix", "gaps", "search", "peer", "bare"} <= set(self.pages)
        assert [page.key for page in chosen([*self.pages.values()], ["week"])] == ["week"]
        with pytest.raises(NoSuchPage, match="today"):
            chosen([*self.pages.values()], ["unknown"])


class Fruit(TextChoices):
    PEAR = "p", "Pear"


def test_parameters_lose_the_types_of_django():
    given = [Fruit.PEAR, mark_safe("x"), (1, True, None), UUID(int=1), Jsonb({"a": 1})]
    *texts, json = plain(given, _json_of)
    assert texts == ["p", "x", (1, True, None), UUID(int=1)]
    assert [type(one) for one in texts[:2]] == [str, str]
    assert json.obj == {"a": 1}
    with pytest.raises(TypeError, match="object"):
        plain(object())


@override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["127.0.0.1"])
class LoadTest(DemoTestCase):
    def test_all_that_is_asked_for_is_there_and_what_is_registered_is_taken_back(self):
        desk = Desk("identity")
        visits = desk.visits(1)
        assert {visit.key for visit, _headers in visits} | {REGISTER} == set(MIX)
        before = desk.newest(), Activity.objects.count()
        forms = []
        for visit, headers in visits:
            answer = self.client.get(visit.path, headers=headers)
            assert (visit.path, answer.status_code) == (visit.path, 200)
            if visit.key == "today" and (form := form_on(answer.content.decode(), visit)):
                forms.append((form, headers))
        assert len(forms) == 1
        for form, headers in forms:
            answer = self.client.post(form.path, dict(form.fields), headers=headers)
            assert answer.status_code in (200, 302)
        assert Activity.objects.count() == before[1] + 1
        assert desk.take_back_visits(before[0]) == 1
        assert (desk.newest(), Activity.objects.count()) == before
        desk.close()


def test_a_page_without_the_form_has_nothing_to_send():
    visit = Visit("today", 1, "/botilbud/engen/i-dag/")
    form = '<form action="/botilbud/engen/registrer/"><input name="a" value="1">{}</form>'
    kind = '<input type="radio" name="activity_type" value="7">'
    assert form_on("<p>Kun til at læse</p>", visit) is None
    assert form_on(form.format(""), visit) is None
    sent = form_on(form.format(kind), visit)
    assert sent.path == "/botilbud/engen/registrer/"
    assert dict(sent.fields) == {"a": "1", "activity_type": "7", "participant_count": "7"}


def test_a_rate_is_kept_whatever_an_answer_takes():
    order = Order(people=2, rate=100, seconds=0.1)
    began = time.monotonic()
    starts = []
    for start in _starts(order, 1, began):
        starts.append(round(start - began, 3))
        time.sleep(0.04)
    assert starts == [0.01, 0.03, 0.05, 0.07, 0.09]


def test_what_was_carried_is_told():
    found = Load(Order(facilities=3, people=2), seconds=2, workers=20.04, database=None)
    for number, key in enumerate(MIX, start=1):
        found.latencies[key] += [float(number)] * number
    assert (found.requests, found.rate) == (15, 7.5)
    assert (found.percentile(50), found.percentile(99, "today")) == (4, 1)
    told = report.loaded(found)
    assert "15 requests in 2 s: **7.50 a second** (2 people at 3 facilities" in told
    assert "workers 20.0 ms." in told
    found.database = 5
    assert "of PostgreSQL 5.00 ms" in report.loaded(found)


def test_statements():
    save = Statement('SAVEPOINT "s1"')
    assert [save.is_transaction, save.writes] == [False, False]
    assert Statement("BEGIN IMMEDIATE").is_transaction
    assert Statement("ROLLBACK").is_transaction
    assert not Statement("ROLLBACK TO SAVEPOINT s1").is_transaction
    assert Statement(" UPDATE x SET y = 1").writes
    assert Statement('SELECT a FROM "django_session" WHERE b').reads_the_session


def test_ratios_are_of_medians_and_spread_over_rounds():
    found = figures.ratio([10, 30, 20], [2, 2, 5])
    assert found == figures.Ratio(value=10, least=4, most=15)
    assert str(found) == "10.0 (4.00–15.0)"
    with pytest.raises(ValueError, match="argument"):
        figures.ratio([1], [1, 2])
    with pytest.raises(ValueError, match="Nothing"):
        figures.ratio([], [])


def test_percentiles():
    values = list(range(1, 101))
    random.Random(1).shuffle(values)
    assert [figures.percentile(values, one) for one in (0, 50, 99, 100)] == [1, 50, 99, 100]
    assert figures.percentile([7], 99) == 7


def test_numbers_have_three_digits():
    shown = [figures.number(one) for one in (0.0123, 0.123, 1.234, 12.34, 99.96, 1234.5)]
    assert shown == ["0.012", "0.12", "1.23", "12.3", "100", "1234"]


def test_forms_are_read_as_a_browser_sends_them():
    html = """<form action="/a/"><input name=x value=1></form>
        <form action="/b/?c=1#d"><input name="t" value="&lt;"><input type="checkbox" name="off">
        <input type="checkbox" name="on" checked><select name="s"><option value="1">
        <option value="2" selected></select><textarea name="long">
one
two</textarea></form><input name="outside">"""
    path, fields = html_forms.posted_by(html, "/b/")
    assert path == "/b/?c=1"
    assert fields == [("t", "<"), ("on", "on"), ("s", "2"), ("long", "one\ntwo")]
    assert html_forms.with_values(fields, t="9", new="0")[-2:] == [("t", "9"), ("new", "0")]
    with pytest.raises(html_forms.NoForm):
        html_forms.posted_by(html, "/c/")


def test_a_section_takes_the_place_of_its_elder(tmp_path: Path):
    document = tmp_path / "benchmark.md"
    document.write_text("# Benchmark\n\nBy hand.\n\n## Pages\n\nold\n\n## Memory\n\nkept\n")
    report.write_section("Pages", "new", document)
    report.write_section("Growth", "added", document)
    assert document.read_text() == (
        "# Benchmark\n\nBy hand.\n\n## Pages\n\nnew\n\n## Memory\n\nkept\n\n## Growth\n\nadded\n"
    )


def test_tables_line_up():
    assert report.table(["page", "×"], [["a", "1"], ["longer", "12.5"]]).splitlines() == [
        "| page   |    × |",
        "| ------ | ---: |",
        "| a      |    1 |",
        "| longer | 12.5 |",
    ]


def measured_side(*cpu: float, path: str = "/x/"):
    rounds = figures.Rounds()
    for one in cpu:
        rounds.add(one, [one * 2])
    exchange = SimpleNamespace(page=Page("x", "a page", 1, path))
    return SimpleNamespace(rounds=rounds, exchange=exchange)


def test_growth_says_what_is_over_and_where_another_place_was_measured():
    alike = Grown(measured_side(10, 10), measured_side(11, 11))
    slower = Grown(measured_side(10, 10), measured_side(20, 20, path="/y/"))
    first, second = report.grown([alike, slower]).splitlines()[2:]
    assert "1.10 (1.10–1.10)" in first
    assert "✗" not in first
    assert "other place" in second
    assert "✗" in second


def test_memory_says_what_still_grows():
    text = report.remembered([Reading(0, 80), Reading(50, 100), Reading(100, 121)])
    assert text.endswith("121 MB (≤ 120 ✗); +21.0 MB in the second half of the requests.")


def test_a_recording_is_kept(tmp_path: Path):
    page = Page("x", "a page", 1, "/x/")
    one = Exchange(page, "/x/", {}, b"", "200 OK", [], b"<p>", [Statement("SELECT 1", (1,))])
    recording.save([one], tmp_path / "recording")
    assert recording.load(tmp_path / "recording") == [one]
