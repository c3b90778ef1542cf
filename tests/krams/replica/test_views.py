"""Which pages read the replica, what of each, and what happens when it fails.

Here both names lead to the same database; ``tests/scale`` has two servers.
"""

import inspect
from collections import defaultdict

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse

from initiatives.followup.views import overview
from krams.enums import Role
from krams.models import Facility, Membership, User
from krams.replica import reading, router
from krams.replica.lag import Breaker
from krams.replica.middleware import ReplicaMiddleware
from tests.demo import DemoTestCase
from tests.pages import DEPARTMENT, PAGES

# Overviews, comparisons, exports and search: nobody writes on these pages.
ON_REPLICA = {
    "search",
    "initiatives:overview",
    "initiatives:overview-export",
    "initiatives:factors-export",
    "initiatives:completeness",
    "initiatives:completeness-export",
    "initiatives:compare",
    "initiatives:compare-export",
    "initiatives:initiative-compare",
    "initiatives:log-export",
    "initiatives:plan-export",
    "initiatives:initiative-file",
    "initiatives:criterion-file",
    "clusters:compare",
    "clusters:gaps",
    "clusters:coverage",
    "clusters:themes",
    "clusters:changes",
    "clusters:matrix-file",
    "clusters:compare-file",
    "clusters:gaps-file",
    "clusters:coverage-file",
    "clusters:themes-file",
    "clusters:changes-file",
    "clusters:development",
    "clusters:proposal-course",
    "initiatives:curves",
    "initiatives:department-year",
    "initiatives:period",
    "initiatives:period-export",
}
# The first thing that each asks for, which decides what the person may see.
GUARDS = {"krams.Department", "krams.Facility", "krams.ClusterMembership", "initiatives.Initiative"}
EARLY, LATE = 1000, 2000


class Replica:
    """What a replica would say, and what was read from where."""

    def __init__(self):
        self.position, self.roles_differ = EARLY, False
        self.reads: list[tuple[str, str]] = []

    def of(self, alias: str) -> set[str]:
        return {model for model, where in self.reads if where == alias}


@pytest.fixture(autouse=True)
def replica(monkeypatch, settings, request):
    monkeypatch.setattr("krams.replica.middleware.is_configured", lambda: True)
    settings.DATABASE_ROUTERS = ["krams.replica.router.ReplicaRouter"]
    fake = Replica()
    plain = router.ReplicaRouter.db_for_read

    def db_for_read(self, model, **hints):
        alias = plain(self, model, **hints)
        fake.reads.append((model._meta.label, alias))
        return alias

    monkeypatch.setattr(router.ReplicaRouter, "db_for_read", db_for_read)
    # A test is inside a transaction, where all is read from the primary.
    monkeypatch.setattr(router, "_in_transaction", lambda: False)
    monkeypatch.setattr(reading, "position_of_primary", lambda: EARLY)
    monkeypatch.setattr(reading, "_position_of_replica", lambda: fake.position)
    monkeypatch.setattr(reading, "breaker", Breaker(seconds=reading.PAUSE_SECONDS))
    monkeypatch.setattr(reading, "marks", type(reading.marks)(seconds=10))
    connections[reading.REPLICA] = connections["default"]
    if request.cls:
        request.cls.replica = fake
    yield fake
    del connections[reading.REPLICA]


def test_the_views_that_read_the_replica_are_these():
    found = {
        name
        for name, view in every_view()
        if "allow_replica(request)" in inspect.getsource(inspect.unwrap(view))
    }
    assert found == ON_REPLICA


def every_view(patterns=None, namespace=""):
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            if inspect.isfunction(inspect.unwrap(pattern.callback)):
                yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_view(pattern.url_patterns, inner)


