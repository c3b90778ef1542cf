"""What is swapped into a page keeps it whole: once opened, left or saved, time after time.

Every text holds a word of 100 letters, and the window is narrow. Each kind of link that opens a
form in the page is pressed by keyboard; the form is left with Escape, and saved as it is.
"""

from pathlib import Path

import pytest

from tests.browser.conftest import environment, run
from tests.browser.test_pages import CHECKS, ask
from tests.pages import PAGES

pytestmark = pytest.mark.browser

SWAPS = (Path(__file__).parent / "swaps.js").read_text()
SWAPPING = [
    "medarbejder initiatives:today",
    "medarbejder initiatives:log",
    "leder initiatives:plan",
    "leder initiatives:types",
    "leder initiatives:initiative",
    "leder initiatives:criterion",
    "leder initiatives:meeting",
    "koordinator clusters:matrix",
]
SUBJECTS = [page for page in PAGES if str(page) in SWAPPING]
WRITING = "textarea:visible, input[type=text]:visible, input:not([type]):visible"
TYPED = "Noget, som nogen har skrevet"
MOST_WAYS = 10


class Swapping:
    """A page whose swaps are watched; ``found`` says what they broke."""

    def __init__(self, page, address: str):
        self.page, self.address, self.found, self.questions = page, address, {}, []
        page.on("dialog", self.reply)
        self.load()

    def reply(self, dialog):
        self.questions.append(dialog.type)
        dialog.accept() if self.answer else dialog.dismiss()

    def load(self):
        self.answer = True
        self.page.goto(self.address)
        self.answer = False
        self.page.evaluate(CHECKS)
        self.page.evaluate(SWAPS)

    def press(self, key: str, what: str):
        """Presses a key, waits until all that it asked for has arrived, and looks."""
        self.page.keyboard.press(key)
        for _ in range(250):
            self.page.wait_for_timeout(40)
            if not self.page.evaluate("window.waiting"):
                break
        ask(self.page, self.found, what, "wrongs", "doubledIds", "overflow", "squeezed")

    def open(self, way: str):
        """The form that the link opens, or None where it opens none."""
        fetching = f'main :is([hx-get="{way}"], [hx-get=""][href="{way}"]):not([data-cancel])'
        link = self.page.locator(fetching).first
        if not link.count() or not link.is_visible():
            return None
        link.focus()
        self.press("Enter", f"open {way}")
        return self.page.locator("main :is(form, section):has([data-cancel]):has(:focus)").last

    def leave(self, form, way: str):
        """Escape asks about what was typed, and keeps it; then the form is left."""
        field = form.locator(WRITING).first
        if field.count():
            field.fill(TYPED)
            self.questions.clear()
            self.press("Escape", f"stay {way}")
            if self.questions != ["confirm"] or field.input_value() != TYPED:
                self.found[f"lost {way}"] = self.questions
        opened = form.element_handle()
        self.answer = True
        self.press("Escape", f"leave {way}")
        self.answer = False
        if opened.evaluate("(one) => one.isConnected && !!one.querySelector('[data-cancel]')"):
            self.found[f"not left {way}"] = True

    def save(self, form, way: str):
        form.locator(".btn--go").last.focus()
        self.press("Enter", f"save {way}")
        self.load()


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_what_is_swapped_in_keeps_the_page_whole(subject, open_as, server, prepared):
    viewport = {"width": 320, "height": 640}
    page = open_as(subject.who, viewport=viewport, reduced_motion="reduce")
    run(["-m", "tests.browser.long_words"], environment(server[1], prepared.static))
    swapping = Swapping(page, prepared.paths[str(subject)])
    ways = page.evaluate("ways()")[:MOST_WAYS]
    assert ways
    for way in ways:
        for turn in (swapping.leave, swapping.save):
            form = swapping.open(way)
            if form is not None and form.count():
                turn(form, way)
    assert swapping.found == {}
