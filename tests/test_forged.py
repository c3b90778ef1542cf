"""Whatever is sent to whatever address: a clear refusal, never a page that breaks, never markup of
whoever sent it, and never the way to another site.
"""

import re

from django.db import transaction
from django.urls import get_resolver

from tests.access.test_ways_in import leads_elsewhere
from tests.demo import DemoTestCase
from tests.forms_on_pages import PageForm, read
from tests.marked import MARK, faults
from tests.pages import PAGES
from tests.test_urls import _walk

NUMBERS = ("0", "1" + "0" * 30)
WORDS = ("findes-ikke", "a" * 3000)
TYPED = ("", "a\x00b", "-1", "1" + "0" * 30, "²", "x" * 12_000, MARK)
BODIES = (
    (b"{", "application/json"),
    (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
    (b"--x\r\nfoo", "multipart/form-data; boundary=x"),
)
HTMX = {
    "HX-Request": "true",
    "HX-Target": "\u00e5' onclick=x",
    "HX-Current-URL": "http://[::1",
    "HX-Trigger-Name": "x" * 300,
    "HX-Prompt": MARK,
}
# What a form, or whoever frames it, may say of where it comes from and where to go on.
AWAY = {
    "Referer": "https://evil.example/",
    "HX-Current-URL": "https://evil.example/",
    "X-Forwarded-Host": "evil.example",
    "X-Original-URL": "//evil.example/",
}
ONWARD = dict.fromkeys(("next", "back", "url", "redirect_to", "RelayState"), "//evil.example/")
LED = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")


def forged_addresses() -> list[str]:
    """Each address with numbers and words that nothing has."""
    found = set()
    for number, word in zip(NUMBERS, WORDS, strict=True):
        for address in _walk(get_resolver().url_patterns, "", ""):
            path = re.sub(r"(?<=/)1(?=[/.]|$)", number, address.path)
            found |= {path, path.replace("/rebild/", f"/{word}/")} - {address.path}
    return sorted(found)


class Forged(DemoTestCase):
    def test_no_number_and_no_word_in_an_address_breaks_a_page(self):
        broken = []
        client = self.client_of("admin")
        for path in forged_addresses():
            for send in (client.get, client.post):
                if how := self.breaks(send, path, headers=HTMX):
                    broken.append((send.__name__, path[:200], how))
        assert broken == []

    def test_no_form_breaks_whatever_stands_in_its_fields(self):
        broken, seen = [], set()
        for page in PAGES:
            client = self.client_of(page.who)
            forms, _links = read(self.answer_of(page), page.path())
            for form in forms:
                kind = (
                    re.sub(r"\d+", "", form.path),
                    *sorted(re.sub(r"\d+", "", n) for n in form.data),
                )
                if kind not in seen and "logout" not in form.path:
                    seen.add(kind)
                    broken += self.tried(client, form)
        assert len(seen) > 60
        assert broken == []

    def tried(self, client, form: PageForm) -> list[tuple]:
        """What was sent where the answer was that the portal broke."""
        send = client.post if form.method == "post" else client.get
        sent = [dict.fromkeys(form.data, text) for text in TYPED]
        # Everything right but for one; and everything three times.
        sent += [form.data | {name: "9" * 30} for name in [*form.data][:3]]
        sent += [form.data | {"version": text} for text in ("-1", "9" * 12)]
        sent.append({name: (values or ["x"]) * 3 for name, values in form.data.items()})
        for name, _value, _path in form.buttons[:1]:
            sent += [form.data | {name: text} for text in ("9" * 30, "\x00") if name]
        broken = []
        # Everything right, so that the answer leads on: as a page, and as a part of one.
        sent += [form.data | ONWARD, form.data | ONWARD]
        for number, data in enumerate(sent):
            headers = (HTMX if number % 2 else {}) | (AWAY if "next" in data else {})
            if how := self.breaks(send, form.path, data, headers=headers):
                broken.append((form.path, str(data)[:200], how))
        if form.method == "post":
            for body, content_type in BODIES:
                if how := self.breaks(client.post, form.path, body, content_type=content_type):
                    broken.append((form.path, body, how))
        return broken

    @staticmethod
    def breaks(send, path, *arguments, **options) -> str:
        """How; "" where it does not."""
        with transaction.atomic():
            answer = send(path, *arguments, **options)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            return f"{answer.status_code}: {getattr(answer, 'exc_info', None)}"
        led = [answer.headers[name] for name in LED if name in answer.headers]
        away = [where for where in led if leads_elsewhere(where)]
        markup = faults(answer.headers.get("Content-Type", ""), answer.getvalue())
        return " ".join([*away, *markup])
