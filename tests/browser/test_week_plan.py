"""The weekly plan and the week grid by keyboard, on a phone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

PLAN = "/botilbud/mosbjerghus/ugeplan/"
GRID = "/botilbud/mosbjerghus/uge/"
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}


def last_week(page):
    """All of its days have been."""
    week = page.locator(f"main nav a[href*='{GRID}']").first
    address = week.get_attribute("href")
    week.click()
    page.wait_for_url(f"**{address}")
    # The foot is the last of the form: the rows are there as well.
    expect(page.locator(".wg-foot")).to_be_visible()
    return page


def focused(page, what="id") -> str:
    return page.evaluate(f"document.activeElement.{what}")


def saved(number: int) -> re.Pattern:
    """So many fields, each new or corrected."""
    words = "|".join(da(f"%(number)s {word}")[11:] for word in ("registered", "corrected"))
    return re.compile(rf"{number} ({words})|1 ({words}), 1 ({words})")


def test_a_week_is_written_up_by_keyboard_alone(open_as):
    page = last_week(open_as("medarbejder", GRID))
    first = page.locator(".wg__in").first
    first.focus()
    start = focused(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == start
    first.fill("17")
    # The caret stands at the end: right goes on to the next cell, whose value is then selected.
    page.keyboard.press("ArrowRight")
    second = focused(page)
    page.keyboard.type("A")
    page.keyboard.press("Tab")
    assert focused(page, "name") == second.replace("c", "r", 1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert focused(page) != second
    page.keyboard.type("x")
    page.locator(".wg-foot button").press("Enter")
    # Two of the cells had a registration: that it gives way is asked about first.
    expect(page.locator("#error-summary")).to_be_focused()
    for yes in page.locator(".wg__yes input").all():
        yes.check()
    page.locator(".wg-foot button").press("Enter")
    expect(page.locator("#error-summary")).to_contain_text(saved(2))
    assert focused(page) == "error-summary"
    page.locator("#error-summary a").click()
    assert page.locator(".wg__in[aria-invalid=true]").count() == 1
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.locator(".wg-foot button").press("Enter")
    expect(page.locator("#messages")).to_contain_text(saved(1))
    assert focused(page, "textContent").strip() == da("Save the week")
    expect(page.locator(".wg__in").first).to_have_value("17")


def test_on_a_phone_one_day_at_a_time(open_as):
    page = last_week(open_as("medarbejder", GRID, **PHONE))
    page.locator("label:has(#dag-3)").tap()
    days = {td.get_attribute("data-d") for td in page.locator(".wg td:visible").all()}
    assert days == {"3"}
    cell = page.locator(".wg td.is-planned:visible .wg__in").first
    cell.fill("")
    reason = page.locator(".wg td.is-planned:visible .wg__why").first
    reason.select_option("weather")
    expect(cell).to_have_value("A")
    page.locator(".wg-foot button").tap()
    # A reason in place of a number that is registered: asked about beside the cell.
    page.locator(".wg__yes:visible input").check()
    page.locator(".wg-foot button").click()
    expect(page.locator("#messages")).to_contain_text(saved(1))
    expect(page.locator("#dag-3")).to_be_checked()


ROWS_SEEN = """() => {
  const foot = document.querySelector('.wg-foot').getBoundingClientRect().top;
  const rows = [...document.querySelectorAll('.wg tbody tr')];
  const boxes = rows.map((row) => row.getBoundingClientRect());
  return boxes.filter((box) => box.top >= 0 && box.bottom <= foot).length;
}"""


def test_a_phone_shows_four_rows_at_once_and_always_the_day(open_as):
    page = last_week(open_as("medarbejder", GRID, **PHONE))
    assert page.evaluate(ROWS_SEEN) >= 4
    page.mouse.wheel(0, 400)
    # Not wait_for_function: where it has to ask twice, the Content-Security-Policy refuses it.
    for _ in range(100):
        if page.evaluate("scrollY") > 300:
            break
        page.wait_for_timeout(20)
    assert page.evaluate("scrollY") > 300
    assert page.evaluate(ROWS_SEEN) >= 5
    expect(page.locator(".wg-days label").first).to_be_in_viewport(ratio=1)


def test_plan_and_grid_work_without_javascript(open_as):
    page = open_as("leder", PLAN, java_script_enabled=False)
    page.get_by_role("link", name=da("Add an activity")).click()
    page.locator("[name=activity_type]").select_option(index=1)
    page.locator("[name=title]").fill("Prøvetur")
    page.locator("label:has([name=weekdays][value='1'])").click()
    page.locator("main form .btn--go").click()
    row = page.locator(".plans > li", has_text="Prøvetur")
    expect(row).to_be_visible()
    row.get_by_role(
        "link", name=re.compile(f"^{da('Pause %(activity)s', activity='Prøvetur')}")
    ).click()
    page.locator("[name=reason]").fill("Ferie")
    page.locator("main form .btn--go").click()
    expect(page.locator(".plans > li", has_text="Prøvetur")).to_contain_text("Ferie")
    page.goto(GRID)
    last_week(page)
    page.locator(".wg__in:placeholder-shown").first.fill("21")
    page.locator(".wg-foot button").click()
    expect(page.locator("#messages")).to_contain_text(saved(1))


def test_escape_leaves_the_form_and_returns_to_its_line(open_as):
    page = open_as("leder", PLAN)
    line = page.locator(".plans > li").nth(1)
    name = line.locator("h3").inner_text().split(":")[-1].strip()
    line.get_by_role("link", name=da("Edit %(activity)s", activity=name)).click()
    expect(page.locator(".plan-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".plan-form")).to_have_count(0)
    assert name in focused(page, "ariaLabel")
