"""One rule for all forms: what somebody typed is never lost silently."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_initiative import edit, open_initiative
from tests.browser.words import da

pytestmark = pytest.mark.browser

SENT = "**/botilbud/mosbjerghus/uge/**"
LOST = "What you have written is not saved. Go on without it?"
OUT = "You have been logged out. What you have written is still here."
NO_ANSWER = "The portal did not answer. What you have written is still here."


class Asked:
    """Answers every question of a page with ``answer`` and keeps them."""

    def __init__(self, page, *, answer: bool = False):
        self.questions = []
        self.answer = answer
        page.on("dialog", self.reply)

    def reply(self, dialog):
        self.questions.append((dialog.type, dialog.message))
        dialog.accept() if self.answer else dialog.dismiss()


@pytest.fixture
def week(open_as):
    """Last week's grid: every day of it has been."""
    page = open_as("medarbejder", "/botilbud/mosbjerghus/uge/")
    before = page.url
    page.locator(".head nav a").first.click()
    page.wait_for_url(lambda url: url != before)
    return page


@pytest.fixture
def cell(week):
    empty = week.locator(".wg__in:placeholder-shown").first
    cell = week.locator(f"#{empty.get_attribute('id')}")
    cell.fill("7")
    return cell


@pytest.fixture
def section(open_as):
    page = open_initiative(open_as)
    _section, field = edit(page)
    field.fill("Et helt afsnit, som nogen har brugt tid på.")
    return page, field


def in_view(page, note) -> bool:
    box, height = note.bounding_box(), page.viewport_size["height"]
    return box["y"] >= 0 and box["y"] + box["height"] <= height


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("answer", "words"),
    [(None, NO_ANSWER), (500, NO_ANSWER), (503, NO_ANSWER), (401, OUT)],
)
def test_the_week_says_where_the_eye_is_that_it_was_not_saved(week, cell, answer, words, width):
    week.set_viewport_size({"width": width, "height": 640})
    week.route(
        SENT,
        lambda route: (
            route.continue_()
            if route.request.method != "POST"
            else route.fulfill(status=answer)
            if answer
            else route.abort()
        ),
    )
    week.get_by_role("button", name=da("Save the week")).click()
    note = week.get_by_role("alert")
    expect(note).to_contain_text(da(words))
    assert in_view(week, note)
    expect(cell).to_have_value("7")


def test_a_log_in_that_ran_out_is_told_in_the_week(week, cell):
    week.context.clear_cookies(name="sessionid")
    week.get_by_role("button", name=da("Save the week")).click()
    note = week.get_by_role("alert")
    expect(note).to_contain_text(da(OUT))
    assert in_view(week, note)
    expect(cell).to_have_value("7")


def test_another_week_or_page_asks_first(week, cell):
    asked, here = Asked(week), week.url
    for link in (week.locator(".head nav a").first, week.locator("header.top a").first):
        link.click()
        week.wait_for_timeout(200)
        assert week.url == here
        expect(cell).to_have_value("7")
    assert [kind for kind, _text in asked.questions] == ["beforeunload"] * 2
    asked.answer = True
    week.locator(".head nav a").first.click()
    week.wait_for_url(lambda url: url != here)


def test_what_is_put_back_or_saved_is_not_asked_about(week, cell):
    asked = Asked(week)
    week.get_by_role("button", name=da("Save the week")).click()
    expect(week.locator(".wg-foot .is-ok")).to_be_visible()
    empty = week.locator(".wg__in:placeholder-shown").first
    other = week.locator(f"#{empty.get_attribute('id')}")
    other.fill("3")
    other.fill("")
    week.locator(".head nav a").first.click()
    week.wait_for_load_state()
    assert asked.questions == []


def test_escape_and_cancel_ask_before_a_section_is_left(section):
    page, field = section
    asked = Asked(page)
    field.press("Escape")
    page.locator("form.edit [data-cancel]").click()
    expect(field).to_have_value("Et helt afsnit, som nogen har brugt tid på.")
    assert asked.questions == [("confirm", da(LOST))] * 2
    page.locator("header.top a").first.click()
    page.wait_for_timeout(200)
    assert asked.questions[2][0] == "beforeunload"
    expect(field).to_be_visible()
    asked.answer = True
    field.press("Escape")
    expect(field).to_have_count(0)


def test_an_unchanged_section_closes_at_once(section):
    page, field = section
    field.fill(field.evaluate("field => field.defaultValue"))
    asked = Asked(page)
    field.press("Escape")
    expect(field).to_have_count(0)
    assert asked.questions == []


def test_what_was_refused_is_asked_about_too(section):
    page, field = section
    field.fill("CPR 010203-1234")
    page.locator("form.edit .btn--go").last.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    asked = Asked(page)
    page.keyboard.press("Escape")
    page.locator("header.top a").first.click()
    page.wait_for_timeout(200)
    assert "beforeunload" in [kind for kind, _text in asked.questions]


@pytest.mark.parametrize("gone", ["offline", "session"])
def test_a_form_that_the_browser_sends_itself_stays_too(open_as, gone):
    page = open_as("medarbejder", "/botilbud/mosbjerghus/moeder/nyt/")
    place = page.locator("[name=place]")
    place.fill("Fællesstuen")
    if gone == "offline":
        page.context.set_offline(True)
    else:
        page.context.clear_cookies(name="sessionid")
    page.locator("main form .btn--go").click()
    note = page.get_by_role("alert")
    expect(note).to_contain_text(da(NO_ANSWER if gone == "offline" else OUT))
    assert in_view(page, note)
    expect(place).to_have_value("Fællesstuen")


def test_a_form_that_the_browser_sends_itself_is_sent_without_a_question(open_as):
    page = open_as("medarbejder", "/botilbud/mosbjerghus/moeder/nyt/")
    asked = Asked(page)
    page.locator("[name=place]").fill("Fællesstuen")
    page.locator("[name=held_on]").fill("01.12.2026")
    page.locator("[name=kind]").first.check(force=True)
    page.locator("main form .btn--go").click()
    # Not the page of the form, which would tell that something is missing.
    page.wait_for_url(re.compile(r"/moeder/\d+/"))
    assert asked.questions == []
