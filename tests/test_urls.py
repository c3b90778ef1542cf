"""Every address of the portal refuses those who have no business there."""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from krams.models import User
from tests.demo import DemoTestCase
from tests.pages import PAGES

HTML = "{http://www.w3.org/1999/xhtml}"

# What everybody may open without an account, and why.
PUBLIC = {
    "help": "tells how to get an account",
    "accessibility": "required by law to be public",
    "components": "examples for developers, of things that do not exist",
    "privacy": "tells what is stored before one logs in",
    "language": "also on the log-in page",
    "account_login": "the log-in itself",
    "account_reset_password": "for those who cannot log in",
    "account_reset_password_done": "for those who cannot log in",
    "account_reset_password_from_key": "for those who cannot log in",
    "account_reset_password_from_key_done": "for those who cannot log in",
    "account_email_verification_sent": "says nothing about anybody",
    "account_confirm_email": "says that the link is not valid",
    "socialaccount_login_cancelled": "says that one is not logged in",
    "account_signup": "says that an administrator makes the accounts",
    "account_inactive": "tells why one cannot log in",
    "initiatives:calendar-feed": "calendar programs know no log-in; the address is the secret",
    "invitation": "says yes to an invitation, which the session holds",
    "invitation-link": "the secret link of an invitation",
    "unsubscribe": "the signed link of an e-mail proves whose it is",
    "openid_connect_logout": "a token that the organisation's log-in has signed",
    "clusters:read": "whoever has the link of an edition may read that one",
    "clusters:read-file": "the same edition as a file",
    "admin:login": "leads to the log-in",
}
# Pages that need a state which the demo does not have: a link of an e-mail, another log-in.
UNLISTED = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "socialaccount_connections",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
}
# What another program posts to, without the token of a form, and without following a redirect.
POSTED_TO_BY_PROGRAMS = {
    "unsubscribe": "the button of mail programs (RFC 8058)",
    "saml_acs": "the page of the organisation's log-in; its signature is looked at",
    "openid_connect_logout": "the organisation's log-in (Back-Channel Logout 1.0)",
}
# What the addresses mean in the demo; anything else is tried with a number or a word.
PLACES = {
    "botilbud": "mosbjerghus",
    "afdelinger": "socialpsykiatrien-omraadet-for-udsatte-grupper",
    "klynger": "syd",
}
WORDS = {"int": "1", "path": "1"}
# Pages whose form is not always there, and why.
WRITES_AT_OTHER_TIMES = {
    "clusters:cell-removed": "where something was removed",
    "clusters:conversation": "for editors and coordinators",
    "clusters:setup-successor": "for who coordinates both clusters",
    "initiatives:indicator-new": "after the kind is chosen",
    "initiatives:plan-copy": "after the facility is chosen",
    "initiatives:types": "for managers",
}


@dataclass(frozen=True)
class Address:
    name: str
    path: str


