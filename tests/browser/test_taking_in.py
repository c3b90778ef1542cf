"""A weekly plan from a spreadsheet and an initiative from Word, from the page to what was saved."""

import io

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_pages import ask_axe
from tests.browser.words import da

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
WAYS = {"js": {}, "no-js": {"java_script_enabled": False}, "phone": PHONE}
PLAN = "/botilbud/mosbjerghus/ugeplan/"
HEAD = "Aktivitetstype;Navn;Ugedage;Klokkeslæt;Første dag\r\n"
GOOD = HEAD + "Gåtur;Tur til havet;tirsdag, fredag;10.30;30.11.2026\r\n"
BAD = HEAD + "Gåtur;Tur til havet;hveranden dag;10.30;30.11.2026\r\n"


def choose(page, text: str, name: str, kind: str, content: bytes) -> None:
    file = {"name": name, "mimeType": kind, "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=text).click()


def look(page) -> None:
    """What no page of a GET shows is held to the same."""
    found = {}
    page.evaluate(Axe().axe_script)
    ask_axe(page, found)
    assert found == {}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_plan_is_corrected_then_taken_in(open_as, way):
    page = open_as("leder", PLAN, **way)
    page.get_by_role("link", name=da("Take in from a spreadsheet")).click()
    show = da("Show what it would do")
    choose(page, show, "plan.csv", "text/csv", BAD.encode())
    expect(page.locator(".note.is-err")).to_be_visible()
    expect(page.locator("main table")).to_contain_text("hveranden dag")
    if way == {}:
        look(page)
    choose(page, show, "plan.csv", "text/csv", GOOD.encode())
    expect(page.locator("main table")).to_contain_text("Tur til havet")
    if way == {}:
        look(page)
    page.get_by_role("button", name=da("Take it in"), exact=True).click()
    expect(page).to_have_url(page.url.split("/botilbud")[0] + PLAN)
    expect(page.locator("main")).to_contain_text("Tur til havet")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_an_initiative_is_written_in_word_and_taken_in(open_as, way):
    page = open_as("leder", "/indsatser/", **way)
    page.get_by_role("link", name="KRAMS-indsats").first.click()
    address = page.url.split("#")[0]
    paper = page.request.get(address.rstrip("/") + ".docx").body()
    file = docx.Document(io.BytesIO(paper))
    cell = file.tables[0].rows[3].cells[1]
    cell.paragraphs[0].runs[0].text = "Et liv, som man selv er herre over."
    output = io.BytesIO()
    file.save(output)
    page.get_by_role("link", name=da("Take in from Word")).click()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    choose(page, da("Show what it says"), "indsats.docx", kind, output.getvalue())
    expect(page.get_by_role("button", name=da("Save what is to be taken in"))).to_be_visible()
    expect(page.locator("main")).to_contain_text("selv er herre over")
    if way == {}:
        look(page)
    page.get_by_role("button", name=da("Save what is to be taken in")).click()
    expect(page).to_have_url(address)
    expect(page.locator("#formaal .prose")).to_contain_text("Et liv, som man selv er herre over.")


def test_a_preview_fits_a_small_window(open_as):
    page = open_as("leder", PLAN + "indlaes/")
    choose(page, da("Show what it would do"), "plan.csv", "text/csv", GOOD.encode())
    expect(page.locator("main table")).to_contain_text("Tur til havet")
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
