"""What a visit costs, with static files as in production and a browser that takes Brotli.

A page is at most 10 kB. Everything else is the same for all pages and may be kept for ever: a first
visit is five requests, the next page is one. ``tests/clusters/matrix/test_figures.py`` holds the
largest matrix to its own figure.
"""

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from krams.web.markup import icon
from krams.web.static_files import BUNDLES, PARTS
from tests.demo import DemoTestCase
from tests.pages import PAGES

MOST_PAGE_BYTES = 10 * 1024
# Beside the page: one stylesheet, one script, the symbols and the picture in the tab.
MOST_FILES = {".css": 1, ".js": 1, ".svg": 2}
# Of the script, htmx is 15 kB.
MOST_BYTES = {".css": 15_000, ".js": 19_500, ".svg": 1_100}
# What talks to passkeys, on the few pages that set one up or ask for it.
MOST_PASSKEY_BYTES = 2_800
# Shows every component in all its states: only with DEBUG=1, to developers, never to a visitor.
FOR_US = {"components"}
EMBEDDING = {"script", "img", "iframe", "source", "audio", "video", "embed"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "manifest", "apple-touch-icon", "prefetch"}
PRODUCTION = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "krams.web.static_files.CollectedFiles"},
}
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass(frozen=True)
class Visit:
    page_bytes: int
    parts: dict[str, int]  # address -> bytes compressed

    def excess(self) -> dict[str, int]:
        """What is more than may be, by kind."""
        found = {}
        if self.page_bytes > MOST_PAGE_BYTES:
            found["page"] = self.page_bytes
        files, weight = Counter(), Counter()
        for address, size in self.parts.items():
            kind = PurePosixPath(address).suffix
            files[kind] += 1
            weight[kind] += size
        for kind in files:
            if files[kind] > MOST_FILES.get(kind, 0):
                found[f"{kind} files"] = files[kind]
            if weight[kind] > MOST_BYTES.get(kind, 0):
                found[f"{kind} bytes"] = weight[kind]
        return found


class _Parts(HTMLParser):
    """Of a page that is valid, as ``tests/test_html.py`` says: each tag counts where it stands."""

    def __init__(self):
        super().__init__()
        self.found = set()
        self.closed = 0

    def handle_endtag(self, tag):
        self.closed -= tag == "details" and self.closed > 0

    def handle_starttag(self, tag, attributes):
        self.closed += tag == "details" and "open" not in dict(attributes)
        have = dict(attributes)
        if have.get("loading") == "lazy" and self.closed:
            # Loaded when somebody opens the fold around it; at once only without JavaScript.
            return
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
        # Not the files of the administration: compressing them takes seconds.
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
        # Symbols and compiled templates know the addresses of their files, which are others here.
        icon.cache_clear()
        cls.addClassCleanup(icon.cache_clear)
        cls.enterClassContext(override_settings(TEMPLATES=settings.TEMPLATES))
        # The random bytes of each answer would make a page pass today and fail tomorrow.
        cls.enterClassContext(patch("krams.web.compression.secrets.randbelow", return_value=0))
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
        response = client.get(path, headers=BROWSER)
        self.policy_is_strict(response)
        assert response.headers["Content-Encoding"] == "br", path
        html = brotli.decompress(response.content).decode()
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
        response = client.get(address, headers=BROWSER)
        assert response.status_code == 200, address
        assert "immutable" in response.headers["Cache-Control"], f"{address} is loaded again"
        # WhiteNoise sends whichever is smaller.
        assert response.headers["Content-Encoding"] in ("br", "gzip"), address
        content = b"".join(response.streaming_content)
        size, inner = len(content), set()
        if address.endswith(".css"):
            style = brotli.decompress(content).decode()
            found = re.findall(r"""url\(["']?([^"')]+)|@import ["']([^"']+)""", style)
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
        excess = {str(page): self.visit(page).excess() for page in PAGES if page.name not in FOR_US}
        assert {page: found for page, found in excess.items() if found} == {}

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

    def test_the_next_page_is_one_request(self):
        """Whatever page one begins with, the others bring nothing new."""
        visits = [self.visit(page) for page in PAGES]
        assert set().union(*(visit.parts for visit in visits)) == set(visits[0].parts)

    def test_what_talks_to_passkeys_is_light(self):
        client = self.client_of("")
        size, _inner = self.load(client, staticfiles_storage.url("passkey.js"))
        assert size <= MOST_PASSKEY_BYTES

    def test_static_files_are_compressed_beforehand(self):
        root = Path(settings.STATIC_ROOT)
        for name in BUNDLES:
            for file in root.glob(f"{Path(name).stem}.*{Path(name).suffix}"):
                for encoding in (".br", ".gz"):
                    assert file.with_name(file.name + encoding).exists(), file.name

    def test_no_page_can_load_a_part_by_itself(self):
        for part in PARTS:
            with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
                staticfiles_storage.url(part)
