"""Every page for everybody: WCAG checks, no sideways scrolling, light and dark, wide and narrow.

And the Content-Security-Policy blocks nothing on it, nor in what is swapped into it.
"""

from pathlib import Path

import pytest

from tests.browser.conftest import environment, run
from tests.browser.policy import ask_what_is_blocked
from tests.pages import PAGES

pytestmark = pytest.mark.browser

# Between light and dark only colours differ: these are all rules that look at them.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
VIOLATIONS = """async (only) => {
  const runOnly = only ? { runOnly: only } : {};
  const { violations } = await axe.run({ resultTypes: ['violations'], ...runOnly });
  const targets = (one) => one.nodes.slice(0, 3).map((node) => node.target);
  return violations.map((one) => [one.id, one.help, targets(one)]);
}"""
CHECKS = (Path(__file__).parent / "checks.js").read_text()
# Twice the letters, as a reader sets them in the browser.
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
USUAL_TEXT = "document.documentElement.style.fontSize = ''"
UNFOLDED = "for (const one of document.querySelectorAll('details')) one.open = true"
# What a window of 1280 x 1024 holds at 400 %.
ZOOMED = {"width": 320, "height": 256}


def ask(page, found: dict, when: str, *questions: str) -> None:
    answers = page.evaluate("(all) => all.map((one) => [one, window[one]()])", questions)
    found |= {f"{when} {question}": wrong for question, wrong in answers if wrong}


def ask_axe(page, found: dict) -> None:
    # The package's own run() loads all of axe each time, and fetches what is right as well.
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme, rules in (("light", None), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme=scheme)
            for name, words, targets in page.evaluate(VIOLATIONS, rules):
                found[f"{width} {scheme} {name}"] = (words, targets)


def ask_with_system_colours(page, found: dict) -> None:
    page.evaluate("remember()")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    ask(page, found, "forced colours, reduced motion", "marked", "alike", "vanished", "moving")
    page.emulate_media(forced_colors="none", reduced_motion="reduce")


def ask_in_small_windows(page, found: dict) -> None:
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        ask(page, found, f"{width}", "overflow", "squeezed")
    page.set_viewport_size(ZOOMED)
    ask(page, found, "400 %", "buried", "covered")
    page.evaluate(LARGE_TEXT)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        ask(page, found, f"{width}, text of 200 %", "overflow", "squeezed")
    page.evaluate(USUAL_TEXT)


@pytest.mark.parametrize("subject", PAGES, ids=str)
def test_page_is_accessible_and_fits_and_nothing_of_it_is_blocked(subject, look_as, prepared):
    page = look_as(subject.who, prepared.paths[str(subject)])
    page.evaluate(CHECKS)
    found = {}
    ask(page, found, "at once", "doubledIds", "headless", "unreachable")
    ask_axe(page, found)
    ask(page, found, "names", "unclear")
    ask_with_system_colours(page, found)
    ask_in_small_windows(page, found)
    ask_what_is_blocked(page, found)
    assert found == {}


def test_no_text_makes_a_page_wider_than_the_window(open_as, server, prepared):
    """With a word of 100 letters in everything that somebody wrote, and all menus open."""
    pages, found = {"": open_as("")}, {}
    run(["-m", "tests.browser.long_words"], environment(server[1], prepared.static))
    for subject in PAGES:
        page = pages.get(subject.who) or pages.setdefault(subject.who, open_as(subject.who))
        page.goto(prepared.paths[str(subject)])
        page.evaluate(CHECKS)
        page.evaluate(UNFOLDED)
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            ask(page, found, f"{subject} {width}", "overflow")
    assert found == {}
