"""After every save in place a mark is seen where the eye is, and so is the way back."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 780}}
WIDE = {"viewport": {"width": 1280, "height": 900}}
sizes = pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
MARKS = ".saved, #messages .note.is-ok, p.said:not(:empty), .wg-foot .st.is-ok, #ny .note.is-ok"
# Whole in the window, and nothing lies over its middle.
IS_SEEN = """(one) => {
  const box = one.getBoundingClientRect();
  const on = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return box.height > 8 && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth
    && (one.contains(on) || on.contains(one)) && !on.closest('.pick, .wg-foot:not(:has(.st))');
}"""


def is_seen(page, selector, within=None):
    found = (within or page).locator(selector)
    expect(found.first).to_be_attached()
    for _try in range(20):  # The window may still be on its way to where the focus went.
        if any(found.nth(number).evaluate(IS_SEEN) for number in range(found.count())):
            return True
        page.wait_for_timeout(100)
    return False


@sizes
def test_a_cell(open_as, size):
    page = open_as("redaktoer", "/klynger/syd/", **size)
    page.on("dialog", lambda dialog: dialog.accept())
    cell = page.locator("td[data-n='Rebild Kommune']:has(.eff li)").first
    cell = page.locator(f"#{cell.get_attribute('id')}")
    form = page.locator("form.cellform")
    cell.locator(".pen").click()
    form.get_by_role("button", name=da("Save and confirm")).last.click()
    expect(form).to_have_count(0)
    assert is_seen(page, MARKS, cell)
    cell.locator(".pen").click()
    form.locator("[name=l0-remove]").check()
    form.get_by_role("button", name=da("Save and confirm")).last.click()
    expect(form).to_have_count(0)
    assert is_seen(page, MARKS, cell)
    assert is_seen(page, f"button:has-text('{da('Undo')}')", cell)


@sizes
def test_a_section(open_as, size):
    page = open_as("leder", "/indsatser/", **size)
    page.get_by_role("link", name="KRAMS-indsats").first.click()
    section = page.locator("#oekonomi")
    section.locator("header a").click()
    section.get_by_role("button", name=da("Save")).last.click()
    expect(section.locator("form")).to_have_count(0)
    assert is_seen(page, MARKS)


@sizes
def test_settings(open_as, size):
    page = open_as("medarbejder", "/konto/indstillinger/", **size)
    page.locator("#besked button").click()
    page.wait_for_url("**#besked")
    assert is_seen(page, MARKS)


@sizes
def test_the_log(open_as, size):
    page = open_as("medarbejder", "/botilbud/mosbjerghus/registreringer/", **size)
    row = page.locator("li:has(> .tap--done)").nth(9)
    row = page.locator(f"#{row.get_attribute('id')}")
    row.get_by_role("link", name=da("Correct")).click()
    row.get_by_role("button", name=da("Save")).click()
    expect(row.locator("form.edit")).to_have_count(0)
    assert is_seen(page, MARKS, row)
    row.get_by_role("button", name=da("Remove")).click()
    expect(row.get_by_role("button", name=da("Undo"))).to_be_visible()
    assert is_seen(page, f"button:has-text('{da('Undo')}')", row)


@sizes
def test_the_week_grid(open_as, size):
    page = open_as("medarbejder", "/botilbud/mosbjerghus/uge/2026-W40/", **size)
    cell = page.locator(".wg .is-planned .wg__in:visible").first
    cell.fill("9" if cell.input_value() != "9" else "8")
    page.locator(".wg-foot button").click()
    expect(page.locator(".wg-foot .st.is-ok")).to_be_visible()
    assert is_seen(page, MARKS)


@sizes
def test_the_wishes_of_a_meeting(open_as, size):
    page = open_as("leder", "/botilbud/mosbjerghus/moeder/", **size)
    page.locator("main a[href^='/moeder/']").first.click()
    part = page.locator("#wishes")
    part.locator("header a").click()
    part.locator("textarea").fill("Flere ture til havet")
    part.get_by_role("button", name=da("Save")).click()
    expect(part.locator("form")).to_have_count(0)
    assert is_seen(page, MARKS)
