"""What surrounds every page: language, menu, log-out, print, refusals in the portal's look."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_language_is_switched_and_stays(open_as, javascript):
    page = open_as("", "/hjaelp/", java_script_enabled=javascript)
    expect(page.locator("html")).to_have_attribute("lang", "da")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/hjaelp/")
    page.goto("/was")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Dansk").click()
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_menu_opens_closes_and_logs_out(open_as):
    page = open_as("leder", "/")
    summary = page.locator(".menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=da("Log out"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=da("Log out"))).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=da("Log out")).click()
    expect(page.locator("#id_login")).to_be_visible()
    page.goto("/indsatser/")
    expect(page.locator("#id_login")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_address(open_as):
    page = open_as("", "/konto/login/")
    page.locator("#id_login").fill("leder@demo.example")
    page.locator("#id_password").fill("forkert-adgangskode")
    page.locator("#id_password").press("Enter")
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#id_login")).to_have_value("leder@demo.example")
    expect(page.locator("#id_password")).to_have_value("")


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("leder", "/findes-ikke/", 404),
        ("leder", "/botilbud/findes-ikke/i-dag/", 404),
        ("redaktoer", "/botilbud/mosbjerghus/i-dag/", 404),
        ("leder", "/historik/findes-ikke/1/", 404),
    ],
)
def test_refusals_look_like_the_portal(open_as, who, path, status):
    page = open_as(who, "/hjaelp/")
    assert page.goto(path).status == status
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("header.top")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "da")
