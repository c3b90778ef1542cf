"""The keyboard: the focus follows what is seen, is visible, reaches everything, is never lost."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

TODAY = "/botilbud/mosbjerghus/i-dag/"
MATRIX = "/klynger/syd/"
MOST_STOPS = 600
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 360, "height": 780}}
sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)

WATCH = (Path(__file__).parent / "focus.js").read_text()


def watch(page):
    # What was typed is asked about before it goes; here it may go.
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate(WATCH)
    return page


def walk(page):
    """Tab from the top of the page to its end."""
    watch(page)
    page.locator(".skip").first.focus()
    found = page.evaluate("stop()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        wrong = page.evaluate("stop()")
        if wrong is None:
            break
        found += wrong
    assert found == []
    assert page.evaluate("missed()") == []


def pen(page, number=1, authority="Rebild Kommune"):
    words = da("Edit proposal %(number)s, %(authority)s", number=number, authority=authority)
    return page.get_by_role("link", name=words, exact=True)


def press(page, target, key="Enter"):
    target.focus()
    page.keyboard.press(key)


def expect_focus_in(page, container):
    expect(container.locator(":focus")).to_have_count(1)
    assert page.evaluate("lost") == []


@sizes
@pytest.mark.parametrize(
    ("who", "path"),
    [("medarbejder", TODAY), ("leder", "/indsatser/"), ("koordinator", MATRIX)],
    ids=["today", "initiative", "matrix"],
)
def test_tab_goes_through_the_page_as_it_is_read(open_as, who, path, size):
    page = open_as(who, path, viewport=size, reduced_motion="reduce")
    if path == TODAY:
        press(page, page.locator(".tap summary").first)
        # The reasons take the focus a moment after they have opened.
        expect(page.locator(".tap details[open] input").first).to_be_focused()
    elif path == MATRIX:
        press(page, pen(page, 2))
        expect(page.locator("form.cellform select[name=state]")).to_be_focused()
    else:
        page.get_by_role("link", name="KRAMS-indsats").first.click()
        for section in ("#maalgruppe", "#oekonomi"):
            press(page, page.locator(f"{section} header a"))
            expect(page.locator(f"{section} form :focus")).to_have_count(1)
    walk(page)


def test_today_keeps_the_focus_where_one_works(open_as):
    page = watch(open_as("medarbejder", TODAY))
    waiting = page.locator(".taps > li:has(form.tap)")
    number = waiting.count()
    press(page, waiting.first.locator("button[value=held]"))
    expect(waiting).to_have_count(number - 1)
    row = page.locator("li:has(> .tap--done):has(:focus)")
    expect(row).to_have_count(1)
    row = page.locator(f"#{row.get_attribute('id')}")
    expect_focus_in(page, row)
    press(page, row.get_by_role("link", name=da("Correct")))
    expect(row.locator("[name=participant_count]")).to_be_visible()
    expect_focus_in(page, row)
    page.keyboard.press("Escape")
    expect(row.locator("[name=participant_count]")).to_have_count(0)
    expect_focus_in(page, row)
    press(page, row.get_by_role("button", name=da("Remove")))
    expect(waiting).to_have_count(number)
    undo = page.locator(".taps button:focus")
    expect(undo).to_contain_text(da("Undo"))
    page.keyboard.press("Enter")
    expect(waiting).to_have_count(number - 1)
    expect_focus_in(page, page.locator("li:has(> .tap--done)"))


def test_a_section_keeps_the_focus(open_as):
    page = open_as("leder", "/indsatser/")
    page.get_by_role("link", name="KRAMS-indsats").first.click()
    expect(page.locator("article.doc")).to_be_visible()
    watch(page)
    section = page.locator("#oekonomi")
    press(page, section.locator("header a"))
    expect(section.locator("form")).to_be_visible()
    expect_focus_in(page, section)
    amounts = section.locator("[name$=amount_dkk]")
    lines = amounts.count()
    press(page, section.get_by_role("button", name=da("Add another line")))
    expect(amounts).not_to_have_count(lines)
    expect_focus_in(page, section)
    amounts.last.fill("tolv")
    press(page, section.get_by_role("button", name=da("Save")))
    expect(page.locator("#error-summary")).to_be_focused()
    # Escape is the link "Cancel".
    page.keyboard.press("Escape")
    expect(section.locator("form")).to_have_count(0)
    expect_focus_in(page, section)
    press(page, section.locator("header a"))
    press(page, section.locator("[data-cancel]"))
    expect(section.locator("form")).to_have_count(0)
    expect_focus_in(page, section)
    press(page, section.locator("header a"))
    press(page, section.get_by_role("button", name=da("Save")))
    expect(section.locator("form")).to_have_count(0)
    expect_focus_in(page, section)


def test_the_matrix_keeps_the_focus(open_as):
    page = watch(open_as("koordinator", MATRIX))
    editor = page.locator("form.cellform")
    cell = page.locator("table.mx tbody tr:has(th .n:text-is('3')) td").first
    press(page, pen(page, 3))
    expect(editor.locator("select[name=state]")).to_be_focused()
    press(page, editor.get_by_role("button", name=da("Add a line")))
    expect(editor.locator("[name$=-text]:focus")).to_have_count(1)
    press(page, editor.locator("[data-cancel]"))
    expect(editor).to_have_count(0)
    expect(pen(page, 3)).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor.locator("select[name=state]")).to_be_focused()
    remove = editor.locator("[name=l0-remove]")
    press(page, remove, "Space")
    expect(remove).to_be_checked()
    press(page, editor.get_by_role("button", name=da("Save and confirm")))
    expect(editor).to_have_count(0)
    expect_focus_in(page, cell)
    press(page, cell.get_by_role("button", name=da("Undo")))
    expect(cell.get_by_role("button", name=da("Undo"))).to_have_count(0)
    expect_focus_in(page, cell)
    still = page.get_by_role("button", name=da("Still correct"))
    # The second holds an effort that has ended: it is refused, and says why.
    for authority, left in (("Mariagerfjord Kommune", 0), ("Vesthimmerlands Kommune", 1)):
        asked = page.locator(f"td[data-n='{authority}']").filter(has=still).first
        asked = page.locator(f"#{asked.get_attribute('id')}")
        press(page, asked.get_by_role("button"))
        expect(asked.locator(".err")).to_have_count(left)
        expect(asked.get_by_role("button")).to_have_count(left)
        expect_focus_in(page, asked)
