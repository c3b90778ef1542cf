"""A coordinator asks, the editor fills in her column and hands in, the coordinator sees it."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da, da_count

pytestmark = pytest.mark.browser

SYD = "/klynger/syd/"
COLUMN = f"{SYD}kolonne/rebild/"
WAYS = {
    "js": {},
    "no-js": {"java_script_enabled": False},
    "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True},
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
MOST_INTERACTIONS = 12


class Hand:
    """Counts what somebody does besides typing."""

    def __init__(self):
        self.interactions = 0

    def press(self, where) -> None:
        self.interactions += 1
        where.click()

    def choose(self, where, value: str) -> None:
        self.interactions += 1
        where.select_option(value)


def ask_rebild(open_as, way) -> str:
    """Everything of Rebild is asked for, though nothing that concerns it is missing."""
    page = open_as("koordinator", f"{SYD}bekraeftelser/", **way)
    page.get_by_role("link", name=da("Ask all who miss something")).click()
    page.locator("[name=scope][value=chosen]").check()
    chosen = page.locator("[name=proposals]")
    for one in chosen.all():
        one.check()
    # Nothing that concerns Rebild is missing, so nobody is chosen beforehand.
    page.get_by_role("checkbox", name="Rebild Kommune").check()
    page.locator("[name=text]").fill("Til mødet i maj.")
    page.get_by_role("button", name=da("See who will get what")).click()
    expect(page.locator("#hvem")).to_contain_text("Rebild Kommune")
    expect(page.locator("#hvem")).to_be_focused()
    page.get_by_role("button", name=da("Send the e-mails")).click()
    expect(page.locator("#messages .is-ok")).to_be_visible()
    return page.url


@every_way
def test_from_the_ask_to_the_answer(open_as, way):
    asked = ask_rebild(open_as, way)
    page = open_as("redaktoer", f"{COLUMN}?bed=2", **way)
    fields = page.locator(".colfield")
    expect(fields).to_have_count(9)
    hand = Hand()
    for field in fields.all():
        hand.choose(field.locator("select[name$=-state]"), "unknown")
        if field.locator("[name$=-remove]").count() == 0:
            field.locator("[name$=-new]").fill("En indsats, som vi kender")
    hand.press(page.get_by_role("button", name=da("Save and hand in")))
    expect(page.locator("#messages")).to_contain_text(
        da("You have handed in. The coordinator can see it.")
    )
    # The link of the letter is one more.
    assert hand.interactions + 1 <= MOST_INTERACTIONS
    boss = open_as("koordinator", asked, **way)
    row = boss.locator("table.asked tbody tr", has_text="Rebild Kommune")
    expect(row).to_contain_text("9 af 9")
    expect(row).to_contain_text("Redaktør, Rebild Kommune")
    page.get_by_role("button", name=da("Not done after all")).click()
    expect(page.locator("#messages")).to_contain_text(
        da("You are not done any more. Hand in when you are.")
    )
    boss.reload()
    expect(row).to_contain_text(da("Not yet"))


def test_one_field_is_saved_alone_and_the_others_keep_what_was_typed(open_as):
    page = open_as("redaktoer", f"{COLUMN}?bed=1")
    first, second = page.locator(".colfield").all()[:2]
    second.locator("[name$=-new]").fill("Noget, der ikke er gemt")
    second.locator("select[name$=-state]").select_option("not_filled")
    first.locator("[name$=-new]").fill("x")
    first.locator("select[name$=-state]").select_option("established")
    first.get_by_role("button", name=da("Save this answer")).click()
    expect(first.locator("[aria-invalid=true]")).to_have_count(1)
    first.locator("[name$=-new]").fill("En indsats")
    first.get_by_role("button", name=da("Save this answer")).click()
    expect(first).to_contain_text("En indsats")
    expect(first.locator(".saved")).to_be_visible()
    expect(first.locator(":focus")).to_have_count(1)
    expect(page.locator("#column-status")).to_contain_text("1 af 3")
    expect(second.locator("[name$=-new]")).to_have_value("Noget, der ikke er gemt")
    page.get_by_role("button", name=da("Save"), exact=True).click()
    # The second has efforts, and no answer beside them.
    expect(page.locator("#error-summary")).to_be_visible()
    second.locator("select[name$=-state]").select_option("established")
    page.get_by_role("button", name=da("Save"), exact=True).click()
    saved = da_count("%(number)s answer is saved.", "%(number)s answers are saved.", 1)
    expect(page.locator("#messages")).to_contain_text(saved)
