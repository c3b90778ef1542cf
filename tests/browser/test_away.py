"""The database is away: what was sent stays in the browser, and is saved once when it is back."""

import re
import sqlite3
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from krams.management.commands import demo
from tests.browser.words import da, participants

pytestmark = pytest.mark.browser

TODAY = "/botilbud/mosbjerghus/i-dag/"
MEETING = "/botilbud/mosbjerghus/moeder/nyt/"
WAITS = "It is sent by itself when the portal is back."
AWAY = "The portal has no connection to its database"
KEPT = "sessionStorage.kept || ''"
SAVED = re.compile(r"/moeder/\d+/")
REMEMBER = "() => { sessionStorage.kept = JSON.stringify(['/x/', [['note', 'Hemmeligt']]]) }"
# A busy machine waits a while until what waits asks again.
LONG = 40_000


@pytest.fixture
def away(server, portal):
    """``with away():`` the database cannot be read nor written; ``back()`` ends it before."""
    _address, database = server

    @contextmanager
    def context():
        hidden = database.with_name("hidden.sqlite3")
        # A folder in its place: the portal's connections are made anew for each request.
        with sqlite3.connect(database, timeout=20) as live:
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        live.close()
        database.rename(hidden)
        database.mkdir()
        is_back = []

        def back():
            if not is_back:
                database.rmdir()
                hidden.rename(database)
                is_back.append(True)

        try:
            yield back
        finally:
            back()

    return context


def meetings(server, place: str) -> int:
    _address, database = server
    with sqlite3.connect(database, timeout=20) as live:
        sql = "SELECT count(*) FROM initiatives_meeting WHERE place = ?"
        [(number,)] = live.execute(sql, [place]).fetchall()
    live.close()
    return number


def fill_meeting(page, place: str):
    page.locator("[name=place]").fill(place)
    page.locator("[name=held_on]").fill("01.12.2026")
    page.locator("[name=kind]").first.check(force=True)
    return page.locator("main form .btn--go")


def straight(page) -> None:
    """As where the database goes away between the question whether it is there and the form."""
    page.evaluate(
        "() => { const form = document.querySelector('main form.stack, main form[method=post]');"
        " HTMLFormElement.prototype.submit.call(form); }"
    )


def test_a_tap_is_saved_by_itself_when_the_database_is_back(open_as, away):
    page = open_as("medarbejder", TODAY)
    row = page.locator("form.tap").first
    name = row.locator("h3").inner_text().split("\n")[-1]
    row.locator("[name=participant_count]").fill("7")
    with away() as back:
        row.locator("button[value=held]").click()
        expect(row.get_by_role("alert")).to_contain_text(da(WAITS))
        assert "participant_count" in page.evaluate(KEPT)
        back()
        saved = page.locator(".tap--done", has_text=name).filter(has_text=participants(7))
        expect(saved).to_have_count(1, timeout=LONG)
    assert page.evaluate(KEPT) == ""


def test_a_form_that_the_browser_sends_is_saved_by_itself_once(open_as, away, server):
    page = open_as("medarbejder", MEETING)
    button = fill_meeting(page, "Stuen ved søen")
    with away() as back:
        button.click()
        expect(page.get_by_role("alert")).to_contain_text(da(WAITS))
        expect(page.locator("[name=place]")).to_have_value("Stuen ved søen")
        back()
        page.wait_for_url(SAVED, timeout=LONG)
    assert meetings(server, "Stuen ved søen") == 1
    assert page.evaluate(KEPT) == ""


def test_the_page_that_tells_it_sends_the_form_by_itself(open_as, away, server):
    page = open_as("medarbejder", MEETING)
    fill_meeting(page, "Stuen ved åen")
    with away() as back:
        straight(page)
        expect(page.locator("h1")).to_have_text(da(AWAY))
        expect(page.get_by_role("alert")).to_contain_text(da(WAITS))
        assert "Stuen ved åen" in page.evaluate(KEPT)
        back()
        page.wait_for_url(SAVED, timeout=LONG)
    assert meetings(server, "Stuen ved åen") == 1
    assert page.evaluate(KEPT) == ""


