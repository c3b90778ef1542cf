"""When the portal does not answer: nothing typed is lost, and one can try again."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da, participants

pytestmark = pytest.mark.browser

TODAY = "/botilbud/mosbjerghus/i-dag/"
SAVING = "**/botilbud/mosbjerghus/**"


@pytest.fixture
def page(open_as):
    return open_as("medarbejder", TODAY)


@pytest.fixture
def row(page):
    """The first planned activity that waits, seven participants typed."""
    row = page.locator("form.tap").first
    row.locator("[name=participant_count]").fill("7")
    return row


def fail(page, **answer):
    def handle(route):
        if route.request.method != "POST":
            route.continue_()
        elif answer:
            route.fulfill(**answer)
        else:
            route.abort()

    page.route(SAVING, handle)


def registered(page, name):
    return page.locator(".tap--done", has_text=name).filter(has_text=participants(7))


def press_held(row):
    row.locator("button[value=held]").click()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "The portal did not answer. What you have written is still here."),
        ({"status": 500}, "The portal did not answer. What you have written is still here."),
        ({"status": 503}, "The portal did not answer. What you have written is still here."),
        ({"status": 403}, "This was not saved: the page has changed, or you may not do this."),
        ({"status": 404}, "This was not saved: the page has changed, or you may not do this."),
        ({"status": 401}, "You have been logged out. What you have written is still here."),
    ],
    ids=["offline", "500", "503", "403", "404", "401"],
)
def test_a_failure_is_told_and_what_was_typed_stays(page, row, answer, words):
    fail(page, **answer)
    press_held(row)
    expect(row.get_by_role("alert")).to_contain_text(da(words))
    expect(row.locator("[name=participant_count]")).to_have_value("7")
    expect(row.locator("button[value=held]")).to_be_enabled()


def test_trying_again_saves_with_the_same_button(page, row):
    name = row.locator("h3").inner_text().split("\n")[-1]
    fail(page)
    press_held(row)
    again = row.get_by_role("button", name=da("Try again"))
    expect(again).to_be_visible()
    page.unroute(SAVING)
    again.click()
    expect(registered(page, name)).to_be_visible()
    expect(page.locator("[data-fail]")).to_have_count(0)


def test_after_a_log_in_in_another_tab_the_same_form_saves(page, row, prepared, portal):
    name = row.locator("h3").inner_text().split("\n")[-1]
    page.context.clear_cookies(name="sessionid")
    press_held(row)
    alert = row.get_by_role("alert")
    expect(alert.get_by_role("link")).to_have_attribute("target", "_blank")
    # Another log-in renews the token of forms as well.
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": prepared.sessions["medarbejder"], "url": portal},
            {"name": "csrftoken", "value": "b" * 32, "url": portal},
        ]
    )
    alert.get_by_role("button", name=da("Try again")).click()
    expect(registered(page, name)).to_be_visible()


def test_pressing_twice_sends_once(page, row):
    sent = []
    name = row.locator("h3").inner_text().split("\n")[-1]

    def slowly(route):
        if route.request.method == "POST":
            sent.append(route.request.url)
            page.wait_for_timeout(700)
        route.continue_()

    page.route(SAVING, slowly)
    button = row.locator("button[value=held]")
    button.dblclick()
    expect(registered(page, name)).to_be_visible()
    assert len(sent) == 1


def test_the_button_says_that_it_saves(page, row):
    held_back = []
    page.route(
        SAVING,
        lambda route: (
            held_back.append(route) if route.request.method == "POST" else route.continue_()
        ),
    )
    button = row.locator("button[value=held]")
    button.click()
    expect(button).to_be_disabled()
    expect(row.locator("[aria-busy=true]")).to_have_text(da("Saving …"))
    held_back[0].abort()
    expect(button).to_be_enabled()
    expect(button).to_contain_text(da("Held"))
