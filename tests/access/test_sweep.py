"""Every address, asked by everybody, answers what the table of permissions says.

Statuses alone are compared: no page is drawn, no paper set and no list of changes read, which is
most of what an answer costs and nothing of who gets it. What is written is rolled back at once.
"""

import logging
import os
from collections.abc import Iterable
from unittest.mock import patch

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from krams.changes.queries import log
from krams.database.keyset import Place
from krams.documents import papers
from krams.history.registry import REGISTRY
from krams.models import User
from krams.roles.permissions import PERMISSIONS, Permission
from krams.web.templating import Page
from scripts.access import main, routes
from tests.access.paths import ADMIN, HISTORY, KINDS, TABLE, Case, admin_paths, cases, rule_of
from tests.access.world import LOG_IN, Actor, World, actors
from tests.demo import DemoTestCase

HTMX = {"HX-Request": "true", "HX-Target": "log", "HX-Current-URL": "http://testserver/admin/"}
LED_TO = ("/admin/login/", "/admin/")
EACH_ALONE = os.environ.get("SWEEP_EACH_ALONE") == "1"
# Around a request, without a say in who gets what.
NO_MATTER = ("CompressionMiddleware", "WhiteNoiseMiddleware", "RequestLogMiddleware")
# For these, whoever may ask gets 403, 404 or the log-in as long as something is not there.
WANTING = {
    "account_confirm_email": "no such link",
    "account_confirm_login_code": "nobody is halfway through the log-in",
    "account_logout": "leads to the log-in once it is done",
    "account_reauthenticate": "the accounts have no password",
    "account_reset_password_from_key": "no such link",
    "invitation": "no invitation in the session",
    "log-ins": "leads to the log-in once all are ended",
    "mfa_authenticate": "nobody is halfway through the log-in",
    "mfa_deactivate_totp": "the accounts have no second step",
    "mfa_download_recovery_codes": "the accounts have no second step",
    "mfa_edit_webauthn": "the accounts have no passkey",
    "mfa_login_webauthn": "no passkey is sent",
    "mfa_reauthenticate": "the accounts have no second step",
    "mfa_reauthenticate_webauthn": "the accounts have no passkey",
    "mfa_remove_webauthn": "the accounts have no passkey",
    "mfa_view_recovery_codes": "the accounts have no second step",
    "openid_connect_callback": "no such provider",
    "openid_connect_login": "no such provider",
    "openid_connect_logout": "no such provider",
    "saml_acs": "no such provider",
    "saml_finish_acs": "no such provider",
    "saml_login": "no such provider",
    "saml_metadata": "no such provider",
    "saml_sls": "no such provider",
    "socialaccount_login_error": "is a 401 itself",
    "socialaccount_signup": "nobody comes from the organisation's log-in",
}


def outcome(answer) -> int | str | None:
    """A refusal's status, the log-in, or None for whatever is no refusal."""
    if answer.status_code == 401:
        return LOG_IN
    if answer.status_code == 302 and answer.headers["Location"].startswith("/konto/login/"):
        return LOG_IN
    return answer.status_code if answer.status_code in (403, 404, 405) else None


def asked_for(case: Case, method: str) -> Permission | None:
    return case.rule.read if method == "get" else case.rule.write


def is_anybodys(case: Case) -> bool:
    """What no role has to do with."""
    asked = [one for one in (case.rule.read, case.rule.write) if one]
    return all(one.for_strangers or one.for_everybody for one in asked)


def is_krams(case: Case) -> bool:
    return case.key.startswith("initiatives:")


def wanted(actor: Actor, case: Case, method: str) -> int | str | None:
    """The outcome by the table."""
    permission = asked_for(case, method)
    if permission:
        return actor.refusal(permission)
    # What needs no log-in says at once that it takes no such request.
    other = case.rule.read or case.rule.write
    return 405 if actor.has_account or (other and other.for_strangers) else LOG_IN


