"""The agenda on paper and in use: as a rule one page; in place with JavaScript, in full without."""

import re

import pytest
from playwright.sync_api import expect

from .words import da

pytestmark = pytest.mark.browser

MEETINGS = "/botilbud/mosbjerghus/moeder/"
PLAN = "/botilbud/mosbjerghus/ugeplan/"


def open_next_meeting(open_as, who="leder", **options):
    page = open_as(who, MEETINGS, **options)
    page.get_by_role("link", name=da("House meeting")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(da("Agenda"))
    return page


def printed_pages(page) -> int:
    pdf = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def ruled_lines(page) -> int:
    page.emulate_media(media="print")
    return page.locator(".write tbody tr:visible").count()


def test_the_agenda_is_one_page_with_lines_for_handwriting(open_as):
    page = open_next_meeting(open_as)
    assert ruled_lines(page) == 7
    assert page.locator(".slipped tbody tr:visible").count() == 2
    expect(page.get_by_role("heading", name=da("Any other business"))).to_be_visible()
    for hidden in ("header.top", "#write", ".tools", ".btn"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert printed_pages(page) == 1


def test_a_plan_that_slips_goes_on_the_agenda_with_one_click(open_as):
    page = open_as("medarbejder", PLAN)
    page.get_by_role("button", name=da("Put on the agenda")).filter(has_text="Kaffefri").click()
    link = page.get_by_role("link", name="Kaffefri eftermiddag").and_(page.locator(":focus"))
    link.click()
    item = page.locator("#items li", has_text="Kaffefri eftermiddag")
    expect(item).to_contain_text(da("Stalled"))
    expect(page.locator(".slipped")).not_to_contain_text("Kaffefri eftermiddag")


def test_decisions_are_typed_one_after_the_other_by_keyboard(open_as):
    page = open_next_meeting(open_as, "medarbejder")
    page.locator("#write textarea").focus()
    for number in (1, 2):
        page.keyboard.type(f"Beslutning {number}")
        page.keyboard.press("Tab")
        page.keyboard.type("Medarbejder på aftenvagt")
        page.keyboard.press("Enter")
        expect(page.locator("#decided li")).to_have_count(number)
        expect(page.locator("#write textarea")).to_be_focused()
        expect(page.locator("#write textarea")).to_have_value("")
    expect(page.locator("#said")).to_have_text(da("Saved."))


def test_following_up_in_place_tells_errors_and_gives_the_focus_back(open_as):
    page = open_next_meeting(open_as)
    row = page.locator("#open li").first
    row.get_by_role("link", name=da("Follow up")).click()
    row.get_by_text(da("Done"), exact=True).click()
    row.get_by_role("button", name=da("Save")).click()
    expect(page.locator("#error-summary")).to_be_focused()
    row.get_by_label(da("What came of it, or why it is dropped")).fill("Vi svømmer i Hirtshals")
    row.get_by_role("button", name=da("Save")).click()
    expect(row).to_contain_text("Vi svømmer i Hirtshals")
    expect(row.get_by_role("button", name=da("Open again"))).to_be_focused()
    row.get_by_role("button", name=da("Open again")).click()
    follow_up = row.get_by_role("link", name=da("Follow up"))
    expect(follow_up).to_be_focused()
    follow_up.click()
    expect(row.locator("form :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(row.get_by_role("link", name=da("Follow up"))).to_be_focused()


def test_all_of_it_works_without_javascript(open_as):
    page = open_next_meeting(open_as, java_script_enabled=False)
    page.locator("#write textarea").fill("Kakao i stedet for kaffe")
    page.locator("#write input[name=responsible_role]").fill("Medarbejder")
    page.get_by_role("button", name=da("Add decision")).click()
    row = page.locator("#decided li", has_text="Kakao")
    row.get_by_role("link", name=da("Correct")).click()
    page.locator("#decided textarea").fill("Te i stedet for kaffe")
    page.locator("#decided").get_by_role("button", name=da("Save")).click()
    row = page.locator("#decided li", has_text="Te i stedet")
    row.get_by_role("link", name=da("Correct")).click()
    page.locator("#decided").get_by_role("button", name=da("Remove")).click()
    expect(page.get_by_text(da("The decision was removed."))).to_be_visible()
    page.get_by_role("button", name=da("Undo")).click()
    expect(page.locator("#decided li", has_text="Te i stedet")).to_be_visible()
    page.get_by_role("link", name=da("Write wishes")).click()
    page.locator("#wishes textarea").fill("Gåture")
    page.locator("#wishes").get_by_role("button", name=da("Save")).click()
    expect(page.locator("#wishes")).to_contain_text("Gåture")
