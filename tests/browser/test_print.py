"""On paper: everything that stands on the page, no blank sheet, nothing cut, no message."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

PAGES = {
    "agenda": ("leder", "leder initiatives:meeting"),
    "weekly plan": ("leder", "leder initiatives:plan"),
    "week grid": ("medarbejder", "medarbejder initiatives:grid"),
    "check": ("medarbejder", "medarbejder initiatives:rhythm"),
    "log": ("medarbejder", "medarbejder initiatives:log"),
    "initiative": ("leder", "leder initiatives:initiative"),
    "overview": ("leder", "leder initiatives:overview"),
    "matrix": ("koordinator", "koordinator clusters:matrix"),
    "edition": ("laeser", "laeser clusters:edition"),
}
# What shows less than it holds.
CUT = """() => [...document.querySelectorAll('main *')].filter((one) => {
  const { overflowX, overflowY } = getComputedStyle(one), cuts = /hidden|clip|auto|scroll/;
  const isCut = (cuts.test(overflowX) && one.scrollWidth > one.clientWidth + 1)
    || (cuts.test(overflowY) && one.scrollHeight > one.clientHeight + 1);
  return isCut && one.clientWidth > 1 && !one.closest('.vh');
}).map((one) => one.outerHTML.slice(0, 120))"""


def sheets(page) -> list[int]:
    """How many times each sheet writes something."""
    pdf = page.pdf(prefer_css_page_size=True)
    found = []
    for number in re.findall(rb"/Contents (\d+) 0 R", pdf):
        start = re.search(rb"\n" + number + rb" 0 obj\s*<<(.*?)>>\s*stream\r?\n", pdf, re.S)
        length = int(re.search(rb"/Length (\d+)", start[1])[1])
        drawn = pdf[start.end() : start.end() + length]
        drawn = zlib.decompress(drawn) if b"Flate" in start[1] else drawn
        found.append(len(re.findall(rb"T[jJ]\b", drawn)))
    return found


def on_paper(page):
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_no_sheet_is_blank_and_nothing_is_cut(open_as, prepared, name):
    who, key = PAGES[name]
    path = next(path for page, path in prepared.paths.items() if page.startswith(key))
    page = open_as(who, path)
    written = sheets(page)
    assert written
    assert 0 not in written
    assert on_paper(page).evaluate(CUT) == []
    expect(page.locator("h1")).to_be_visible()


def test_an_agenda_is_printed_whole_with_its_minutes(open_as, prepared):
    page = open_as("leder", prepared.paths["leder initiatives:meeting"], java_script_enabled=False)
    texts = {"#wishes": "Vi vil ud.\n" * 130 + "Den sidste linje", "#minutes": "Vi blev enige."}
    for part, text in texts.items():
        page.locator(f"{part} header a").click()
        page.locator(f"{part} textarea").fill(text)
        page.locator(part).get_by_role("button", name=da("Save")).click()
    for number in range(12):
        page.locator("#put input[name=text]").fill(f"Punkt {number}: " + "BRED TEKST " * 20)
        page.get_by_role("button", name=da("Add item")).click()
    page.emulate_media(media="screen")
    rows = page.locator(".agenda :is(.list > li, .slipped tbody tr)")
    seen = rows.count()
    on_paper(page)
    assert page.locator(".agenda :is(.list > li, .slipped tbody tr):visible").count() == seen > 12
    for part, text in texts.items():
        expect(page.locator(part)).to_contain_text(text.split("\n")[-1])
        expect(page.locator(part)).to_be_visible()
    expect(page.locator("#said")).to_be_hidden()


def test_a_message_is_not_printed(open_as):
    page = open_as("medarbejder", "/konto/indstillinger/", java_script_enabled=False)
    page.locator("#besked button").click()
    expect(page.locator("#messages .note")).to_be_visible()
    expect(on_paper(page).locator("#messages .note")).to_be_hidden()


def test_links_are_printed_with_their_address(open_as):
    page = on_paper(open_as("", "/privatliv/"))
    after = "one => getComputedStyle(one, '::after').content"
    assert "datatilsynet.dk" in page.locator("main a[href^=http]").last.evaluate(after)


def test_the_reasons_of_a_week_are_whole(open_as):
    page = open_as("medarbejder", "/botilbud/mosbjerghus/uge/2026-W46/")
    on_paper(page)
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    reasons = page.locator(".wg__why:visible")
    assert reasons.count() > 0
    assert reasons.evaluate_all(cut) == 0
    # None reaches into the next column.
    wide = "(all) => all.filter((one) => one.offsetWidth > one.parentElement.clientWidth).length"
    page.set_viewport_size({"width": 1047, "height": 700})
    assert reasons.evaluate_all(wide) == 0
