"""A cluster set up without a developer, and its successor: with and without JavaScript, on a phone,
by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

SYD = "/klynger/syd/"
NEW = "Klynge Ærø & Østhavn"
WAYS = {
    "js": {},
    "no-js": {"java_script_enabled": False},
    "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True},
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def press(page, words: str, **values):
    """A button or link of the page itself, by keyboard."""
    name = re.compile(f"^{re.escape(da(words, **values))}")
    main = page.get_by_role("main")
    target = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first
    target.focus()
    page.keyboard.press("Enter")


def part(page, words: str):
    """A section of the page by its heading."""
    return page.get_by_role("region", name=da(words), exact=True)


def add_group(page, name: str):
    section = part(page, "Add a group")
    field = section.get_by_label(da("Name of the group"))
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def add_proposal(page, number: int, title: str, group: str):
    section = part(page, "Add a proposal")
    section.get_by_label(da("Number")).fill(str(number))
    section.get_by_label(da("Group")).select_option(label=group)
    text = section.get_by_label(da("Proposal"), exact=True)
    text.fill(title)
    text.press("Enter")
    expect(rows(page, group).filter(has_text=title)).to_have_count(1)


def rows(page, group: str):
    return page.get_by_role("region", name=group, exact=True).locator("ol > li")


def texts(locator) -> list[str]:
    return [" ".join(text.split()) for text in locator.all_inner_texts()]


def create(page):
    press(page, "New cluster")
    page.locator("[name=name]").fill(NEW)
    page.locator("[name=region]").select_option(label="Region Nordjylland")
    press(page, "Show the municipalities of the region")
    # What was typed before the region was chosen is still there.
    expect(page.locator("[name=name]")).to_have_value(NEW)
    for member in ("Læsø Kommune", "Aalborg Kommune", "Region Nordjylland"):
        page.get_by_label(member, exact=True).focus()
        page.keyboard.press("Space")
    press(page, "Create the cluster")
    expect(page.get_by_role("heading", level=1)).to_have_text(da("Set up %(name)s", name=NEW))


@every_way
def test_a_cluster_is_set_up_from_nothing(open_as, way):
    page = open_as("admin", "/klynger/", **way)
    create(page)
    members = part(page, "Members").locator("li b")
    assert texts(members) == ["Læsø Kommune", "Aalborg Kommune", "Region Nordjylland"]
    press(page, "Move %(what)s up", what="Aalborg Kommune")
    expect(members.first).to_have_text("Aalborg Kommune")

    press(page, "Proposals")
    add_group(page, "I kommunen")
    add_group(page, "Hos lægen")
    add_proposal(page, 1, "Støtte til <b>søvn</b>", "I kommunen")
    add_proposal(page, 2, "Fælles måltider", "I kommunen")
    add_proposal(page, 3, "Længere konsultation", "Hos lægen")
    press(page, "Move %(what)s up", what="Fælles måltider")
    expect(rows(page, "I kommunen").locator("> b")).to_have_text(["1", "2"])
    # Below each stands whom it concerns.
    expect(rows(page, "I kommunen").locator(".types__what")).to_contain_text(
        ["Fælles måltider", "Støtte til <b>søvn</b>"]
    )
    press(page, "Edit proposal %(number)s", number=3)
    press(page, "Retire the proposal")
    expect(part(page, "Retired")).to_contain_text("Længere konsultation")
    expect(rows(page, "Hos lægen")).to_have_count(0)

    copying = part(page, "Copy from another cluster")
    copying.locator("select").select_option(label="Klynge Syd")
    press(page, "Copy proposals")
    expect(page.locator("ol.types--numbered > li")).to_have_count(3 + 9)

    press(page, "People")
    giving = part(page, "Give a role")
    giving.get_by_label(da("E-mail")).fill("redaktoer@demo.example")
    giving.locator("select").select_option(label=da("Editor: %(name)s", name="Aalborg Kommune"))
    press(page, "Give the role")
    expect(part(page, "Roles today")).to_contain_text("redaktoer@demo.example")

    page.goto("/klynger/")
    page.get_by_role("link", name=NEW, exact=True).click()
    editor = open_as("redaktoer", page.url, **way)
    expect(editor.locator("table.mx tbody th .n")).to_have_count(2 + 9)
    pens = editor.locator("table.mx td:has(a.pen)")
    expect(pens).to_have_count(2 + 9)
    assert {pen.get_attribute("data-n") for pen in pens.all()} == {"Aalborg Kommune"}


def test_what_is_missing_is_pointed_at_and_nothing_typed_is_lost(open_as):
    page = open_as("admin", "/klynger/ny/")
    page.locator("[name=name]").fill(NEW)
    page.locator("[name=valid_from]").fill("31-02-2027")
    press(page, "Create the cluster")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value(NEW)
    expect(page.locator("[name=valid_from]")).to_have_value("31-02-2027")
    expect(page.locator("[name=valid_from]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=region]")).to_have_attribute("aria-invalid", "true")


def column(page, authority: str):
    return page.locator(f"table.mx td[data-n='{authority}']")


@every_way
def test_syd_is_followed_by_limfjorden_and_stays_as_it_was(open_as, way):
    page = open_as("admin", SYD, **way)
    heads = texts(page.locator("table.mx thead th"))
    before = texts(page.locator("table.mx tbody"))
    page.goto(f"{SYD}opsaetning/efterfoelger/")
    press(page, "Sundhedsråd Limfjorden")
    mariagerfjord = page.get_by_label("Mariagerfjord Kommune", exact=True)
    expect(mariagerfjord).to_be_checked()
    mariagerfjord.focus()
    page.keyboard.press("Space")
    press(page, "Take along")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Sundhedsråd Limfjorden")
    expect(page.locator("table.mx tbody th .n")).to_have_count(9)
    rebild = column(page, "Rebild Kommune")
    expect(rebild.first).to_contain_text("Ingen specifikke pladser")
    expect(rebild.first).to_contain_text(da("Unconfirmed so far"))
    filled = column(page, "Mariagerfjord Kommune").filter(has_text=da("Unconfirmed so far"))
    expect(filled).to_have_count(0)
    # It has not begun: it is there to be read.
    expect(page.locator("a.pen")).to_have_count(0)

    page.goto(SYD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Klynge Syd")
    assert texts(page.locator("table.mx thead th")) == heads
    assert texts(page.locator("table.mx tbody")) == before
    page.goto(f"{SYD}opsaetning/efterfoelger/limfjorden/")
    expect(page.get_by_role("main")).to_contain_text("Rebild Kommune")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    expect(mariagerfjord).to_be_checked()
