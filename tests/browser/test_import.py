"""A table is pasted or a document handed in, gone through, taken in, and undone as one."""

import io

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

SYD = "/klynger/syd/"
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
WAYS = {"js": {}, "no-js": {"java_script_enabled": False}, "phone": PHONE}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
NEW = "Åbent værksted om mandagen"
TABLE = """<table><tr><td>Forslag</td><td>Rebild</td></tr>
<tr><td>7</td><td rowspan=2><ul><li>Åbent værksted om mandagen</li></ul></td></tr>
<tr><td>8</td></tr></table>"""


def document() -> bytes:
    """What a municipality sends: a new answer, and one that says what stands there."""
    file, output = docx.Document(), io.BytesIO()
    rows = [["Forslag", "Rebild"], ["7", f"Etableret\n{NEW}"], ["8", "Ingen pladser endnu"]]
    table = file.add_table(len(rows), 2)
    for cells, row in zip(rows, table.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=True):
            cell.text = text
    file.save(output)
    return output.getvalue()


def press(page, words: str, **values):
    name = da(words, **values)
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


@every_way
def test_a_document_is_taken_in_and_undone(open_as, way):
    page = open_as("koordinator", f"{SYD}opsaetning/", **way)
    press(page, "Take in a document")
    sent = {"name": "svar.docx", "mimeType": "application/octet-stream", "buffer": document()}
    page.locator("[name=file]").set_input_files(sent)
    press(page, "Read it")
    expect(page.get_by_role("heading", level=1)).to_have_text("svar.docx")
    cells = page.locator("article")
    expect(cells).to_have_count(2)
    cells.first.get_by_role("button", name=da("Accept")).click()
    expect(cells.first).to_contain_text(da("Accepted"))
    if way.get("java_script_enabled", True):
        # Whoever goes by keyboard goes on where the button was.
        expect(cells.first.locator("h3")).to_be_focused()
    expect(page.locator("#intake-counts")).to_contain_text("1")
    cells.last.get_by_role("button", name=da("Skip")).click()
    expect(cells.last).to_contain_text(da("Skipped"))
    if way is PHONE:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "Take in what is accepted")
    expect(page.locator("#messages")).to_contain_text(da("What was accepted is taken in."))
    draft = page.url
    page.goto(f"{SYD}?vis=rebild")
    expect(page.locator("table.mx")).to_contain_text(NEW)
    page.goto(draft)
    press(page, "Undo the whole import")
    expect(page.get_by_role("main")).to_contain_text(da("Undone"))
    page.goto(f"{SYD}?vis=rebild")
    expect(page.locator("table.mx")).not_to_contain_text(NEW)


def test_what_the_clipboard_knows_of_joined_cells_goes_along(open_as):
    page = open_as("redaktoer", f"{SYD}?vis=rebild")
    press(page, "Paste answers from a table")
    page.locator("[name=table]").focus()
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData('text/html', html); data.setData('text/plain', 'Forslag\\tRebild');
          const field = document.querySelector('[name=table]');
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        }""",
        f"<html><body>{TABLE}</body></html>",
    )
    # The browser writes the text itself where somebody really pastes.
    page.evaluate("document.querySelector('[name=table]').value = 'Forslag\\tRebild'")
    expect(page.locator("[name=html]")).to_have_value(TABLE)
    press(page, "Read it")
    expect(page.locator("article h3")).to_contain_text("7")
    expect(page.locator("article h3")).to_contain_text("8")
    expect(page.locator("article")).to_contain_text(NEW)
