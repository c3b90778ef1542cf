"""Staff on a phone: register, correct, remove, undo, in as few interactions as promised."""

import pytest
from playwright.sync_api import expect

from krams.management.commands.demo import PASSWORD
from tests.browser.words import da, participants

pytestmark = pytest.mark.browser

TODAY = "/botilbud/mosbjerghus/i-dag/"
PHONE = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


# The keystroke-level model (Card, Moran & Newell 1980, "The keystroke-level model for user
# performance time with interactive systems", CACM 23(7), 396-410): K = 0.5 s is a key of somebody
# who seeks each letter (an average typist who is no secretary needs 0.28 s), M = 1.35 s the thought
# before a step. Four steps: go to the form, choose the activity, say how many, save.
SECONDS, KEY, THOUGHT, STEPS = 15, 0.5, 1.35, 4
MOST_KEYS = int((SECONDS - STEPS * THOUGHT) / KEY)


class Keyboard:
    """Counts every key that is pressed; there is no mouse."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key: str, times: int = 1):
        for _time in range(times):
            self.count += 1
            self.page.keyboard.press(key)

    def focused(self, selector: str) -> bool:
        return self.page.locator(f"{selector}:focus").count() == 1


class Hand:
    """Counts what a person does: a tap, or writing in a field."""

    def __init__(self):
        self.count = 0

    def tap(self, target):
        self.count += 1
        target.tap() if self.touches(target) else target.click()

    def write(self, target, text: str):
        self.count += 1
        target.fill(text)

    @staticmethod
    def touches(target) -> bool:
        return target.page.evaluate("'ontouchstart' in window")


def first_waiting(page):
    """The first planned activity that is not registered yet, and its title."""
    row = page.locator(".taps > li:has(form.tap)").first
    row = page.locator(f"#{row.get_attribute('id')}")
    return row, row.locator("h3").inner_text().split(":")[-1].strip()


def registered(page, title: str, count: int):
    return page.locator(".tap--done", has_text=title).filter(has_text=participants(count))


def test_logs_in_and_registers_in_two_interactions(open_as):
    page = open_as("", "/", **PHONE)
    page.locator("#id_login").fill("medarbejder@demo.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(f"**{TODAY}")
    row, title = first_waiting(page)
    hand = Hand()
    hand.write(row.locator("[name=participant_count]"), "6")
    hand.tap(row.get_by_role("button", name=da("Held")))
    expect(registered(page, title, 6)).to_be_visible()
    assert hand.count == 2
    # The log beside it knows at once, a screen reader is told, and nothing was sent away.
    expect(page.locator("#latest li").filter(has_text=title).first).to_contain_text(participants(6))
    expect(page.locator("#messages")).to_contain_text(title)
    assert page.url.endswith(TODAY)


def test_stepper_counts_from_last_time(open_as):
    page = open_as("medarbejder", TODAY, **PHONE)
    row, title = first_waiting(page)
    field = row.locator("[name=participant_count]")
    before = int(field.input_value() or 0)
    hand = Hand()
    hand.tap(row.get_by_role("button", name=da("One more")))
    expect(field).to_have_value(str(before + 1))
    hand.tap(row.get_by_role("button", name=da("Held")))
    expect(registered(page, title, before + 1)).to_be_visible()
    assert hand.count == 2


def test_cancelled_needs_a_reason(open_as):
    page = open_as("medarbejder", TODAY, **PHONE)
    row, title = first_waiting(page)
    hand = Hand()
    hand.tap(row.locator("summary"))
    hand.tap(row.get_by_role("button", name=da("Save as cancelled")))
    expect(row.locator(".err").first).to_be_visible()
    hand.tap(row.locator(".chips label").first)
    hand.tap(row.get_by_role("button", name=da("Save as cancelled")))
    done = page.locator("li:has(.tap--done)", has_text=title).filter(has_text=da("Cancelled"))
    expect(done).to_be_visible()
    assert hand.count == 4


def test_unplanned_activity_is_registered_corrected_removed_and_brought_back(open_as):
    page = open_as("medarbejder", TODAY, **PHONE)
    form = page.locator("#ny form")
    chip = form.locator(".chips label:visible").last
    title = chip.inner_text().strip()
    hand = Hand()
    hand.tap(chip)
    hand.write(form.locator("[name=participant_count]"), "4")
    hand.tap(form.get_by_role("button", name=da("Register activity")))
    row = page.locator("#registered-list li").filter(has_text=title).first
    expect(row).to_contain_text(participants(4))
    assert hand.count == 3
    row = page.locator(f"#{row.get_attribute('id')}")

    row.get_by_role("link", name=da("Correct %(title)s", title=title)).click()
    expect(row.locator(":focus")).to_have_count(1)
    row.locator("[name=participant_count]").fill("8")
    row.get_by_role("button", name=da("Save")).click()
    expect(row).to_contain_text(participants(8))
    expect(row.locator("a:focus")).to_have_text(da("Correct"))

    row.get_by_role("button", name=da("Remove")).click()
    expect(row).not_to_contain_text(participants(8))
    row.get_by_role("button", name=da("Undo")).click()
    expect(row).to_contain_text(participants(8))

    row.get_by_role("button", name=da("Remove")).click()
    expect(row.locator(".removed")).to_be_visible()
    page.reload()
    expect(registered(page, title, 8)).to_have_count(0)


def test_any_activity_is_registered_by_keyboard_in_fifteen_seconds(open_as):
    page = open_as("medarbejder", TODAY)
    names = page.locator("#ny .chips label").all_text_contents()
    initials = [name.strip()[0].lower() for name in names]
    # The one that takes most keys: those before it begin with the same letter.
    needed = [initials[:number].count(initial) + 1 for number, initial in enumerate(initials)]
    worst = needed.index(max(needed))
    title = names[worst].strip()
    keys = Keyboard(page)
    keys.press("Tab", 2)
    keys.press("Enter")
    expect(page.locator("#ny-activity_type_0")).to_be_focused()
    keys.press(initials[worst], needed[worst])
    expect(page.locator("#ny .chips label", has=page.locator(":focus"))).to_have_text(title)
    while not keys.focused("#ny [name=participant_count]"):
        keys.press("Tab")
        assert keys.count <= MOST_KEYS
    for digit in "12":
        keys.press(digit)
    keys.press("Enter")
    expect(page.locator("#ny .note.is-ok")).to_be_focused()
    row = page.locator("#registered-list li").filter(has_text=title).first
    expect(row).to_contain_text(participants(12))
    assert MOST_KEYS == 19
    assert keys.count <= MOST_KEYS


def test_both_are_in_the_log(open_as):
    page = open_as("medarbejder", TODAY, **PHONE)
    row, planned = first_waiting(page)
    row.locator("[name=participant_count]").fill("6")
    row.get_by_role("button", name=da("Held")).click()
    expect(registered(page, planned, 6)).to_be_visible()
    form = page.locator("#ny form")
    chip = form.locator(".chips label:visible").last
    title = chip.inner_text().strip()
    chip.click()
    form.locator("[name=participant_count]").fill("4")
    form.get_by_role("button", name=da("Register activity")).click()
    expect(page.locator("#ny .note.is-ok")).to_be_visible()
    page.get_by_role("link", name=da("All registrations")).click()
    today = page.locator(".sec--day").first
    expect(
        today.locator("li").filter(has_text=planned).filter(has_text=participants(6))
    ).to_have_count(1)
    expect(
        today.locator("li").filter(has_text=title).filter(has_text=participants(4))
    ).to_have_count(1)


def test_a_wrong_count_is_pointed_at_and_kept(open_as):
    page = open_as("medarbejder", TODAY, **PHONE)
    row, _ = first_waiting(page)
    page.evaluate("document.querySelectorAll('form').forEach((form) => form.noValidate = true)")
    row.locator("[name=participant_count]").fill("5000")
    row.get_by_role("button", name=da("Held")).click()
    field = row.locator("[name=participant_count]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("5000")


def test_without_javascript(open_as):
    page = open_as("medarbejder", TODAY, java_script_enabled=False)
    row, title = first_waiting(page)
    row.locator("[name=participant_count]").fill("6")
    row.get_by_role("button", name=da("Held")).click()
    done = page.locator("li", has=registered(page, title, 6))
    expect(done).to_be_visible()
    assert f"{TODAY}#r-" in page.url
    done.get_by_role("link", name=da("Correct %(title)s", title=title)).click()
    page.locator("[name=participant_count]").fill("7")
    page.get_by_role("button", name=da("Save")).click()
    done = page.locator("li", has=registered(page, title, 7))
    done.get_by_role("button", name=da("Remove")).click()
    expect(registered(page, title, 7)).to_have_count(0)
    page.get_by_role("button", name=da("Undo")).click()
    expect(registered(page, title, 7)).to_be_visible()
    form = page.locator("#ny form")
    form.locator(".chips label:visible").last.click()
    form.locator("[name=participant_count]").fill("3")
    form.get_by_role("button", name=da("Register activity")).click()
    expect(page.locator(".tap--done").filter(has_text=participants(3)).first).to_be_visible()