class EveryPage(DemoTestCase):
    replica: Replica

    def test_only_these_pages_read_it_and_the_guard_does_not(self):
        read = defaultdict(set)
        for page in PAGES:
            self.replica.reads.clear()
            response = self.client_of(page.who).get(page.path())
            assert response.status_code == page.status, page
            there = self.replica.of(reading.REPLICA)
            read[page.name] |= there
            assert not there & {"krams.User", "krams.Membership", "sessions.Session"}, page
            if there and page.name != "search":
                aliases = [alias for _model, alias in self.replica.reads]
                before = self.replica.reads[: aliases.index(reading.REPLICA)]
                assert {model for model, _alias in before} & GUARDS, (page, before)
        assert {name for name, models in read.items() if models} <= ON_REPLICA
        shown = {page.name for page in PAGES if page.status == 200} & ON_REPLICA
        assert {name for name in shown if not read[name]} == set()

    def test_a_log_that_is_sent_when_the_request_is_over_is_read_there_to_the_end(self):
        address = reverse("initiatives:log-export", args=["mosbjerghus", "csv"])
        with pytest.MonkeyPatch.context() as small:
            small.setattr("initiatives.log.queries.registrations.PORTION", 50)
            response = self.client_of("leder").get(address)
            asked = []
            with connection.execute_wrapper(lambda run, *rest: asked.append(1) or run(*rest)):
                self.replica.reads.clear()
                assert len(b"".join(response.streaming_content).splitlines()) > 100
        assert len(asked) > 1
        # No query asks the router again: it would lead elsewhere, now that the request is over.
        assert self.replica.reads == []

    def test_it_is_not_read_before_it_has_what_this_browser_wrote(self):
        client, page = self.client_of("leder"), reverse("initiatives:overview", kwargs=DEPARTMENT)
        client.get(page)
        assert self.replica.of(reading.REPLICA)
        with pytest.MonkeyPatch.context() as later:
            later.setattr(reading, "position_of_primary", lambda: LATE)
            client.post(reverse("language"), {"language": "da"})
        self.replica.reads.clear()
        client.get(page)
        assert not self.replica.of(reading.REPLICA)
        # Another browser of the same person did not write.
        self.client_of("leder").get(page)
        assert self.replica.of(reading.REPLICA)
        self.replica.reads.clear()
        self.replica.position = LATE
        client.get(page)
        assert self.replica.of(reading.REPLICA)

    def test_there_are_no_other_cookies_than_those_of_session_forms_and_language(self):
        client, page = self.client_of("leder"), reverse("initiatives:overview", kwargs=DEPARTMENT)
        client.post(reverse("language"), {"language": "da"})
        client.get(page)
        assert set(client.cookies) == {
            settings.SESSION_COOKIE_NAME,
            settings.CSRF_COOKIE_NAME,
            settings.LANGUAGE_COOKIE_NAME,
        }

    def test_what_was_written_last_costs_a_page_no_query(self):
        """It is read with the session; only what is sent writes it there."""
        client, page = self.client_of("leder"), reverse("initiatives:overview", kwargs=DEPARTMENT)
        client.get(page)
        with CaptureQueriesContext(connection) as before:
            client.get(page)
        client.post(reverse("language"), {"language": "da"})
        assert client.session[reading.WRITTEN] == EARLY
        with CaptureQueriesContext(connection) as after:
            client.get(page)
        assert len(after) == len(before)
        assert not [one for one in after if one["sql"].startswith(("UPDATE", "INSERT"))]

    def test_it_is_not_read_where_it_knows_other_roles(self):
        pk = User.objects.get(email="leder@demo.example").pk
        person = User.objects.get_with_scopes(pk)
        assert reading._knows_roles_of(person)
        # What is changed now is new to the person who was read before.
        role = Membership.objects.filter(user=person).get()
        Membership.objects.filter(pk=role.pk).update(role=Role.VIEWER)
        assert not reading._knows_roles_of(person)
        Membership.objects.filter(pk=role.pk).delete()
        assert not reading._knows_roles_of(person)
        assert reading._knows_roles_of(User.objects.get_with_scopes(pk))

    def test_a_page_that_it_fails_is_answered_from_the_primary(self):
        failed = []

        def once(*arguments):
            if Facility.objects.all().db == reading.REPLICA:
                failed.append(1)
                raise OperationalError("canceling statement due to conflict with recovery")
            return plain(*arguments)

        plain, page = overview.read_tables, reverse("initiatives:overview", kwargs=DEPARTMENT)
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(overview, "read_tables", once)
            broken.setattr(connection, "close", lambda: None)
            with self.assertLogs("krams.replica", "WARNING") as told:
                assert self.client_of("leder").get(page).status_code == 200
            # And for a while nobody asks it.
            assert self.client_of("leder").get(page).status_code == 200
        assert failed == [1]
        assert len(told.records) == 1

    def test_what_the_primary_fails_is_an_error(self):
        def always(*_arguments):
            raise OperationalError("out of disk")

        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(overview, "read_tables", always)
            broken.setattr(connection, "close", lambda: None)
            page = reverse("initiatives:overview", kwargs=DEPARTMENT)
            assert self.client_of("leder").get(page).status_code == 503


def respond(view, method="get", *, by=None):
    """The request, when the middleware around a view has answered it."""
    request = getattr(RequestFactory(), method)("/")
    request.user, request.session = by or AnonymousUser(), {}
    ReplicaMiddleware(view)(request)
    return request


def test_after_a_write_the_rest_of_the_request_reads_the_primary(make_user):
    def view(_request):
        reading.course.get().on_replica = True
        assert router.ReplicaRouter().db_for_read(Facility) == reading.REPLICA
        router.ReplicaRouter().db_for_write(Facility)
        assert router.ReplicaRouter().db_for_read(Facility) == "default"
        return HttpResponse()

    assert respond(view, by=make_user()).session == {reading.WRITTEN: EARLY}


def test_a_request_that_only_reads_leaves_nothing_in_the_session_and_no_course(make_user):
    def view(_request):
        reading.course.get().on_replica = True
        return HttpResponse()

    assert respond(view, by=make_user()).session == {}
    assert reading.course.get() is None
    assert router.ReplicaRouter().db_for_read(Facility) == "default"


def test_whatever_is_sent_counts_as_written(make_user):
    sent = respond(lambda _request: HttpResponse(), "post", by=make_user())
    assert sent.session == {reading.WRITTEN: EARLY}


def test_who_is_not_logged_in_gets_no_session_for_it(db):
    """They never read the replica."""
    assert respond(lambda _request: HttpResponse(), "post").session == {}


def test_what_was_saved_is_told_though_the_database_went_away_after_it(make_user, monkeypatch):
    def away() -> int:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(reading, "position_of_primary", away)
    sent = respond(lambda _request: HttpResponse(), "post", by=make_user())
    assert sent.session == {}


def test_a_server_that_is_no_replica_is_not_read(replica, db, rf, make_user):
    request = rf.get("/")
    request.user = make_user()
    replica.position = None
    token = reading.course.set(reading.Course())
    try:
        reading.allow_replica(request)
        assert not reading.course.get().on_replica
        assert not reading.breaker.lets_through()
    finally:
        reading.course.reset(token)


def test_nothing_is_migrated_there():
    assert not router.ReplicaRouter().allow_migrate(reading.REPLICA, "krams")
    assert router.ReplicaRouter().allow_migrate("default", "krams")
