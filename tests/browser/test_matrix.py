"""The matrix: who may edit which column, in place, in conflict, by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

MATRIX = "/klynger/syd/"
AUTHORITIES = [
    "Rebild Kommune",
    "Mariagerfjord Kommune",
    "Vesthimmerlands Kommune",
    "Region Nordjylland",
]
TEXT = "Faste pladser aftalt med et forsorgshjem"


def pen(page, number=1, authority="Rebild Kommune"):
    words = da("Edit proposal %(number)s, %(authority)s", number=number, authority=authority)
    return page.get_by_role("link", name=words, exact=True)


def cell(page):
    """The answer of Rebild to the first proposal."""
    return page.locator("table.mx tbody tr:has(th .n:text-is('1')) td").first


def editor(page):
    return page.locator("form.cellform")


def save(page):
    editor(page).get_by_role("button", name=da("Save and confirm")).click()


def test_coordinator_edits_a_cell_in_place(open_as):
    page = open_as("koordinator", MATRIX)
    pen(page).click()
    expect(editor(page).locator("select[name=state]")).to_be_focused()
    editor(page).locator("select[name=state]").select_option("established")
    editor(page).locator("[name=l0-text]").fill(TEXT)
    save(page)
    expect(editor(page)).to_have_count(0)
    expect(cell(page)).to_contain_text(TEXT)
    expect(cell(page).locator(".state")).to_have_text(da("Established"))
    expect(pen(page)).to_be_focused()
    expect(page.locator("#mx-status")).to_contain_text(da("Saved."))
    assert page.url.endswith(MATRIX)
    page.reload()
    expect(cell(page)).to_contain_text(TEXT)


def test_the_hospital_cell_spans_three_proposals(open_as):
    page = open_as("koordinator", MATRIX)
    expect(page.locator("table.mx thead th")).to_have_count(5)
    expect(page.locator("table.mx th .n")).to_have_text([str(number) for number in range(1, 10)])
    expect(page.locator("td[rowspan='3']")).to_have_attribute("data-n", "Region Nordjylland")


@pytest.mark.parametrize(
    ("who", "columns"),
    [("koordinator", AUTHORITIES), ("redaktoer", ["Rebild Kommune"]), ("laeser", [])],
)
def test_pens_are_where_one_may_edit(open_as, who, columns):
    page = open_as(who, MATRIX)
    cells = page.locator("table.mx td:has(a.pen)")
    found = {each.get_attribute("data-n") for each in cells.all()}
    assert found == set(columns)


@pytest.mark.parametrize(
    ("who", "authority", "status"),
    [
        ("redaktoer", "rebild", 200),
        ("redaktoer", "mariagerfjord", 403),
        ("laeser", "rebild", 403),
        ("medarbejder", "rebild", 404),
    ],
)
def test_the_address_alone_opens_nothing(open_as, who, authority, status):
    coordinator = open_as("koordinator", MATRIX)
    address = pen(coordinator).get_attribute("href")
    page = open_as(who, "/hjaelp/")
    assert page.goto(address.replace("/rebild/", f"/{authority}/")).status == status


def test_conflict_shows_both_versions_and_loses_none(open_as):
    first, second = open_as("redaktoer", MATRIX), open_as("koordinator", MATRIX)
    pen(first).click()
    editor(first).locator("[name=l0-text]").fill(TEXT)
    pen(second).click()
    editor(second).locator("[name=l0-text]").fill("Den andens svar")
    save(second)
    expect(cell(second)).to_contain_text("Den andens svar")
    save(first)
    panel = first.locator("form.clash")
    expect(panel.locator("h2")).to_be_focused()
    expect(panel).to_contain_text(TEXT)
    expect(panel).to_contain_text("Den andens svar")
    expect(panel).to_contain_text("Klyngetovholder, Klynge Syd")
    panel.get_by_role("button", name=da("Save the chosen one")).click()
    expect(cell(first)).to_contain_text(TEXT)
    second.reload()
    expect(cell(second)).to_contain_text(TEXT)


def test_merging_puts_both_versions_into_one_draft_that_asks_before_it_is_lost(open_as):
    first, second = open_as("redaktoer", MATRIX), open_as("koordinator", MATRIX)
    for page, text in ((first, TEXT), (second, "Den andens svar")):
        pen(page).click()
        editor(page).get_by_role("button", name=da("Add a line")).click()
        line = editor(page).locator("[name$=-text]").last
        expect(line).to_be_focused()
        line.fill(text)
    save(second)
    expect(cell(second)).to_contain_text("Den andens svar")
    save(first)
    panel = first.locator("form.clash")
    panel.get_by_role("button", name=da("Merge both into a new draft")).click()
    for text in (TEXT, "Den andens svar"):
        expect(editor(first).locator("textarea", has_text=text)).to_have_count(1)
    first.once("dialog", lambda asked: asked.dismiss())
    editor(first).locator("[data-cancel]").click()
    expect(editor(first)).to_have_count(1)
    save(first)
    for text in (TEXT, "Den andens svar"):
        expect(cell(first)).to_contain_text(text)


def test_by_keyboard_alone(open_as):
    page = open_as("redaktoer", MATRIX)
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        if pen(page).evaluate("pen => pen === document.activeElement"):
            break
    expect(pen(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor(page).locator("select[name=state]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor(page)).to_have_count(0)
    expect(pen(page)).to_be_focused()
    # The next stop is the next pen of the column, in the order in which it is read.
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
    following = da("Edit proposal %(number)s, %(authority)s", number=2, authority="Rebild Kommune")
    assert following in stops


def test_a_wrong_date_is_pointed_at_in_the_cell(open_as):
    page = open_as("redaktoer", MATRIX)
    pen(page).click()
    editor(page).locator("select[name=state]").select_option("planned")
    editor(page).locator("[name=state_from]").fill("31-02-2026")
    save(page)
    field = editor(page).locator("[name=state_from]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("31-02-2026")


def test_without_javascript(open_as):
    page = open_as("redaktoer", MATRIX, java_script_enabled=False)
    pen(page).click()
    assert "/felt/" in page.url
    editor(page).locator("[name=l0-text]").fill(TEXT)
    save(page)
    assert f"{MATRIX}#" in page.url
    expect(cell(page)).to_contain_text(TEXT)