@cache
def addresses() -> list[Address]:
    """Every address of the URLconf, arguments filled in."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, prefix, namespace):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name}", _fill(route))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)


def _fill(route: str) -> str:
    """``<slug:authority>`` or ``(?P<key>...)`` -> something that the route takes."""
    for place, slug in PLACES.items():
        route = route.replace(f"{place}/<slug:slug>/", f"{place}/{slug}/")
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda match: WORDS.get(match[1], "rebild"), route)
    return "/" + re.sub(r"[\^$\\]|\\Z", "", filled)


# Addresses that an account without any role may open: its own things, and what is public anyway.
OWN = {
    "own-changes",
    "home",
    "settings",
    # Finds only what one may see.
    "search",
    "account_logout",
    "account_reauthenticate",
    "account_reauthenticate_organisation",
    "account_email",
    "account_change_password",
    "account_set_password",
    "socialaccount_connections",
    "log-ins",
    "mfa_index",
    "second-step",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_generate_recovery_codes",
    # Lists of what one may see: nothing.
    "initiatives:facilities",
    "initiatives:initiatives",
    "clusters:clusters",
}


def answers(client, method="get", follow=False, **headers) -> dict[Address, tuple[int, str]]:
    """Status and name of the address where one ends."""
    found = {}
    for address in addresses():
        response = getattr(client, method)(address.path, follow=follow, headers=headers)
        end = response.request["PATH_INFO"]
        name = address.name if end == address.path else resolve(end).view_name
        found[address] = response.status_code, name
    return found


def opened(client, **headers) -> dict[str, tuple[int, str]]:
    return {
        address.name: answer
        for address, answer in answers(client, follow=True, **headers).items()
        if answer[0] not in (401, 403, 404, 405)
    }


def without(found: dict[str, tuple[int, str]], names) -> dict[str, tuple[int, str]]:
    return {name: answer for name, answer in found.items() if answer[1] not in names}


class EveryAddress(DemoTestCase):
    def test_without_account_everything_but_the_public_pages_is_refused(self):
        assert without(opened(Client()), PUBLIC) == {}
        assert without(opened(Client(), **{"HX-Request": "true"}), PUBLIC) == {}

    def test_without_a_role_only_ones_own_pages_open(self):
        client = Client()
        client.force_login(User.objects.create_user("uden.rolle@demo.example", name="Konto"))
        assert without(opened(client), PUBLIC.keys() | OWN) == {}
        assert without(opened(client, **{"HX-Request": "true"}), PUBLIC.keys() | OWN) == {}

    def test_no_post_counts_without_its_csrf_token(self):
        found = answers(self.client_of("admin", enforce_csrf_checks=True), "post")
        counted = {address.name for address, answer in found.items() if answer[0] != 403}
        assert counted == POSTED_TO_BY_PROGRAMS.keys()

    def test_trace_is_answered_nowhere(self):
        found = answers(self.client_of("admin"), "trace")
        assert {address.name: answer for address, answer in found.items() if answer[0] != 405} == {}

    def test_every_address_opens_for_an_administrator_and_every_page_is_in_the_list(self):
        """So that its HTML, weight and accessibility are checked: tests/pages.py."""
        client = self.client_of("admin")
        missing, broken = set(), {}
        for address in addresses():
            response = client.get(address.path)
            if response.status_code >= 500:
                broken[address.name] = response.status_code
            elif response.status_code == 200 and b"<html" in response.getvalue():
                missing.add(address.name)
        assert broken == {}
        missing = {name for name in missing if not name.startswith("admin:")}
        assert missing - {page.name for page in PAGES} - UNLISTED == set()

    def test_a_page_that_only_reads_refuses_to_be_posted_to(self):
        """405 with the portal's page for it, unless the page has a form that posts to itself."""
        found = {}
        for page in PAGES:
            if page.status != 200 or page.name in POSTED_TO_BY_PROGRAMS:
                continue
            client, path = self.client_of(page.who), page.path()
            writes = path.split("?")[0] in _posted_to(self.answer_of(page).tree, path)
            with transaction.atomic():
                answer = client.post(path, {"findes": "ikke"})
                transaction.set_rollback(True)
            refused = answer.status_code == 405 and b"<h1" in answer.content
            writes |= page.name in WRITES_AT_OTHER_TIMES
            if answer.status_code in (200, 500) or refused == writes:
                found[str(page)] = answer.status_code
        assert found == {}


def _posted_to(tree, path: str) -> set[str]:
    """Where the forms of a page post to; a form may leave that to its buttons."""
    found = set()
    for form in tree.iter(HTML + "form"):
        if form.get("method") == "post":
            buttons = form.iter(HTML + "button")
            found |= {button.get("formaction") or form.get("action") or "" for button in buttons}
    return {urlsplit(urljoin(path, address)).path for address in found}


def test_the_walk_finds_the_addresses_of_all_rooms():
    names = {address.name for address in addresses()}
    assert {"home", "account_login", "admin:index", "initiatives:today", "clusters:matrix"} <= names


def test_the_lists_name_nothing_that_is_gone():
    assert PUBLIC.keys() | OWN | POSTED_TO_BY_PROGRAMS.keys() <= {
        address.name for address in addresses()
    }
