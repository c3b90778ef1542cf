"""Every form, sent what no browser sends: nothing breaks, nothing is shown, nobody is led away.

Each request is undone after it, so each meets the same portal; what would not stand at the end of
its transaction fails here. ``NIGHTLY_SEED`` repeats a run, ``NIGHTLY_EXAMPLES`` is how often each
form is sent what chance makes (40), beside what each is sent in any case: every torn file, every
wrong number of lines, every wrong version.
"""

import logging
import re
import time
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyFailure

from krams.models import Authority, Cluster, User
from tests.access.paths import admin_paths, cases
from tests.access.test_sweep import together
from tests.access.world import OWN, World, actors
from tests.demo import DemoTestCase
from tests.forms_on_pages import PageForm, read
from tests.nightly.faults import (
    SECONDS,
    faults,
    faults_beside,
    faults_of_refusal,
    too_heavy,
    watched,
)
from tests.nightly.sending import EXAMPLES, MARK, SEED, TOLD, Sent, certain_for, sent_to

pytestmark = pytest.mark.nightly
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

    def test_what_pages_are_asked_for(self):
        """Of every page the filter, the order, the place in a list: what stands behind its "?"."""
        paths = dict.fromkeys(case.path for case in self.cases if case.rule.read)
        asked: dict[str, PageForm] = {}
        found = []
        for path in paths:
            client, answer = self.first_shown(path)
            if answer is None or any(out in path for out in WAYS_OUT):
                continue
            form = asked.setdefault(path, PageForm(path, "get"))
            found.append((client, form))
            forms, links = read(answer, path)
            for one in forms:
                filters = one.method == "get"
                for name in one.data:
                    form.add(name, one.kinds[name] if filters else "another form's", None)
                form.buttons += one.buttons if filters else []
            for link in links:
                where = urlsplit(link)
                if where.path in paths:
                    place = asked.setdefault(where.path, PageForm(where.path, "get"))
                    for name, value in parse_qsl(where.query):
                        place.kinds.setdefault(name, "link")
                        place.data[name] = [value]
        self.fuzz_forms(found)

    def first_shown(self, path: str) -> tuple[Client | None, HttpResponse | None]:
        """The page and the first of the people who gets to see it."""
        for client in self.clients:
            answer = self.looked_at(client, path)
            if answer.status_code == 200:
                return client, answer
        return None, None

    def looked_at(self, client: Client, path: str) -> HttpResponse:
        with transaction.atomic():
            answer = client.get(path)
            transaction.set_rollback(True)
        self.restore(client)
        return answer

    def forms_on(self, paths: Iterable[str]) -> list[tuple[Client, PageForm]]:
        """Each kind of form once, as the first of the people who is shown it."""
        found, seen = [], set()
        for path in dict.fromkeys(paths):
            for client in self.clients:
                for form in read(self.looked_at(client, path), path)[0]:
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

        # Of its own, or all forms would be sent the same few things in a short run.
        @seed(f"{SEED} {form.method} {form.path}")
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
            for sent in certain_for(form):
                self.send(client, form, sent)
            never_breaks()
        except Broken as broken:
            return f"{form.method} {form.path}: {broken}"
        except FlakyFailure as flaky:
            # Once broken and once not: it hangs on the time or on chance, and counts as well.
            return f"{form.method} {form.path}, not each time: {flaky.exceptions[0]}"
        return ""

    def send(self, client: Client, form: PageForm, sent: Sent) -> None:
        began = time.monotonic()
        with transaction.atomic(), watched() as seen:
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
        wrong = [*faults(answer, body, took), *faults_beside(answer, form, seen)]
        if not form.path.startswith("/admin/"):
            # The administration pages are Django's, whole lists and all.
            wrong += [*too_heavy(answer, body, sent), *faults_of_refusal(answer, body, form, sent)]
        if wrong:
            raise Broken(f"{'; '.join(wrong)} {answer.status_code} to {sent!r}")

    @staticmethod
    def restore(client: Client) -> None:
        """Whatever an answer did to the cookies, it was undone."""
        client.cookies.clear()
        client.cookies[portal.SESSION_COOKIE_NAME] = client.session_key


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


FORM_OF_TEXTS = PageForm("/a/", "post", {"a": ["x"], "b": ["y"]}, {"a": "text", "b": "textarea"})
FORM_OF_TEXTS.buttons.append(("", "", "/a/"))


def refusal(page: str, *pairs: tuple[str, str]) -> list[str]:
    sent = Sent(b"", pairs=list(pairs))
    return [*faults_of_refusal(HttpResponse(page, status=422), page.encode(), FORM_OF_TEXTS, sent)]


def test_what_a_refusal_lacks_is_seen():
    good = '<form><p class="err">Fejl: Skriv en dato.</p><input name="a" value="1\ufffd">'
    good += '<textarea name="b">\nto\nlinjer</textarea></form>'
    typed, lines = ("a", "1\x00"), ("b", "to\r\nlinjer")
    assert refusal(good, typed, lines) == []
    assert "lost" in refusal(good, ("a", "2"), lines)[0]
    assert refusal(good, ("a", "2")) == [], "half a form"
    assert "English" in refusal(good.replace("Skriv en dato", "Enter a date"), typed, lines)[0]
    assert "no word" in refusal(good.replace('class="err"', ""), typed, lines)[0]


def test_a_page_that_grows_is_seen():
    # What repeats itself weighs next to nothing.
    heavy = "".join(f"<p>{hash((1, number)):x}" for number in range(5_000))
    for page, found in (("<p>a" * 50_000, 0), (heavy, 1)):
        assert len([*too_heavy(HttpResponse(page), page.encode(), Sent(b"a=b"))]) == found


@pytest.mark.django_db
def test_what_is_written_and_taken_back_is_told_apart():
    with watched() as seen, transaction.atomic():
        Authority.objects.filter(slug="findes-ikke").update(name="a")
        with transaction.atomic():
            User.objects.create_user("a@b.example", "a", name="a")
            transaction.set_rollback(True)
        with transaction.atomic():
            Cluster.objects.create(
                name="a",
                slug="a",
                region=Authority.objects.create(
                    kind="region", code="9081", name="a", official_name="a", slug="a"
                ),
            )
        logging.getLogger("krams").error("x")
        logging.getLogger("django.security.DisallowedHost").error("x")
    assert seen.tables >= {"krams_cluster", "krams_authority"}
    assert "krams_user" not in seen.tables
    assert seen.logged == ["krams: x"]
    for status, method, faulty in ((200, "post", 1), (200, "get", 2), (422, "post", 2)):
        answer, form = HttpResponse(status=status), PageForm("/a/", method)
        assert len([*faults_beside(answer, form, seen)]) == faulty
