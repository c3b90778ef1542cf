"""A computer that nobody uses: the warning is answered by the keyboard; leaving leaves nothing."""

import sqlite3

import pytest
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import expect

from krams.management.commands import demo
from tests.browser.conftest import environment
from tests.browser.words import da

pytestmark = pytest.mark.browser
SIGNED = {
    "key": environment("", "")["SECRET_KEY"],
    "salt": "django.contrib.sessions.SessionStore",
    "serializer": JSONSerializer,
}


@pytest.fixture
def page(open_as):
    """On a shared computer; the clock of the page can be put forward."""
    page = open_as("", "/konto/login/")
    page.clock.install()
    page.locator("[name=login]").fill("leder@demo.example")
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.get_by_label(da("Others use this computer too")).check()
    page.get_by_role("button", name=da("Log in with password")).click()
    expect(page.locator(".menu > summary")).to_be_visible()
    page.goto("/konto/indstillinger/")
    return page


def let_pass(page, database, minutes: int) -> None:
    """In the browser, and in what the portal knows of its last use."""
    [key] = [one["value"] for one in page.context.cookies() if one["name"] == "sessionid"]
    with sqlite3.connect(database, timeout=20) as live:
        [[data]] = live.execute(
            "SELECT session_data FROM django_session WHERE session_key = ?", [key]
        )
        held = signing.loads(data, **SIGNED)
        held["last_seen"] -= minutes * 60 + 5
        live.execute(
            "UPDATE django_session SET session_data = ? WHERE session_key = ?",
            [signing.dumps(held, compress=True, **SIGNED), key],
        )
    live.close()
    page.clock.fast_forward(minutes * 60_000 + 5_000)


def test_the_warning_is_answered_by_the_keyboard_and_the_focus_comes_back(page, server):
    menu = page.locator(".menu > summary")
    menu.focus()
    let_pass(page, server[1], 13)
    stay = page.get_by_role("dialog", name=da("Are you still here?")).get_by_role("button")
    expect(stay).to_be_focused()
    # Its session is saved: what is written next is not written over.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(menu).to_be_focused()
    let_pass(page, server[1], 13)
    expect(stay).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(menu).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", name=da("Settings"))).to_be_visible()


def test_who_does_not_answer_is_out_and_the_page_is_gone(page, server):
    let_pass(page, server[1], 13)
    expect(page.get_by_role("dialog")).to_be_visible()
    let_pass(page, server[1], 3)
    expect(page.get_by_role("button", name=da("Log in with password"))).to_be_visible()
    expect(page.get_by_text("leder@demo.example")).to_have_count(0)


def test_what_was_typed_meanwhile_stays(page, server):
    page.goto("/botilbud/mosbjerghus/moeder/nyt/")
    place = page.locator("[name=place]")
    place.fill("Fællesstuen")
    let_pass(page, server[1], 13)
    expect(page.get_by_role("dialog")).to_be_visible()
    let_pass(page, server[1], 3)
    expect(
        page.get_by_text(da("You have been logged out. What you have written is still here."))
    ).to_be_visible()
    expect(place).to_have_value("Fællesstuen")


def test_back_after_logging_out_shows_nothing(open_as):
    page = open_as("leder", "/konto/indstillinger/")
    expect(page.get_by_text("leder@demo.example")).to_be_visible()
    page.locator(".menu > summary").click()
    page.get_by_role("button", name=da("Log out"), exact=True).click()
    way_in = page.get_by_role("button", name=da("Log in with password"))
    expect(way_in).to_be_visible()
    page.go_back()
    expect(way_in).to_be_visible()
    expect(page.get_by_text("leder@demo.example")).to_have_count(0)
