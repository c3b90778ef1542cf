"""An editor confirms, the coordinator sees what is not confirmed and asks for it by e-mail."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TODAY
from tests.browser.words import da, da_count

pytestmark = pytest.mark.browser

SYD = "/klynger/syd/"
OLD = f"{SYD}?vis=rebild&gammel=1"
# One answer is more than Rebild is asked for: proposal 5 concerns general practice.
ANSWERS, AWAITED = 6, 5
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
WAYS = {"js": {}, "no-js": {"java_script_enabled": False}, "phone": PHONE}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@pytest.fixture
def coordinator(open_as, way):
    """The coordinator lets answers count for a month: then those of Rebild are too old."""
    page = open_as("koordinator", f"{SYD}opsaetning/", **way)
    page.locator("[name=confirmation_interval_months]").fill("1")
    page.locator("[name=confirmation_interval_months]").press("Enter")
    expect(page.locator("#messages")).to_contain_text(da("Saved."))
    page.goto(f"{SYD}bekraeftelser/")
    return page


def row(page, authority="Rebild Kommune"):
    return page.locator("table.asked tbody tr", has_text=authority)


def today() -> str:
    return f"{TODAY:%d.%m.%Y}"


@every_way
def test_an_editor_confirms_a_cell_and_then_the_column(open_as, way, coordinator):
    expect(row(coordinator)).to_contain_text(str(AWAITED))
    page = open_as("redaktoer", OLD, **way)
    buttons = page.get_by_role("button", name=da("Still correct"))
    expect(buttons).to_have_count(AWAITED)
    cell = page.locator("table.mx tbody td").first
    first = page.locator(f"#{cell.get_attribute('id')}")
    buttons.first.focus()
    page.keyboard.press("Enter")
    expect(buttons).to_have_count(AWAITED - 1)
    if way.get("java_script_enabled", True):
        expect(first).to_contain_text(da("Confirmed %(date)s", date=today()))
        expect(page.locator("#mx-status")).to_contain_text(today())
        expect(first.locator(":focus")).to_have_count(1)
    column = page.get_by_role(
        "button",
        name=da_count(
            "Confirm the whole column (%(number)s answer)",
            "Confirm the whole column (%(number)s answers)",
            ANSWERS,
        ),
    )
    column.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Rebild Kommune")
    expect(buttons).to_have_count(0)
    page.goto(f"{SYD}?vis=rebild")
    confirmed = page.locator("table.mx td .fresh", has_text=today())
    expect(confirmed).to_have_count(ANSWERS)
    coordinator.reload()
    expect(row(coordinator)).to_contain_text(da("Nothing waits"))


@pytest.mark.parametrize("way", [{}])
def test_an_editor_finds_what_the_coordinator_asks_for_and_not_the_page_that_asks(
    open_as, way, coordinator
):
    page = open_as("redaktoer", SYD)
    expect(page.get_by_role("link", name=da("Confirmations"))).to_have_count(0)
    assert page.goto(f"{SYD}bekraeftelser/").status == 403
    # The address of the letter.
    page.goto(OLD)
    expect(page.get_by_role("button", name=da("Still correct"))).to_have_count(AWAITED)
