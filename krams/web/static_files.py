"""The files that pages load: one stylesheet and one script, each put together from its parts.

An installation collects them once, hashed and compressed. With ``DEBUG`` the same is made when a
page asks, so that a changed part is seen at the next reload. A browser may keep them for ever.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from . import script_texts

# Parts stand in the order in which they count. None of them is loaded by itself.
BUNDLES = {
    "portal.css": (
        "css/base.css",
        "css/layout.css",
        "css/components.css",
        "css/matrix.css",
        "css/print.css",
    ),
    "portal.js": ("django_htmx/htmx-2.min.js", "htmx_config.js", "ui.js", "grid.js", "login.js"),
    # For the few pages that set up a passkey or ask for one.
    "passkey.js": ("mfa/js/webauthn-json.js", "mfa/js/webauthn.js", "account/js/onload.js"),
}
PARTS = {part for parts in BUNDLES.values() for part in parts}
# Left out: comments and indents, which only a reader of the source needs.
CSS_NEEDLESS = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


class MissingFile(Exception):
    """A static file, or a part of one, is in none of the folders."""


def sources(name: str) -> list[Path]:
    """The files that a static file is made of: the parts of a bundle, or the file itself."""
    found = []
    for part in BUNDLES.get(name, (name,)):
        path = finders.find(part)
        if not path:
            raise MissingFile(part)
        found.append(Path(path))
    return found


def put_together(name: str) -> bytes:
    """What a bundle holds."""
    kind = Path(name).suffix
    parts = [_slim(path) for path in sources(name)]
    if name == "portal.js":
        parts.insert(0, script_texts.script())
    # A script may lack the end of its last line, and its last semicolon.
    return (";\n" if kind == ".js" else "\n").join(parts).encode()


def _slim(path: Path) -> str:
    """What a browser needs of a part."""
    text = path.read_text()
    if path.suffix == ".css":
        return CSS_NEEDLESS.sub("", text)
    # It knows texts and patterns from comments. What comes minified stays as it is.
    return text if path.name.endswith(".min.js") else str(jsmin(text))


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """What ``collectstatic`` makes for an installation: bundles in the place of their parts."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        alone = {name: place for name, place in paths.items() if name not in PARTS}
        if not dry_run:
            for name in BUNDLES:
                self.delete(name)
                self.save(name, ContentFile(put_together(name)))
                alone[name] = (self, name)
        yield from super().post_process(alone, dry_run=dry_run, **options)


class FilesOfDevelopment(StaticFilesStorage):
    """With ``DEBUG``: the same files, made when a page names them.

    They lie in ``STATIC_ROOT``, where WhiteNoise finds them. What packages bring for their own
    pages is served as it is.
    """

    lock = Lock()

    def url(self, name: str | None) -> str:
        own = finders.get_finder("django.contrib.staticfiles.finders.FileSystemFinder")
        if name in BUNDLES or (name and own.find(name)):
            changed = tuple(path.stat().st_mtime_ns for path in sources(name))
            with self.lock:
                name = self.made(name, changed)
        return super().url(name)

    @lru_cache(maxsize=64)  # noqa: B019  # There is one storage as long as the process lives.
    def made(self, name: str, _changed: tuple[int, ...]) -> str:
        """The name with the hash of what it holds; a change of a file makes another one."""
        content = put_together(name) if name in BUNDLES else sources(name)[0].read_bytes()
        path = PurePosixPath(name)
        digest = hashlib.sha256(content).hexdigest()[:12]
        hashed = str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
        if not self.exists(hashed):
            self.save(hashed, ContentFile(content))
            Compressor(quiet=True).compress(self.path(hashed))
        return hashed
