"""The Content-Security-Policy blocks nothing of ours, on no page and in nothing swapped into one.

The browser itself is asked, by its own event: what it writes to the console differs from version to
version. Everything else that it complains about fails the test as well.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page as Window

from tests.browser.conftest import context_of
from tests.pages import PAGES

pytestmark = pytest.mark.browser

POLICY = (Path(__file__).parent / "policy.js").read_text()
# Templates of Django's own.
ADMIN = [
    "/admin/",
    "/admin/krams/user/",
    "/admin/krams/user/add/",
    "/admin/krams/facility/",
    "/admin/krams/facility/1/change/",
    "/admin/krams/facility/1/history/",
]
ERRORS = ["/findes-ikke/", "/admin/login/"]


class Looking:
    """A window for each person; ``found`` says what was blocked, and where."""

    def __init__(self, open_as):
        self.open_as, self.windows, self.found, self.swaps = open_as, {}, {}, 0

    def window(self, who: str) -> Window:
        if who not in self.windows:
            window = self.open_as(who)
            window.on("dialog", lambda dialog: dialog.accept())
            window.add_init_script(POLICY)
            self.windows[who] = window
        return self.windows[who]

    def look(self, who: str, path: str) -> None:
        window = self.window(who)
        window.goto(path)
        self.swaps += window.evaluate("swapAll()")
        if blocked := window.evaluate("blocked"):
            self.found[who, path] = blocked


@pytest.fixture
def looking(open_as):
    return Looking(open_as)


def test_nothing_of_ours_is_blocked_on_any_page_nor_in_what_is_swapped_in(looking, prepared):
    for subject in PAGES:
        looking.look(subject.who, prepared.paths[str(subject)])
    for path in ADMIN + ERRORS:
        looking.look("admin", path)
    assert looking.found == {}
    # One of each kind of link that fetches a part.
    assert looking.swaps > 40


@pytest.fixture
def window(new_context, portal, prepared):
    """Without anybody who listens to complaints: of what is meant to be refused."""
    page = context_of(new_context, "", portal, prepared).new_page()
    page.add_init_script(POLICY)
    return page


def test_what_is_inline_is_blocked_and_seen(window):
    """The test above can fail: each of these is refused, and told."""
    window.goto("/hjaelp/")
    window.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.smuggled = 1';
          document.body.append(script);
          document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>');
          document.body.insertAdjacentHTML('beforeend', '<img src="https://ond.example/x.png">');
          // What Playwright evaluates itself may do so; what comes later is the page's own.
          setTimeout(() => { new Function('window.smuggled = 1')(); });
        }"""
    )
    # Playwright's own waiting for a condition would be blocked as well.
    for _ in range(100):
        if len(window.evaluate("blocked")) >= 4:
            break
        window.wait_for_timeout(50)
    kinds = {one.split(" ")[0] for one in window.evaluate("blocked")}
    assert kinds == {"script-src-elem", "style-src-attr", "img-src", "script-src"}
    assert window.evaluate("window.smuggled") is None


def test_no_address_and_no_field_pollutes_objects(open_as):
    """What stands in an address, or in the name of a field, is no property of every object."""
    window = open_as("leder")
    names = "__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__.polluted=1"
    window.goto(f"/botilbud/mosbjerghus/registreringer/?{names}#{names}")
    swapped = window.evaluate(
        """async () => {
            const form = document.querySelector('main form[hx-get], main form');
            for (const name of ['__proto__', '__proto__[polluted]', 'constructor']) {
                const field = document.createElement('input');
                Object.assign(field, { type: 'hidden', name, value: '1' });
                form.append(field);
            }
            const main = document.querySelector('main');
            main.setAttribute('hx-vals', '{"__proto__": {"polluted": 1}}');
            await htmx.ajax('GET', location.pathname, { source: form, swap: 'none' });
            return !!form;
        }"""
    )
    assert swapped
    found = (
        "[({}).polluted, Object.keys(Object.prototype).length, [].polluted, htmx.config.polluted]"
    )
    assert window.evaluate(found) == [None, 0, None, None]
