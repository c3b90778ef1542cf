"""An edition is frozen, read, compared with what came after it, and withdrawn; never edited."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

SYD = "/klynger/syd/"
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
WAYS = {"js": {}, "no-js": {"java_script_enabled": False}, "phone": PHONE}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
REASON = "Forkert dato på forsiden"
OLD = "Ingen specifikke pladser; ved behov laves en løsning til den enkelte"
NEW = "To specifikke pladser; ved behov laves en løsning til den enkelte"


def press(page, words: str, **values):
    name = da(words, **values)
    main = page.get_by_role("main")
    target = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first
    target.focus()
    page.keyboard.press("Enter")


def freeze(page, number: int, title: str):
    page.goto(f"{SYD}udgaver/frys/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=meeting]").fill("Politisk klyngemøde")
    page.locator("[name=meeting_on]").fill("01.12.2026")
    press(page, "Freeze edition %(number)s", number=number)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert page.url.endswith(f"{SYD}udgaver/{number}/")


def change_the_first_cell(page):
    page.goto(SYD)
    words = da("Edit proposal %(number)s, %(authority)s", number=1, authority="Rebild Kommune")
    page.get_by_role("link", name=words, exact=True).click()
    form = page.locator("form.cellform")
    expect(form.locator("[name=l0-text]")).to_have_value(OLD)
    form.locator("[name=l0-text]").fill(NEW)
    form.get_by_role("button", name=da("Save and confirm")).click()
    expect(form).to_have_count(0)
    expect(page.locator("table.mx tbody td").first).to_contain_text(NEW)


def expect_the_words_that_differ(page):
    """One answer, of it the words that changed and no others; and one line for the agenda."""
    changed = page.locator("div.diff")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("Rebild Kommune")
    expect(changed.locator("del")).to_have_text(["Ingen"])
    expect(changed.locator("ins")).to_have_text(["To"])
    short = page.get_by_role("region", name=da("In short, for the agenda")).get_by_role("listitem")
    expect(short).to_have_count(1)
    expect(short).to_contain_text("Rebild Kommune")


def expect_nothing_to_edit(page):
    main = page.get_by_role("main")
    expect(main.locator("table.mx")).to_be_visible()
    for way_in in ("form", "input", "select", "textarea", "a.pen", "[hx-post]", "[hx-get]"):
        expect(main.locator(way_in)).to_have_count(0)
    # Prints, and nothing else.
    expect(main.locator("button:not([data-print])")).to_have_count(0)


@every_way
def test_from_freezing_to_withdrawing(open_as, way):
    page = open_as("koordinator", f"{SYD}udgaver/", **way)
    press(page, "Freeze an edition")
    expect(page.locator("[name=title]")).to_be_visible()
    freeze(page, 2, "Status før vintermødet")
    expect_nothing_to_edit(page)
    expect(page.locator("table.mx")).to_contain_text(OLD)
    frozen = page.locator("table.mx").inner_text()

    change_the_first_cell(page)
    page.goto(f"{SYD}udgaver/2/")
    assert page.locator("table.mx").inner_text() == frozen
    press(page, "What has changed since")
    expect_the_words_that_differ(page)

    freeze(page, 3, "Rettet status")
    expect(page.locator("table.mx")).to_contain_text(NEW)
    page.goto(f"{SYD}udgaver/")
    page.locator("[name=fra]").select_option("2")
    page.locator("[name=til]").select_option("3")
    press(page, "Show differences")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3")
    expect_the_words_that_differ(page)
    page.locator("[name=myndighed]").select_option("mariagerfjord")
    press(page, "Show differences")
    expect(page.get_by_text(da("The two say the same."))).to_be_visible()

    page.goto(f"{SYD}udgaver/2/")
    press(page, "Withdraw")
    press(page, "Withdraw the edition")
    expect(page.locator("[name=reason]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=reason]").fill(REASON)
    page.locator("[name=reason]").press("Enter")
    expect(page.locator(".note.is-err")).to_contain_text(REASON)
    assert page.locator("table.mx").inner_text() == frozen
    expect_nothing_to_edit(page)
    expect(page.get_by_role("link", name=da("Withdraw"), exact=True)).to_have_count(0)

    reader = open_as("laeser", f"{SYD}udgaver/", **way)
    listed = reader.locator(".list--editions > li", has_text="Status før vintermødet")
    expect(listed.locator(".tag.is-err")).to_be_visible()
    listed.get_by_role("link").first.click()
    expect(reader.locator(".note.is-err")).to_contain_text(REASON)
    expect_nothing_to_edit(reader)


def test_a_reader_freezes_and_withdraws_nothing(open_as):
    page = open_as("laeser", f"{SYD}udgaver/")
    expect(page.get_by_role("link", name=da("Freeze an edition"))).to_have_count(0)
    for path in ("frys/", "1/traek-tilbage/"):
        assert page.goto(f"{SYD}udgaver/{path}").status == 403
    token = {"X-CSRFToken": "a" * 32}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = page.request.fetch(f"{SYD}udgaver/1/", method=method, headers=token)
        assert answer.status in (403, 405), method
