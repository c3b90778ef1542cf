"""Every form, sent what no browser sends: nothing breaks, nothing is shown, nobody is led away.

Each request is undone after it, so each meets the same portal; what would not stand at the end of
its transaction fails here. ``NIGHTLY_SEED`` repeats a run, ``NIGHTLY_EXAMPLES`` is how often each
form is sent (40).
"""

import logging
import re
import time
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.access.paths import admin_paths, cases
from tests.access.test_sweep import together
from tests.access.world import OWN, World, actors
from tests.demo import DemoTestCase
from tests.forms_on_pages import PageForm, read
from tests.nightly.sending import EXAMPLES, MARK, SEED, TOLD, Sent, sent_to

pytestmark = pytest.mark.nightly
# Long for a person, and no time for something that never ends; the machine has other work, too.
SECONDS = 30
LED = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")
# They end the session of who asks, which the next request needs.
WAYS_OUT = ("logout", "log-ud")
KNOWN = ("version", "submission_id", "next", "q", "pk", "facility", "is_staff", "is_superuser")


class Broken(AssertionError):
    """What was wrong with an answer."""


class Fuzzing(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.world = World()
        cls.cases = cases(cls.world)
        everybody = {actor.name: actor for actor in actors()}
        # Roles add up; who is a superuser may do nearly all, but not what is somebody's own.
        own = [one for one in everybody.values() if one.where == OWN and one.held]
        chosen = [
            next(one for one in own if one.name.startswith(start))
            for start in ("manager of", "coordinator of", "administrator of")
        ]
        chosen += [together(own), everybody["superuser"]]
        cls.people = [cls.world.account_of(actor) for actor in chosen]

    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.clients = [self.logged_in(user) for user in self.people]
        self.answers, self.slowest = Counter(), (0.0, "")

    @staticmethod
    def logged_in(user) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        client.session_key = client.cookies[portal.SESSION_COOKIE_NAME].value
        return client

    def test_forms_of_the_kernel(self):
        self.fuzz(case for case in self.cases if ":" not in case.key)

    def test_forms_of_the_krams_half(self):
        self.fuzz(case for case in self.cases if case.key.startswith("initiatives:"))

    def test_forms_of_the_cluster_half(self):
        self.fuzz(case for case in self.cases if case.key.startswith("clusters:"))

    def test_forms_of_the_administration(self):
        self.clients = self.clients[-1:]
        self.fuzz_forms(self.forms_on(admin_paths(self.world)))

    def fuzz(self, some: Iterable) -> None:
        """All forms on the pages of the table, and the addresses that take what no page shows."""
        some = list(some)
        forms = self.forms_on([case.path for case in some if case.rule.read])
        shown = {form.path.split("?")[0] for _client, form in forms}
        for case in some:
            if case.rule.write and case.path not in shown:
                bare = PageForm(case.path, "post")
                for name, value in case.data.items():
                    bare.add(name, "hidden", str(value))
                forms += [(client, bare) for client in self.clients[-2:]]
        self.fuzz_forms(forms)

    def forms_on(self, paths: Iterable[str]) -> list[tuple[Client, PageForm]]:
        """Each kind of form once, as the first of the people who is shown it."""
        found, seen = [], set()
        for path in dict.fromkeys(paths):
            for client in self.clients:
                with transaction.atomic():
                    answer = client.get(path)
                    transaction.set_rollback(True)
                self.restore(client)
                for form in read(answer, path)[0]:
                    names = sorted({re.sub(r"\d+", "0", name) for name in form.data})
                    kind = (form.method, re.sub(r"\d+", "0", form.path), *names)
                    if kind not in seen and not any(out in form.path for out in WAYS_OUT):
                        seen.add(kind)
                        found.append((client, form))
        return found

    def fuzz_forms(self, forms: list[tuple[Client, PageForm]]) -> None:
        names = tuple(dict.fromkeys([*KNOWN, *(name for _c, form in forms for name in form.data)]))
        broken = [one for client, form in forms if (one := self.fuzzed(client, form, names))]
        wait, where = self.slowest
        TOLD.append(
            f"{self._testMethodName} on {connection.vendor}: {len(forms)} forms,"
            f" {sum(self.answers.values())} requests, answers {dict(sorted(self.answers.items()))},"
            f" the slowest {wait:.1f} s ({where})"
        )
        assert len(forms) > 20
        # What is refused alone has tried nothing: some of it must come through.
        assert self.answers[302] + self.answers[200] > len(forms) * EXAMPLES // 20
        assert broken == [], f"NIGHTLY_SEED={SEED}\n" + "\n".join(broken)

    def fuzzed(self, client: Client, form: PageForm, names: tuple[str, ...]) -> str:
        """What broke, with the smallest request that does it; "" where nothing did."""

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(sent_to(form, names))
        def never_breaks(sent: Sent):
            self.send(client, form, sent)

        try:
            never_breaks()
        except Broken as broken:
            return f"{form.method} {form.path}: {broken}"
        return ""

    def send(self, client: Client, form: PageForm, sent: Sent) -> None:
        began = time.monotonic()
        with transaction.atomic():
            if form.method == "post":
                answer = client.generic(
                    "POST", form.path, sent.body, sent.content_type, headers=sent.headers
                )
            else:
                asked = urlencode(sent.pairs, errors="surrogatepass")
                answer = client.generic(
                    "GET", form.path.split("?")[0], QUERY_STRING=asked, headers=sent.headers
                )
            body = answer.getvalue()
            if answer.status_code < 400:
                # What is looked at when a transaction ends, and this one never does.
                connection.check_constraints()
            transaction.set_rollback(True)
        took = time.monotonic() - began
        self.restore(client)
        self.answers[answer.status_code] += 1
        self.slowest = max(self.slowest, (took, form.path))
        for wrong in faults(answer, body, took):
            raise Broken(f"{wrong} {answer.status_code} to {sent!r}")

    @staticmethod
    def restore(client: Client) -> None:
        """Whatever an answer did to the cookies, it was undone."""
        client.cookies.clear()
        client.cookies[portal.SESSION_COOKIE_NAME] = client.session_key


def faults(answer, body: bytes, took: float) -> Iterable[str]:
    if answer.status_code >= 500:
        kind = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
        yield f"an error of the portal: {kind!r}"
    if b"Traceback (most recent" in body:
        yield "a traceback"
    if answer.headers.get("Content-Type", "").startswith("text/html") and MARK.encode() in body:
        yield "what was sent is an element of the page"
    for name in LED:
        where = answer.headers.get(name, "")
        host = urlsplit(where.replace("\\", "/")).netloc
        if host not in ("", "testserver") or re.match(r"\s*[a-z]+:(?!//)", where, re.IGNORECASE):
            yield f"{name} leads to {where[:100]}"
    if took > SECONDS:
        yield f"it took {took:.0f} s:"


def test_what_is_a_fault_is_seen():
    """A check of the check, with answers that the portal never gives."""
    assert [*faults(HttpResponse("a"), b"a", 1)] == []
    assert [*faults(HttpResponseRedirect("/a/?next=//b"), b"", 1)] == []
    for bad in (
        (HttpResponse("a", status=500), b"a", 1),
        (HttpResponse("a"), b"Traceback (most recent call last)", 1),
        (HttpResponse("a"), f"<p>{MARK}".encode(), 1),
        (HttpResponseRedirect("//evil.example/"), b"", 1),
        (HttpResponse(headers={"HX-Location": "/\\evil.example/"}), b"", 1),
        (HttpResponseRedirect("https://evil.example/"), b"", 1),
        (HttpResponse(headers={"HX-Redirect": "javascript:alert(1)"}), b"", 1),
        (HttpResponse("a"), b"a", SECONDS + 1),
    ):
        assert len([*faults(*bad)]) == 1, bad
