"""A manager invites a colleague, who chooses a password and stands at her work."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WORDS = "fire-ord-paa-en-raekke-2026"


def test_from_invitation_to_work(portal, open_as, browser):
    page = open_as("leder", "/personer/")
    page.get_by_role("link", name="Invitér en kollega").click()
    page.get_by_role("link", name="Mosbjerghus", exact=True).click()
    page.get_by_label("E-mail").fill("nattevagt@demo.example")
    page.get_by_label("Vises som").fill("Nattevagt, Mosbjerghus")
    page.get_by_label(re.compile("^Medarbejder")).check()
    page.get_by_role("button", name="Invitér").click()
    expect(page.get_by_text("Inviteret", exact=True)).to_be_visible()
    page.get_by_role("button", name="Lav et link til at give videre").click()
    link = page.get_by_label("Linket").input_value()
    assert "/invitation/" in link

    theirs = browser.new_context(locale="da-DK").new_page()
    theirs.goto(link)
    assert theirs.url.endswith("/invitation/")
    expect(theirs.get_by_text("Leder, Socialpsykiatrien inviterer dig")).to_be_visible()
    theirs.get_by_label("Adgangskode", exact=True).fill(WORDS)
    theirs.get_by_label("Adgangskoden igen").fill(WORDS)
    theirs.get_by_role("button", name="Sig ja, og log ind").click()
    expect(theirs.get_by_text("Velkommen. Du har nu rollen")).to_be_visible()
    theirs.goto(f"{portal}/botilbud/mosbjerghus/i-dag/")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("dag")
    theirs.goto(link)
    expect(theirs.get_by_text("Invitationen er brugt")).to_be_visible()
    theirs.context.close()
