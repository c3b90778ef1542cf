"""From log-in to the first thing that needs a person: one click, for every role."""

import pytest
from playwright.sync_api import expect

from krams.management.commands.demo import PASSWORD

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 780}


class Clicks:
    """Counts what is clicked after the log-in."""

    def __init__(self):
        self.count = 0

    def on(self, target):
        self.count += 1
        target.click()


def logged_in(open_as, who, **options):
    page = open_as("", "/konto/login/", **options)
    page.locator("#id_login").fill(f"{who}@demo.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/konto/login/" not in address)
    return page


@pytest.mark.parametrize(
    ("who", "section", "there"),
    [
        ("leder", "Aktiviteter, der skrider", "[name=starts_on]"),
        ("redaktoer", "Du er bedt om", "form.colform"),
        ("koordinator", "Uden redaktør", "[name=email], #id_email"),
        ("admin", "Kræver opmærksomhed", "#changelist"),
    ],
)
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_one_click_from_the_log_in_to_where_it_is_done(open_as, who, section, there, javascript):
    page = logged_in(open_as, who, java_script_enabled=javascript, viewport=PHONE)
    clicks = Clicks()
    heading = page.get_by_role("heading", name=section)
    expect(heading).to_be_visible()
    clicks.on(page.locator("h3", has_text=section).locator("~ ul.work a.btn").first)
    expect(page.locator(there).first).to_be_visible()
    assert clicks.count == 1


def test_staff_of_one_house_are_at_their_work_without_a_click(open_as):
    page = logged_in(open_as, "medarbejder", viewport=PHONE)
    expect(page).to_have_url(page.url.split("/botilbud/")[0] + "/botilbud/mosbjerghus/i-dag/")
    expect(page.get_by_role("button", name="Gennemført").first).to_be_visible()


def test_a_reader_reads_after_one_click(open_as):
    page = logged_in(open_as, "laeser")
    clicks = Clicks()
    clicks.on(page.get_by_role("link", name="Læs udgaven"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Udgave 1")
    assert clicks.count == 1


@pytest.mark.parametrize("who", ["leder", "redaktoer", "koordinator", "laeser", "admin"])
def test_every_place_is_one_click_away(open_as, who):
    page = logged_in(open_as, who)
    ways = page.locator(".places--ways a")
    assert ways.count()
    addresses = [way.get_attribute("href") for way in ways.all()]
    for address in addresses:
        assert page.request.get(address).status == 200, address
