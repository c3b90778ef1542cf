"""A municipality from nothing to plans and log-ins: how much somebody has to do, and how long.

The keystroke-level model (Card, Moran and Newell, 1980): 0.28 s a key, 1.1 s to point, 0.2 s to
press, 1.35 s to think before it. The person reads every line that she has not read before, at 200
words a minute, waits a second for each page, and types the rows into a spreadsheet first.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
KEY, POINT, PRESS, THINK, WAIT = 0.28, 1.1, 0.2, 1.35, 1.0
WORDS_A_SECOND = 200 / 60
MOST_INTERACTIONS, MOST_SECONDS = 90, 15 * 60
FACILITIES = ["Engen\tBotilbud\t12", "Skovbo\tBotilbud\t8", "Havnen\tVærested\t"]
PEOPLE = [
    "leder@nordby.example\tLeder, Socialpsykiatrien\tLeder\t",
    *[
        f"vagt{number}@nordby.example\tVagt {number}, {place}\tMedarbejder\t{place}"
        for number, place in enumerate(["Engen", "Skovbo", "Havnen"] * 3, start=1)
    ],
]


@dataclass
class Person:
    """Counts what is done on the page, and how long it takes a person who reads."""

    page: Page
    interactions: int = 0
    seconds: float = 0.0
    read: set[str] = field(default_factory=set)

    def click(self, what: Locator) -> None:
        self._act()
        what.click()
        self._read()

    def write(self, where: Locator, text: str) -> None:
        self._act()
        self.seconds += KEY * len(text)
        where.fill(text)

    def choose(self, where: Locator, value: str) -> None:
        self._act()
        self.seconds += POINT + PRESS
        where.select_option(value)

    def _act(self) -> None:
        self.interactions += 1
        self.seconds += THINK + POINT + PRESS

    def _read(self) -> None:
        self.page.wait_for_load_state()
        lines = set(self.page.locator("main").inner_text().splitlines()) - self.read
        self.read |= lines
        self.seconds += WAIT + sum(len(line.split()) for line in lines) / WORDS_A_SECOND


def test_a_new_municipality_stands_in_a_quarter_of_an_hour(open_as):
    page = open_as("admin", "/")
    person = Person(page)

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=name, exact=True)

    def step(anchor: str) -> Locator:
        return page.locator(f"#{anchor} .btn")

    person.click(page.get_by_role("link", name="Sæt en kommune op"))
    person.choose(page.get_by_label("Kommune"), "rebild")
    person.click(page.locator("main form .btn--go"))
    person.click(step("afdeling"))
    person.write(page.locator("[name=name]"), "Socialpsykiatrien")
    person.click(button("Gem og gå videre"))
    for rows in (FACILITIES, PEOPLE):
        person.write(page.locator("[name=pasted]"), "\n".join(rows))
        person.click(button("Vis, hvad den vil gøre"))
        person.click(page.locator("form:has([name=seen]) .btn--go"))
        if rows is FACILITIES:
            person.click(step("personer"))
    expect(page.locator("#personer")).to_contain_text("10 personer")
    person.click(page.locator("#politik button"))
    expect(page.locator("#politik")).to_contain_text("Sprunget over")
    person.click(page.locator("#aktivitetstyper button"))
    expect(page.locator("#aktivitetstyper")).to_contain_text("Beholdt")
    person.click(step("ugeplan"))
    person.click(page.locator("main form .btn--go"))
    expect(page.locator("#ugeplan")).to_contain_text("3 af 3")
    person.click(step("indsats"))
    person.click(page.get_by_label("KRAMS i hverdagen"))
    person.click(page.locator("main form .btn--go"))
    expect(page.locator("main")).to_contain_text("Der mangler ikke noget")
    assert person.interactions <= MOST_INTERACTIONS, person.interactions
    assert person.seconds <= MOST_SECONDS, person.seconds
    page.goto("/botilbud/engen/ugeplan/")
    expect(page.locator("main")).to_contain_text("Fælles gåtur")