def test_who_leaves_that_page_is_offered_the_form_on_the_next(open_as, away, server):
    page = open_as("medarbejder", MEETING)
    button = fill_meeting(page, "Stuen ved skoven")
    page.on("dialog", lambda dialog: dialog.accept())
    with away():
        button.click()
        expect(page.get_by_role("alert")).to_contain_text(da(WAITS))
        # Whatever asks whether it is back gets no answer: nothing goes by itself meanwhile.
        page.route("**/readyz", lambda route: route.abort())
    page.goto(TODAY)
    offer = page.get_by_role("alert")
    expect(offer).to_be_visible()
    page.wait_for_timeout(1500)
    assert meetings(server, "Stuen ved skoven") == 0
    offer.get_by_role("button", name=da("Try again")).click()
    page.wait_for_url(SAVED, timeout=LONG)
    assert meetings(server, "Stuen ved skoven") == 1
    page.goto(TODAY)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_logging_out_forgets_it(open_as):
    page = open_as("medarbejder", MEETING)
    page.evaluate(REMEMBER)
    other = page.context.new_page()
    other.goto(TODAY)
    other.locator(".menu summary").last.click()
    other.locator("form[action='/konto/logout/'] button").last.click()
    other.wait_for_url("**/konto/login/**")
    # The other tab too, in which it was typed.
    assert page.evaluate(KEPT) == ""


def test_the_log_in_page_forgets_it(open_as):
    page = open_as("", "/hjaelp/")
    page.evaluate(REMEMBER)
    page.goto("/konto/login/")
    assert page.evaluate(KEPT) == ""


def test_whoever_logs_in_next_does_not_find_it(open_as):
    page = open_as("medarbejder", MEETING)
    page.evaluate(REMEMBER)
    # The session has ended elsewhere: no answer to this browser told it to forget.
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/konto/login/")
    other.locator("[name=login]").fill("leder@demo.example")
    other.locator("[name=password]").fill(demo.PASSWORD)
    other.locator("[name=password]").press("Enter")
    expect(other.locator(".menu > summary")).to_be_visible()
    assert page.evaluate(KEPT) == ""


def log_in_beside(page, email: str) -> None:
    """Somebody else logs in in another tab, and nothing tells this one."""
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/konto/login/")
    other.locator("[name=login]").fill(email)
    other.locator("[name=password]").fill(demo.PASSWORD)
    other.locator("[name=password]").press("Enter")
    expect(other.locator(".menu > summary")).to_be_visible()


@pytest.mark.parametrize("is_same", [False, True])
def test_a_form_that_waits_in_a_tab_is_sent_for_who_wrote_it_alone(open_as, server, is_same):
    page = open_as("medarbejder", MEETING)
    place = f"Stuen ved {'haven' if is_same else 'vejen'}"
    button = fill_meeting(page, place)
    log_in_beside(page, f"{'medarbejder' if is_same else 'leder'}@demo.example")
    button.click()
    if is_same:
        page.wait_for_url(SAVED)
    else:
        expect(page.get_by_role("alert")).to_contain_text(
            da("You have been logged out. What you have written is still here.")
        )
        expect(page.locator("[name=place]")).to_have_value(place)
    assert meetings(server, place) == is_same


def test_a_tap_of_the_person_before_is_not_registered_by_the_next(open_as):
    page = open_as("medarbejder", TODAY)
    log_in_beside(page, "leder@demo.example")
    row = page.locator("form.tap").first
    row.locator("button[value=held]").click()
    expect(row.get_by_role("alert")).to_contain_text(
        da("You have been logged out. What you have written is still here.")
    )


@pytest.mark.parametrize("is_same", [False, True])
def test_what_was_kept_is_offered_to_who_wrote_it_alone(open_as, is_same):
    """Also where a browser keeps it although a log-in tells it to forget."""
    page = open_as("medarbejder", MEETING)
    keep = "(is) => { const whose = document.querySelector('[name=whose]').value; "
    keep += "sessionStorage.kept = JSON.stringify(['/x/', [['whose', is ? whose : '0' + whose]]]) }"
    page.evaluate(keep, is_same)
    page.goto(TODAY)
    expect(page.locator("form[action$='/x/']")).to_have_count(int(is_same))
    expect(page.get_by_role("alert")).to_have_count(int(is_same))


def test_without_javascript_the_page_has_the_form_and_a_button(open_as, away, server):
    page = open_as("medarbejder", MEETING, java_script_enabled=False)
    button = fill_meeting(page, "Stuen ved marken")
    with away() as back:
        button.click()
        expect(page.locator("h1")).to_have_text(da(AWAY))
        expect(page.locator("main")).to_contain_text("Stuen ved marken")
        page.get_by_role("button", name=da("Send it again")).click()
        expect(page.locator("h1")).to_have_text(da(AWAY))
        back()
        page.get_by_role("button", name=da("Send it again")).click()
        page.wait_for_url(SAVED, timeout=LONG)
    assert meetings(server, "Stuen ved marken") == 1
