"""What the headers of every page say, whichever view has its own to add."""

import re

from tests.demo import DemoTestCase
from tests.pages import PAGES

WHOLE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# With "no-referrer" browsers send "Origin: null" along with a form, which is then refused.
REFERRER = {"same-origin", "strict-origin"}
# What would let a page run, or load, what is not the portal's own.
LOOSE = re.compile(r"unsafe-|\*|https?:|blob:|strict-dynamic|nonce-|sha256-")

UTF_8 = re.compile('charset="?utf-8', re.IGNORECASE)


class Headers(DemoTestCase):
    def test_every_text_says_its_letters(self):
        """In UTF-8: a browser that guesses may read a script into it."""
        client, found = self.client_of("admin"), {}
        paths = ["/healthz", "/readyz", "/findes-ikke/", "/static/ui.js", "/static/favicon.svg"]
        answers = {path: client.get(path) for path in paths}
        answers |= {str(page): self.answer_of(page) for page in PAGES}
        assert {answer.status_code for answer in answers.values()} >= {200, 404}
        for name, answer in answers.items():
            kind = answer.headers["Content-Type"]
            if re.match(r"text/|.*(\+xml|/json|/xml)", kind) and not UTF_8.search(kind):
                found[name] = kind
        assert found == {}

    def test_every_page_keeps_others_out(self):
        found = {}
        for page in PAGES:
            headers = self.answer_of(page).headers
            policy = headers.get("Content-Security-Policy", "")
            wrong = {name: headers.get(name) for name in WHOLE if headers.get(name) != WHOLE[name]}
            if "default-src 'none'" not in policy or LOOSE.search(policy):
                wrong["Content-Security-Policy"] = policy
            if headers.get("Referrer-Policy") not in REFERRER:
                wrong["Referrer-Policy"] = headers.get("Referrer-Policy")
            if "camera=()" not in headers.get("Permissions-Policy", ""):
                wrong["Permissions-Policy"] = headers.get("Permissions-Policy")
            if wrong:
                found[str(page)] = wrong
        assert found == {}
