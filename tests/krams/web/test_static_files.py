"""One stylesheet and one script, put together from their parts."""

import os
import re
import shutil
from pathlib import Path

import brotli
import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from krams.web import script_texts, static_files
from krams.web.static_files import BUNDLES, PARTS, MissingFile, put_together, sources

STYLES = ("@layer tokens, base", "@layer layout {", "@layer components {", "@layer matrix {")
SCRIPTS = ("const TEXTS", "var htmx=", "htmx.config", "const doc", "'.wg__in'", "passkey_login")


@pytest.mark.parametrize(("name", "marks"), [("portal.css", STYLES), ("portal.js", SCRIPTS)])
def test_a_bundle_holds_all_of_its_parts_in_their_order(name, marks):
    text = put_together(name).decode()
    starts = [text.index(mark) for mark in marks]
    assert starts == sorted(starts)


def test_what_only_readers_need_is_left_out():
    style = put_together("portal.css").decode()
    assert "/*" not in style
    assert not any(line.startswith(" ") for line in style.splitlines())
    script = put_together("portal.js").decode()
    assert not any(line.lstrip().startswith("//") for line in script.splitlines())


def test_nothing_in_a_text_looks_like_a_comment():
    """What is left out is found without knowledge of the languages."""
    for part in PARTS:
        [path] = sources(part)
        text = path.read_text()
        if part.endswith(".css"):
            assert not re.search(r"""(["']).*/\*.*\1""", text), part
        else:
            # A text over several lines could have one that begins like a comment.
            assert all(line.count("`") % 2 == 0 for line in text.splitlines()), part


def test_the_script_says_its_texts_in_every_language():
    script = script_texts.script()
    assert '"error":"Fejl:"' in script
    assert '"error":"Error:"' in script


def test_a_part_that_is_missing_is_told(monkeypatch):
    monkeypatch.setitem(BUNDLES, "portal.css", ("css/gone.css",))
    with pytest.raises(MissingFile, match="gone"):
        put_together("portal.css")


@pytest.fixture
def development(settings, tmp_path):
    """The storage of ``DEBUG``, on a copy of the sources."""
    own = tmp_path / "own"
    shutil.copytree(Path(django_settings.BASE_DIR) / "static", own)
    settings.STATICFILES_DIRS = [own]
    settings.STATIC_ROOT = tmp_path / "made"
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "krams.web.static_files.FilesOfDevelopment"}
    }
    return own


@pytest.mark.parametrize("name", ["portal.css", "portal.js", "icons.svg"])
def test_with_debug_a_page_gets_the_same_kind_of_file(development, name):
    address = staticfiles_storage.url(name)
    response = Client().get(address, headers={"Accept-Encoding": "br"})
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(b"".join(response.streaming_content))
    # Another hash is another file, not this one under a wrong name.
    stem, _hash, kind = address.rsplit(".", 2)
    assert Client().get(f"{stem}.000000000000.{kind}").status_code == 404


def test_with_debug_a_changed_part_is_seen_at_once(development):
    before = staticfiles_storage.url("portal.css")
    assert staticfiles_storage.url("portal.css") == before
    part = development / "css" / "print.css"
    part.write_text(part.read_text() + "\n.quite-new { color: red }\n")
    os.utime(part, (1, 1))
    after = staticfiles_storage.url("portal.css")
    assert after != before
    content = b"".join(Client().get(after).streaming_content)
    assert b".quite-new" in content


def test_with_debug_what_packages_bring_is_served_as_it_is(development):
    assert staticfiles_storage.url("admin/css/base.css") == "/static/admin/css/base.css"


def test_collecting_twice_gives_the_same(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    storage = static_files.CollectedFiles()
    for _turn in range(2):
        found = {name: made for name, made, _ in storage.post_process({}) if name == "portal.js"}
        assert (tmp_path / "portal.js").read_bytes() == put_together("portal.js")
    assert list(found) == ["portal.js"]
    assert len(list(tmp_path.glob("portal.*.js"))) == 1
    assert list(storage.post_process({}, dry_run=True)) == []
