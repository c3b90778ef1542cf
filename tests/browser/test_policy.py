"""The Content-Security-Policy blocks nothing of ours in Django's own pages, and what is not ours.

Our own pages, and what is swapped into them, are looked at in ``test_pages.py``.
"""

import pytest

from tests.browser.conftest import context_of
from tests.browser.policy import POLICY, ask_what_is_blocked

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("path", ADMIN + ERRORS)
def test_nothing_is_blocked_on_pages_of_the_administration_nor_of_errors(look_as, path):
    found = {}
    ask_what_is_blocked(look_as("admin", path), found)
    assert found == {}


def test_what_is_swapped_into_a_page_is_looked_at(look_as):
    """One of each kind of link that fetches a part."""
    found = {}
    assert ask_what_is_blocked(look_as("koordinator", "/klynger/syd/"), found) > 5
    assert found == {}


@pytest.fixture
def window(new_context, portal, prepared):
    """Without anybody who listens to complaints: of what is meant to be refused."""
    page = context_of(new_context, "", portal, prepared).new_page()
    page.add_init_script(POLICY)
    return page


def test_what_is_inline_is_blocked_and_seen(window):
    """The tests above can fail: each of these is refused, and told."""
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
