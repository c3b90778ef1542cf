"""However often forms are opened, saved and closed: no id stands twice, and no form opens twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

pytestmark = pytest.mark.browser

MATRIX = "/klynger/syd/"
DOUBLES = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


def settled(page):
    """Nothing is under way any more, and no id is there twice."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    page.wait_for_load_state()
    assert page.evaluate(DOUBLES) == []


def test_a_form_opens_once_and_no_id_stands_twice_after_any_swap(open_as):
    page = open_as("koordinator", MATRIX)
    page.on("dialog", lambda dialog: dialog.accept())
    notes = page.locator("#un-rebild, #un-mariagerfjord")
    add = page.get_by_role("link", name=da("Add a note"))
    cells, forms = page.locator("table.mx td:has(> .pen)"), page.locator("form.cellform")
    note_forms = page.locator("form[action*='uddybning']")
    for turn in range(10):
        # Two cells, two new notes and an old one stand open at once; each is asked for twice.
        for place in (turn % 4, 4 + turn % 3):
            pen = cells.nth(place).locator("> .pen")
            pen.dblclick()
            pen.click()
        expect(forms).to_have_count(2)
        expect(page.locator("form.cellform :focus")).to_have_count(1)
        for section in range(2):
            link = notes.nth(section).get_by_role("link", name=da("Add a note"))
            link.dblclick()
            expect(note_forms).to_have_count(section + 1)
            link.click()
            expect(note_forms.nth(section).locator("[name=heading]")).to_be_focused()
        settled(page)
        expect(note_forms).to_have_count(2)
        if turn == 0:
            page.locator(".list-n .pen").last.click()
            expect(note_forms).to_have_count(3)
            settled(page)
        # One is closed, the other refused and then closed.
        forms.first.get_by_role("link", name=da("Cancel")).click()
        expect(forms).to_have_count(1)
        forms.locator("[name=state]").select_option("not_filled")
        forms.locator("textarea[name$=-text]").last.fill("x")
        forms.get_by_role("button", name=da("Save and confirm")).click()
        expect(forms.locator(".note.is-err")).to_have_count(1)
        settled(page)
        forms.get_by_role("link", name=da("Cancel")).click()
        expect(forms).to_have_count(0)
        for _ in range(note_forms.count()):
            note_forms.first.get_by_role("link", name=da("Cancel")).click()
            settled(page)
        expect(note_forms).to_have_count(0)
        # Saved: a cell and a note.
        cells.nth(turn % 3).locator("> .pen").click()
        expect(forms).to_have_count(1)
        settled(page)
        forms.get_by_role("button", name=da("Save and confirm")).click()
        expect(forms.locator(".err")).to_have_count(0)
        expect(forms).to_have_count(0)
        settled(page)
        add.first.click()
        note_forms.locator("[name=heading]").fill(f"Uddybning {turn}")
        note_forms.locator("[name=text]").fill("Mere om det")
        note_forms.get_by_role("button", name=da("Save"), exact=True).click()
        expect(page.locator(".list-n", has_text=f"Uddybning {turn}")).to_have_count(1)
        settled(page)


def test_proposals_added_and_changed_leave_no_id_twice(open_as):
    page = open_as("koordinator", f"{MATRIX}opsaetning/forslag/")
    for turn in range(3):
        page.locator("[name=number]").fill(str(50 + turn))
        page.locator("[name=title]").fill(f"Nyt forslag {turn}")
        page.locator("[name=group]").select_option(index=1)
        page.get_by_role("button", name=da("Add"), exact=True).first.click()
        expect(page.locator("main")).to_contain_text(f"Nyt forslag {turn}")
        assert page.evaluate(DOUBLES) == []
        # The number is taken: refused with what was typed.
        page.locator("[name=number]").fill(str(50 + turn))
        page.locator("[name=title]").fill("Igen")
        page.get_by_role("button", name=da("Add"), exact=True).first.click()
        expect(page.locator("#error-summary")).to_be_visible()
        assert page.evaluate(DOUBLES) == []
        page.goto(f"{MATRIX}opsaetning/forslag/")
