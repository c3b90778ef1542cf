"""A session that has run out, on a phone: the note takes room of its own, no word is squeezed."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 780}}
# Words that stand letter by letter.
SQUEEZED = """() => [...document.querySelectorAll('main *')].filter((one) => {
  const text = (node) => node.nodeType === 3 && node.data.trim().length > 3;
  const own = [...one.childNodes].some(text);
  const { width, height } = one.getBoundingClientRect();
  return own && width > 1 && width < 24 && height > 60 && !one.closest('.vh');
}).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize(
    ("who", "key", "pressed"),
    [
        ("medarbejder", "initiatives:log", ".tap--done button.lnk"),
        ("medarbejder", "initiatives:log", ".tap--done a[hx-get]"),
        ("leder", "initiatives:plan", ".plans__do a[hx-get]"),
        ("leder", "initiatives:meeting", ".tools a[hx-get], .tools button"),
        ("leder", "initiatives:initiative", "section header a[hx-get]"),
        ("leder", "initiatives:types", ".types__do button:not(:disabled)"),
        ("koordinator", "clusters:matrix", "td > .pen"),
    ],
)
def test_the_note_squeezes_nothing(open_as, prepared, who, key, pressed):
    page = open_as(who, prepared.paths[f"{who} {key}"], **PHONE)
    page.context.clear_cookies(name="sessionid")
    page.locator(pressed).locator("visible=true").first.click()
    expect(
        page.get_by_text(da("You have been logged out. What you have written is still here."))
    ).to_be_visible()
    assert page.evaluate(SQUEEZED) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_box_that_is_not_ticked_is_empty_and_seen_in_the_dark(open_as):
    page = open_as("leder", "/botilbud/mosbjerghus/ugeplan/tilfoej/", color_scheme="dark")
    box = page.locator("[type=checkbox]:not(:checked):visible").first
    looks = box.evaluate(
        "(one) => { const { backgroundColor, borderTopColor, width } = getComputedStyle(one);"
        " const body = getComputedStyle(document.body).backgroundColor;"
        " return [backgroundColor, borderTopColor, width, body] }"
    )
    paper, line, width, body = looks
    assert paper == body
    assert line == "rgb(145, 139, 129)"
    assert width == "18px"
