"""Log-in with a passkey, on an authenticator that the browser plays."""

import pytest
from playwright.sync_api import expect

from krams.management.commands import demo
from tests.browser.words import da

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(open_as):
    page = open_as("leder", "/konto/2fa/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_is_added_and_opens_the_account(page):
    page.get_by_role("link", name=da("Add a passkey")).click()
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.get_by_role("button", name=da("Confirm")).click()
    expect(page.get_by_label(da("Log in with the key alone"))).to_be_checked()
    page.get_by_role("button", name=da("Add the key")).click()
    expect(page.get_by_role("heading", name=da("Recovery codes"))).to_be_visible()

    page.locator(".menu > summary").click()
    page.get_by_role("button", name=da("Log out")).click()
    page.get_by_label(da("Others use this computer too")).check()
    page.get_by_role("button", name=da("Use a passkey")).click()
    expect(page.locator(".menu > summary")).to_be_visible()
    [session] = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    page.reload()
    [session] = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    assert session["expires"] == -1, "on a shared computer it ends with the browser"


def test_without_a_passkey_it_says_so(open_as):
    page = open_as("", "/konto/login/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**AUTHENTICATOR, "isUserVerified": False}},
    )
    page.get_by_role("button", name=da("Use a passkey")).click()
    expect(page.get_by_role("alert")).to_have_text(
        da("No passkey was used. Try again, or log in with your password."), timeout=30_000
    )