class SweepTestCase(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.world = World()
        cls.cases = cases(cls.world)
        cls.people = {actor.name: actor for actor in actors()}
        cls.accounts = {actor.name: cls.world.account_of(actor) for actor in actors()}

    def setUp(self):
        # What a test adds is rolled back with it.
        self.accounts = dict(self.accounts)
        # A refusal is a warning in the log, and there are thousands.
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        around = [one for one in settings.MIDDLEWARE if not one.endswith(NO_MATTER)]
        self.enterContext(override_settings(MIDDLEWARE=around))
        self.enterContext(patch.object(Page, "render", lambda *_given, **_named: ""))
        writers = {kind: (lambda _document: b"", of) for kind, (_, of) in papers.WRITERS.items()}
        self.enterContext(patch.dict(papers.WRITERS, writers))
        # It is all kinds of histories in one query, which alone is a third of the sweep.
        self.enterContext(patch.object(log, "_read", no_changes))

    def browser_of(self, actor: Actor) -> Client:
        """Logged in; who is deactivated is so only afterwards."""
        client = Client(raise_request_exception=False)
        if actor.name != "nobody":
            client.force_login(self.accounts[actor.name])
        if actor.name.endswith("deactivated"):
            type(self.accounts[actor.name]).objects.filter(pk=self.accounts[actor.name].pk).update(
                is_active=False
            )
        return client

    def differences(
        self,
        actor: Actor,
        some: Iterable[Case],
        methods: Iterable[str] = ("get", "post"),
        **headers: str,
    ) -> list[str]:
        """Where the actor gets something else than the table says."""
        if actor.name not in self.accounts:
            self.accounts[actor.name] = self.world.account_of(actor)
        client, found = self.browser_of(actor), []
        session = client.cookies.get(settings.SESSION_COOKIE_NAME)
        for case in some:
            for method in methods:
                answer = asked(client, method, case.path, case.data, headers)
                client.cookies.clear()
                if session:
                    client.cookies[settings.SESSION_COOKIE_NAME] = session.value
                got, want = outcome(answer), wanted(actor, case, method)
                # Where something is not there; and the pages that are public without a log-in.
                may_want = want in (None, 405) and case.key in WANTING
                if answer.status_code >= 500 or (got != want and not may_want):
                    found.append(f"{actor}: {method} {case.key} {case.path}: {got}, not {want}")
        return found

    def first_formats(self) -> list[Case]:
        return [case for case in self.cases if case.kind == case.first]

    def of_roles(self) -> list[Case]:
        return [case for case in self.first_formats() if not is_anybodys(case)]


def asked(client: Client, method: str, path: str, data: dict, headers: dict):
    with transaction.atomic():
        answer = getattr(client, method)(path, data if method == "post" else {}, headers=headers)
        transaction.set_rollback(True)
    return answer


def no_changes(place: Place, _which: dict, *, reader: User) -> tuple:
    return log.SAVES.page(place, log.PER_PAGE, []), []


def together(people: Iterable[Actor]) -> Actor:
    """One who has the roles of all of them, at the same places."""
    people = list(people)
    held = frozenset().union(*(one.held for one in people))
    return Actor(" + ".join(map(str, people)), people[0].where, held)


class Sweep(SweepTestCase):
    def swept(self, method: str, some: Iterable[Case]) -> list[str]:
        """Who may is asked for alone; who may not together with the others who may not.

        Roles add up, so what is refused to all of them together is refused to each. With
        ``SWEEP_EACH_ALONE=1`` each asks alone all the same, which takes three times as long.
        """
        people = [one for one in self.people.values() if one.has_account]
        todo: dict[Actor, list[Case]] = {}
        for case in some:
            if not asked_for(case, method):
                continue
            refused: dict[tuple, list[Actor]] = {}
            for actor in people:
                status = wanted(actor, case, method)
                if status and actor.held and not EACH_ALONE:
                    refused.setdefault((actor.where, status), []).append(actor)
                else:
                    todo.setdefault(actor, []).append(case)
            for group in refused.values():
                todo.setdefault(together(group), []).append(case)
        assert all(self.people[name] in todo for name in ("superuser", "all roles until yesterday"))
        return [one for actor in todo for one in self.differences(actor, todo[actor], [method])]

    def test_reading_in_the_kernel_and_the_cluster_half(self):
        assert self.swept("get", [case for case in self.of_roles() if not is_krams(case)]) == []

    def test_reading_in_the_krams_half(self):
        assert self.swept("get", filter(is_krams, self.of_roles())) == []

    def test_writing_in_the_kernel_and_the_cluster_half(self):
        assert self.swept("post", [case for case in self.of_roles() if not is_krams(case)]) == []

    def test_writing_in_the_krams_half(self):
        assert self.swept("post", filter(is_krams, self.of_roles())) == []

    def test_without_an_account_in_use_everything_but_the_public_leads_to_the_log_in(self):
        for name in ("nobody", "all roles, deactivated"):
            assert self.differences(self.people[name], self.first_formats()) == []

    def test_what_is_anybodys_and_what_takes_no_such_request(self):
        for name in ("superuser", "no role"):
            for method in ("get", "post"):
                these = [
                    case
                    for case in self.first_formats()
                    if is_anybodys(case) or not asked_for(case, method)
                ]
                assert self.differences(self.people[name], these, [method]) == []

    def test_what_htmx_asks_for_is_refused_to_the_same_people(self):
        """Whatever its headers say of where it comes from, and of what it is to replace."""
        for name, *methods in (
            ("all roles elsewhere", "get", "post"),
            ("viewer of the facility", "post"),
        ):
            actor = self.people[name]
            for method in methods:
                some = [
                    case
                    for case in self.of_roles()
                    if asked_for(case, method) and wanted(actor, case, method)
                ]
                assert len(some) > 100
                assert self.differences(actor, some, [method], **HTMX) == []
        some = [case for case in self.first_formats() if case.key not in WANTING]
        assert self.differences(self.people["nobody"], some, **HTMX) == []
        assert self.differences(self.people["all roles, deactivated"], some, ["get"], **HTMX) == []

    def test_every_format_of_a_file_is_refused_as_the_first(self):
        files = [case for case in self.cases if case.kind]
        names = ["all roles elsewhere", "no role", "editor of another column"]
        names += ["staff of another facility", "viewer of the facility"]
        for name in names:
            actor = self.people[name]
            others = (case for case in files if case.kind != case.first)
            some = [case for case in others if wanted(actor, case, "get")]
            assert self.differences(actor, some, ["get"]) == []
        whole = self.browser_of(self.people["superuser"])
        given: dict[str, set[str]] = {}
        for case in files:
            answer = asked(whole, "get", case.path, {}, {})
            if outcome(answer) is None:
                given.setdefault(case.key, set()).add(case.kind)
        assert given.keys() == {case.key for case in files}
        assert {kind for kinds in given.values() for kind in kinds} == set(KINDS)

    def test_what_has_no_version_to_put_back_is_refused_to_everybody(self):
        client = self.browser_of(self.people["superuser"])
        of_kind = {
            case.key.partition("#")[2]: case for case in self.cases if "history#" in case.key
        }
        others = [of_kind[key] for key, one in REGISTRY.items() if not one.restoring]
        assert len(others) > 10
        for case in others:
            answer = asked(client, "post", f"{case.path}gendan/", {"saved": 1, "version": 1}, {})
            assert answer.status_code == 403, case.key

    def test_who_sees_a_matrix_sees_what_its_members_change(self):
        path = f"/myndigheder/{self.world.rebild.slug}/aendringslog/"
        for name, want in (
            ("viewer of the cluster", None),
            ("editor of another column", None),
            ("manager of the facility", 404),
        ):
            client = self.browser_of(self.people[name])
            assert outcome(asked(client, "get", path, {}, {})) == want, name

    def test_who_wrote_a_comment_may_change_it(self):
        client = Client()
        client.force_login(self.world.comment.written_by)
        [case] = [case for case in self.cases if case.key == "clusters:comment"]
        for method in ("get", "post"):
            assert outcome(asked(client, method, case.path, {}, {})) is None


class Administration(SweepTestCase):
    def test_its_pages_are_the_superusers(self):
        """Whoever else is logged in is led to its log-in, which answers 403."""
        paths = admin_paths(self.world)
        assert len(paths) > 35
        for name in ("administrator of the authority", "coordinator of the cluster", "no role"):
            client = self.browser_of(self.people[name])
            for method in ("get", "post"):
                for path in paths:
                    answer = asked(client, method, path, {}, {})
                    # Its log-out leads to its first page, which leads to the log-in.
                    led = answer.headers.get("Location", "").startswith(LED_TO)
                    assert led or answer.status_code == 403, (name, method, path)
            assert client.get("/admin/login/").status_code == 403
        for name in ("nobody", "all roles, deactivated"):
            client = self.browser_of(self.people[name])
            for method in ("get", "post"):
                for path in paths:
                    answer = asked(client, method, path, {}, {})
                    led = answer.headers.get("Location", "").startswith(LED_TO)
                    assert led or outcome(answer) == LOG_IN, (name, method, path)
            assert outcome(client.get("/admin/login/")) == LOG_IN

    def test_superusers_open_the_lists_and_the_rows(self):
        client, opened = self.browser_of(self.people["superuser"]), 0
        for path in admin_paths(self.world):
            answer = asked(client, "get", path, {}, {})
            assert answer.status_code < 500, path
            opened += answer.status_code == 200
        assert opened > 25


def test_every_address_has_a_line_in_the_table():
    """A new one belongs in ``addresses.py`` of its room; ``scripts/access.py`` documents it."""
    missing = {name for name in routes() if not rule_of(name)}
    told = {key.partition("#")[0] for key in TABLE}
    assert {name for name in missing if name not in told} == set()
    assert {name for name in told if name not in routes()} == {"admin:*"}


def test_every_history_has_a_line_in_the_table():
    told = {
        name: {key.partition("#")[2] for key in TABLE if key.startswith(f"{name}#")}
        for name in HISTORY
    }
    assert told["history"] == told["history-redact"] == REGISTRY.keys()
    assert told["history-restore"] == {key for key, one in REGISTRY.items() if one.restoring}


def test_every_permission_is_asked_for_and_told():
    asked = {one.name for rule in TABLE.values() for one in (rule.read, rule.write) if one}
    told = {one.name for one in PERMISSIONS}
    assert {name for name in asked if not name.startswith("Give roles at a ")} <= told
    # What only others stand within is told too.
    assert told - asked <= {one.within.name for one in PERMISSIONS if one.within}
    assert ADMIN + "login" in TABLE


def test_the_documentation_shows_the_table():
    assert main(["--check"]) == 0
