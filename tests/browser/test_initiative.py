"""A manager edits a section in place, sees who changed what, and opens the overview."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

DEPARTMENT = "socialpsykiatrien-omraadet-for-udsatte-grupper"
OVERVIEW = f"/afdelinger/{DEPARTMENT}/overblik/"
TEXT = "Sunde valg skal være en del af hverdagen, også i weekenden."


def open_initiative(open_as, who="leder", **options):
    page = open_as(who, "/indsatser/", **options)
    page.get_by_role("link", name="KRAMS-indsats").first.click()
    expect(page.locator("h1")).to_contain_text("KRAMS")
    return page


def edit(page):
    """Opens the section on the purpose; gives the section and its text field."""
    section = page.locator("#formaal")
    section.get_by_role("link", name=da("Edit %(section)s", section=da("Purpose"))).click()
    return section, page.locator("textarea[name=formaal-purpose]")


def test_reads_as_a_document_with_ten_sections_and_five_factors(open_as):
    page = open_initiative(open_as)
    expect(page.locator("article.doc > section")).to_have_count(10)
    expect(page.locator("#beskrivelse .tile")).to_have_text(list("KRAMS"))


def test_edits_a_section_in_place_and_sees_who_changed_what(open_as):
    page = open_initiative(open_as)
    address = page.url
    section, field = edit(page)
    expect(field).to_be_focused()
    field.fill(TEXT)
    section.get_by_role("button", name=da("Save")).click()
    expect(section.locator(".prose")).to_contain_text(TEXT)
    expect(section.locator("a:focus")).to_have_text(da("Edit"))
    assert page.url == address
    expect(page.locator("#last-saved")).to_contain_text("Leder, Socialpsykiatrien")
    page.get_by_role("link", name=da("See the changes")).click()
    expect(page.locator("main")).to_contain_text("Leder, Socialpsykiatrien")
    expect(page.locator("main ins").first).to_be_visible()
    expect(page.locator("main del").first).to_be_visible()


def test_escape_leaves_the_section_as_it_was(open_as):
    page = open_initiative(open_as)
    before = page.locator("#formaal .prose").inner_text()
    section, field = edit(page)
    field.fill("Noget andet")
    page.on("dialog", lambda dialog: dialog.accept())
    field.press("Escape")
    expect(section.locator(".prose")).to_have_text(before, use_inner_text=True)
    expect(section.locator("a:focus")).to_have_text(da("Edit"))


def test_two_managers_lose_nothing(open_as):
    first, second = open_initiative(open_as), open_initiative(open_as, "admin")
    _, mine = edit(first)
    theirs_section, theirs = edit(second)
    theirs.fill("Den andens tekst.")
    theirs_section.get_by_role("button", name=da("Save")).click()
    expect(theirs_section.locator(".prose")).to_contain_text("Den andens tekst.")
    mine.fill(TEXT)
    section = first.locator("#formaal")
    section.get_by_role("button", name=da("Save")).click()
    panel = section.locator(".clash")
    expect(panel).to_contain_text("Den andens tekst.")
    expect(panel).to_contain_text(TEXT)
    expect(panel).to_contain_text("Administrator")
    expect(panel.locator("h3")).to_be_focused()
    section.get_by_role("button", name=da("Save my text")).click()
    expect(section.locator(".prose")).to_contain_text(TEXT)


def test_a_reader_finds_no_pen(open_as):
    page = open_initiative(open_as, "laeser")
    expect(page.locator("article.doc > section")).to_have_count(10)
    expect(page.locator("article.doc header a")).to_have_count(0)


def test_overview_has_five_criteria_with_a_status_for_each_facility(open_as):
    page = open_as("leder", OVERVIEW)
    table = page.locator("table.over:has([id^=kriterium-])")
    expect(table.locator("thead th")).to_have_count(6)
    rows = table.locator("tbody tr:not(.total)")
    assert rows.count() >= 3
    for row in rows.all():
        expect(row.locator("td")).to_have_count(5)
        for cell in row.locator("td").all():
            assert cell.inner_text().strip()


def test_without_javascript(open_as):
    page = open_initiative(open_as, java_script_enabled=False)
    _, field = edit(page)
    assert "/rediger/formaal/" in page.url
    field.fill(TEXT)
    page.get_by_role("button", name=da("Save")).click()
    assert page.url.endswith("#formaal")
    expect(page.locator("#formaal .prose")).to_contain_text(TEXT)
    page.goto(OVERVIEW)
    expect(page.locator("table.over:has([id^=kriterium-])")).to_be_visible()
