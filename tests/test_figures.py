"""What a visit costs, with static files as in production.

A first visit is at most 10 requests and 55 kB compressed, of which at most 20 kB JavaScript; the
next page is one request, because everything else may be kept for ever.
"""

import gzip
import re
import tempfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from krams.web.markup import icon
from tests.demo import DemoTestCase
from tests.pages import PAGES

MOST_REQUESTS = 10
MOST_BYTES = 55_000
# htmx is 16 kB of it; what keeps typed text from being lost came on top, then the calendar beside
# a date, the words of another reason in the week grid, and fields that wait for their answer.
MOST_SCRIPT_BYTES = 21_700
# The one page with a script that no other page needs: one request more, the first time.
OWN_FILES = {"initiatives:grid": "/grid."}
EMBEDDING = {"script", "img", "iframe", "source", "audio", "video", "embed"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "manifest", "apple-touch-icon", "prefetch"}
PRODUCTION = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@dataclass(frozen=True)
class Visit:
    page_bytes: int
    parts: dict[str, int]  # address -> bytes compressed

    @property
    def bytes(self) -> int:
        return self.page_bytes + sum(self.parts.values())

    @property
    def script_bytes(self) -> int:
        return sum(size for address, size in self.parts.items() if address.endswith(".js"))


class _Parts(HTMLParser):
    """Of a page that is valid, as ``tests/test_html.py`` says: each tag counts where it stands."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attributes):
        have = dict(attributes)
        if tag in EMBEDDING:
            self.found.add(have.get("src"))
        elif tag in ("use", "image") or (
            tag == "link" and LOADING_LINKS & set((have.get("rel") or "").split())
        ):
            self.found.add(have.get("href"))


def parts_of(html: str) -> set[str]:
    """The addresses that a browser loads by itself with a page."""
    parts = _Parts()
    parts.feed(html)
    return {address.split("#")[0] for address in parts.found if address} - {""}


class EveryVisit(DemoTestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(
            override_settings(
                STATIC_ROOT=folder,
                STORAGES=PRODUCTION,
                WHITENOISE_USE_FINDERS=False,
                WHITENOISE_AUTOREFRESH=False,
            )
        )
        # Nobody asks for Brotli here, and it takes seconds.
        with patch("whitenoise.compress.brotli_installed", False):
            call_command("collectstatic", interactive=False, verbosity=0)
        # Symbols know the address of their file, which is another one here.
        icon.cache_clear()
        cls.addClassCleanup(icon.cache_clear)
        cls.parts, cls.visits = {}, {}
        super().setUpClass()

    def visit(self, page) -> Visit:
        """Once for all tests: they ask different things of the same visit."""
        key = page.who, page.path()
        if key not in self.visits:
            self.visits[key] = self.first_visit(*key)
        return self.visits[key]

    def first_visit(self, who: str, path: str) -> Visit:
        client = self.client_of(who)
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        self.policy_is_strict(response)
        html = gzip.decompress(response.content).decode()
        parts, waiting = {}, parts_of(html)
        while waiting:
            address = waiting.pop()
            parts[address], inner = self.load(client, address)
            waiting |= inner - parts.keys()
        return Visit(len(response.content), parts)

    def load(self, client, address: str) -> tuple[int, set[str]]:
        """Bytes of a static file and the addresses that it loads in turn."""
        if address in self.parts:
            return self.parts[address]
        assert not urlsplit(address).netloc, f"{address} is somebody else's"
        response = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, address
        assert "immutable" in response.headers["Cache-Control"], f"{address} is loaded again"
        content = b"".join(response.streaming_content)
        size, inner = len(content), set()
        if address.endswith(".css"):
            if response.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
            found = re.findall(r"""url\(["']?([^"')]+)|@import ["']([^"']+)""", content.decode())
            inner = {urljoin(address, url or other) for url, other in found}
        inner = {url.split("#")[0] for url in inner if not url.startswith("data:")}
        self.parts[address] = size, inner
        return size, inner

    def policy_is_strict(self, response):
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        for word in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
            assert word not in policy

    def test_a_first_visit_is_light(self):
        found = {}
        for page in PAGES:
            visit = self.visit(page)
            if (
                len(visit.parts) + 1 > MOST_REQUESTS
                or visit.bytes > MOST_BYTES
                or visit.script_bytes > MOST_SCRIPT_BYTES
            ):
                found[str(page)] = (len(visit.parts) + 1, visit.bytes, visit.script_bytes)
        assert found == {}

    def test_with_debug_a_page_loads_the_same_scripts(self):
        """A helper for developers would put each refusal in the place of what somebody typed."""
        client = self.client_of("leder")
        pages = []
        for debug in (False, True):
            with override_settings(DEBUG=debug):
                page = client.get("/").content.decode()
            pages.append(re.findall(r'<script[^>]* src="([^."]+)', page))
        assert pages[0]
        assert pages[0] == pages[1]

    def test_the_next_page_of_a_half_is_one_request(self):
        """Whatever page one begins with, the others of the same half bring nothing new."""
        halves = {}
        for page in PAGES:
            if page.who and page.status == 200:
                half = page.name.partition(":")[0] if ":" in page.name else "krams"
                own = OWN_FILES.get(page.name)
                parts = {part for part in self.visit(page).parts if not own or own not in part}
                halves.setdefault(half, {})[str(page)] = frozenset(parts)
        different = {
            name: set(frozenset.union(*pages.values()) - parts)
            for pages in halves.values()
            for name, parts in pages.items()
            if parts != frozenset.union(*pages.values())
        }
        assert different == {}

    def test_static_files_are_compressed_beforehand(self):
        root = Path(settings.STATIC_ROOT)
        for file in [*root.glob("css/*.css"), *root.glob("*.js")]:
            assert file.with_name(file.name + ".gz").exists(), file.name
