"""What an operator enters for SAML: read, or refused at the start with the variable's name."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
import xmlsec
from django.conf import settings as settings_of_django
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from lxml import etree

from krams.env import Env
from krams.log_in.saml.trust import metadata_key
from krams.settings import saml
from krams.settings.saml_metadata import BadMetadata, organisation_of

from .saml_idp import NAMES, make_pair, metadata, sign

BASE = "https://login.kommune.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("saml")


@pytest.fixture(scope="module")
def pairs(folder):
    found = {name: make_pair(folder, name) for name in ("idp", "own", "new")}
    found["short"] = make_pair(folder, "short", bits=1024)
    found["old"] = make_pair(folder, "old", days=1)
    (folder / "idp.xml").write_bytes(metadata(BASE, found["idp"]))
    (folder / "nonsense").write_bytes(b"hej")
    return found


@pytest.fixture
def own(pairs, folder):
    return {
        "SAML_METADATA": str(folder / "idp.xml"),
        "SAML_KEY": pairs["own"].key_file,
        "SAML_CERTIFICATE": pairs["own"].certificate_file,
    }


@pytest.fixture
def by_hand(own, pairs):
    return {name: value for name, value in own.items() if name != "SAML_METADATA"} | {
        "SAML_IDP_ENTITY_ID": f"{BASE}/idp",
        "SAML_SSO_URL": f"{BASE}/sso",
        "SAML_IDP_CERTIFICATE": f"{pairs['idp'].certificate_file},{pairs['new'].certificate_file}",
    }


def app(told) -> dict:
    [found] = saml.provider(Env(told))["saml"]["APPS"]
    return found["settings"]


def test_without_its_variables_there_is_none():
    assert saml.provider(Env({})) == {}
    assert saml.origins(Env({})) == []


def test_metadata_of_a_file_is_read_at_the_start(own, pairs):
    idp = app(own)["idp"]
    assert idp["entityId"] == f"{BASE}/idp"
    assert idp["singleSignOnService"] == {"url": f"{BASE}/sso"}
    assert idp["x509certMulti"]["signing"] == [pairs["idp"].certificate.decode()]
    assert saml.origins(Env(own | {"SAML_ORIGINS": "https://b.dk"})) == [BASE, "https://b.dk"]


def test_metadata_at_an_address_is_asked_for_later(own):
    told = own | {"SAML_METADATA": f"{BASE}/metadata.xml"}
    assert app(told)["idp"] is None
    assert saml.origins(Env(told)) == [BASE]


def test_without_metadata_it_is_written_by_hand(by_hand):
    idp = app(by_hand | {"SAML_SLO_URL": f"{BASE}/slo"})["idp"]
    assert idp["singleLogoutService"] == {"url": f"{BASE}/slo"}
    # Two, while it changes them.
    assert len(idp["x509certMulti"]["signing"]) == 2
    for name in ("SAML_IDP_ENTITY_ID", "SAML_IDP_CERTIFICATE"):
        with pytest.raises(ImproperlyConfigured, match=name):
            app({key: value for key, value in by_hand.items() if key != name})


def test_what_cannot_be_right_is_named(own, pairs, folder):
    short, old, new = pairs["short"], pairs["old"], pairs["new"]
    wrong = {
        "SAML_METADATA": [str(folder / "nothing.xml"), str(folder / "nonsense"), "http://a.dk/m"],
        "SAML_KEY": ["", "/nowhere", short.key_file, new.key_file, str(folder / "nonsense")],
        "SAML_CERTIFICATE": ["", old.certificate_file, new.certificate_file, own["SAML_KEY"]],
        "SAML_SSO_URL": [f"{BASE}/sso"],
        "SAML_IDP_ENTITY_ID": ["https://en.anden", "a'b"],
        "SAML_LEVEL": ["Høj", "Low,High", "2"],
        "SAML_SUBJECT_ATTRIBUTE": ["https://data.gov.dk/model/core/eid/cprNumber"],
        # Beside a file, which needs none.
        "SAML_METADATA_CERTIFICATE": [new.certificate_file],
        "SAML_EMAIL_DOMAINS": ["*", "dk", "a@b.dk", "*.b.dk"],
    }
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(ImproperlyConfigured, match="SAML_") as refusal:
                app(own | {name: value})
            said = str(refusal.value)
            assert name in said or name in ("SAML_SSO_URL", "SAML_KEY"), (name, value, said)
            # No key in a message.
            assert "BEGIN" not in said


def test_a_level_is_of_nsis_or_by_how_they_logged_in(own):
    found = app(own | {"SAML_LEVEL": "substantial"})
    assert (found["level"], found["class_refs"]) == ("substantial", [])
    found = app(own | {"SAML_LEVEL": "urn:a, urn:b"})
    assert (found["level"], found["class_refs"]) == ("", ["urn:a", "urn:b"])


def test_passwords_may_be_off_with_it_alone(own):
    assert not Env(own | {"PASSWORD_LOGIN": "0"}).password_login()


def changed(pairs, change) -> bytes:
    root = etree.fromstring(metadata(BASE, pairs["idp"]))
    change(root)
    return etree.tostring(root)


def test_metadata_that_cannot_be_used_is_refused(pairs):
    written = metadata(BASE, pairs["idp"])
    both = b"<a>" + written + written + b"</a>"
    bad = {
        "2 identity providers": both,
        "0 identity providers": b"<a/>",
        "DTD": b'<!DOCTYPE a [<!ENTITY b "c">]>' + written,
        "no XML": b"hej",
        "is over": changed(pairs, lambda root: root.set("validUntil", "2020-01-01T00:00:00Z")),
        "over": changed(pairs, lambda root: root[0].set("validUntil", "2020-01-01T00:00:00Z")),
        "no time": changed(pairs, lambda root: root.set("validUntil", "snart")),
        "HTTP-Redirect": changed(pairs, lambda root: root[0].remove(root[0][2])),
        "RSA key": metadata(BASE, pairs["short"]),
        "login.kommune.example/sso' is no address with https": changed(
            pairs, lambda root: root[0][2].set("Location", "http://login.kommune.example/sso")
        ),
        "localhost/a' is no address with https": changed(
            pairs, lambda root: root[0][1].set("Location", "javascript://localhost/a")
        ),
        "cannot be read": written.replace(b"MII", b"AAA", 1),
    }
    for why, one in bad.items():
        with pytest.raises(BadMetadata, match=why):
            organisation_of(one)
    assert organisation_of(written, f"{BASE}/idp")["entityId"] == f"{BASE}/idp"
    with pytest.raises(BadMetadata, match="0 identity"):
        organisation_of(written, "https://en.anden")


@pytest.fixture
def at_an_address(own, pairs, settings, db, served):
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = saml.provider(Env(own | {"SAML_METADATA": served.address}))
    return served


@pytest.fixture
def served(pairs):
    """Metadata at an address on loopback; ``content`` is what stands there, None for an error."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
            content = self.server.content
            self.send_response(self.server.status)
            self.send_header("Location", "https://ond.example/")
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.content, server.status, server.asked = metadata(BASE, pairs["idp"]), 200, 0
        server.headers = {}
        server.address = f"http://127.0.0.1:{server.server_port}/metadata.xml"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


START = "/konto/saml/organisation/login/?process=login"


def test_metadata_at_an_address_is_kept_for_an_hour(at_an_address):
    for _again in range(3):
        assert Client().post(START).url.startswith(f"{BASE}/sso?")
    assert at_an_address.asked == 1
    # Its own page needs none of it.
    cache.clear()
    assert Client().get("/konto/saml/organisation/metadata/").status_code == 200
    assert at_an_address.asked == 1


def test_what_it_said_last_counts_while_it_is_away(at_an_address):
    url = at_an_address.address
    assert Client().post(START).status_code == 302
    cache.delete(metadata_key("fresh", url, ""))
    at_an_address.status = 503
    assert Client().post(START).url.startswith(f"{BASE}/sso?")


def until(pairs, moment: dt.datetime) -> bytes:
    return changed(pairs, lambda root: root.set("validUntil", moment.isoformat()))


def test_what_it_said_last_counts_no_longer_than_it_said(at_an_address, pairs, caplog):
    """Else a key that was withdrawn would open accounts for a week more."""
    now = dt.datetime.now(dt.UTC)
    at_an_address.content = until(pairs, now + dt.timedelta(minutes=30))
    assert Client().post(START).status_code == 302
    at_an_address.status = 503
    with time_machine.travel(now + dt.timedelta(minutes=29)):
        assert Client().post(START).status_code == 302
    assert at_an_address.asked == 1
    with time_machine.travel(now + dt.timedelta(minutes=31)):
        page = Client().post(START)
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
    # It was asked anew, although the hour was not over.
    assert at_an_address.asked == 2
    assert [one.reason for one in caplog.records if "not renewed" in one.message] == ["HTTPError"]


def test_nor_does_that_of_a_file(own, pairs, folder, settings, db):
    """A portal that was started before."""
    cache.clear()
    now, file = dt.datetime.now(dt.UTC), folder / "ends.xml"
    file.write_bytes(until(pairs, now + dt.timedelta(minutes=30)))
    settings.SOCIALACCOUNT_PROVIDERS = saml.provider(Env(own | {"SAML_METADATA": str(file)}))
    assert Client().post(START).status_code == 302
    with time_machine.travel(now + dt.timedelta(minutes=31)):
        assert "Det lykkedes ikke at logge ind" in Client().post(START).content.decode()


@pytest.fixture
def pinned(at_an_address, own, pairs, settings):
    """Metadata that must be signed by ``new``, or by ``idp``."""
    told = own | {"SAML_METADATA": at_an_address.address}
    files = f"{pairs['new'].certificate_file},{pairs['idp'].certificate_file}"
    settings.SOCIALACCOUNT_PROVIDERS = saml.provider(
        Env(told | {"SAML_METADATA_CERTIFICATE": files})
    )
    return at_an_address


def signed(pairs, name: str, **how) -> bytes:
    def by(root):
        root.set("ID", "_metadata")
        sign(root, pairs[name], **how)

    return changed(pairs, by)


@pytest.mark.parametrize("name", ["new", "idp"])
def test_metadata_that_is_signed_as_wanted_is_taken(pinned, pairs, name):
    pinned.content = signed(pairs, name)
    assert Client().post(START).url.startswith(f"{BASE}/sso?")


def wrapped(pairs) -> bytes:
    """What was signed stands in it still, and a stranger's provider around it."""
    inner = etree.fromstring(signed(pairs, "new"))
    outer = etree.fromstring(metadata("https://ond.example", pairs["own"]))
    outer.append(inner)
    return etree.tostring(outer)


def moved(pairs) -> bytes:
    """The signature of another element, taken along."""
    inner = etree.fromstring(signed(pairs, "new"))
    outer = etree.fromstring(metadata("https://ond.example", pairs["own"]))
    outer.set("ID", "_ond")
    outer.insert(0, inner[1])
    outer.append(inner)
    return etree.tostring(outer)


def of_another(pairs, name: str) -> etree._Element:
    """What the same key has signed of somebody who is no provider."""
    root = etree.fromstring(
        metadata("https://b.dk", pairs["own"]).replace(b"IDPSSODescriptor", b"SPSSODescriptor")
    )
    root.set("ID", name)
    sign(root, pairs["new"])
    return root


def inside(pairs) -> bytes:
    """A stranger's provider in the signature, which signs all but itself and what tells its key."""
    root = of_another(pairs, "_metadata")
    [signature] = root.xpath("ds:Signature", namespaces=NAMES)
    told = etree.SubElement(signature, f"{{{NAMES['ds']}}}KeyInfo")
    told.append(etree.fromstring(metadata("https://ond.example", pairs["own"])))
    return etree.tostring(root)


def nameless(pairs) -> bytes:
    """The signature of an element whose name is that of having none."""
    inner = of_another(pairs, "None")
    outer = etree.fromstring(metadata("https://ond.example", pairs["own"]))
    [signature] = inner.xpath("ds:Signature", namespaces=NAMES)
    outer.insert(0, signature)
    outer.append(inner)
    return etree.tostring(outer)


BAD = {
    "in the signature": (inside, "signature with content"),
    "nameless": (nameless, "signature of another element"),
    "unsigned": (lambda pairs: metadata(BASE, pairs["idp"]), "it is not signed"),
    "a stranger's": (lambda pairs: signed(pairs, "own"), "not signed by a key"),
    "changed": (
        lambda pairs: signed(pairs, "new").replace(b"/sso", b"/ond"),
        "not signed by a key",
    ),
    "SHA-1": (
        lambda pairs: signed(pairs, "new", method=xmlsec.constants.TransformRsaSha1),
        "weak signature",
    ),
    "wrapped": (wrapped, "it is not signed"),
    "moved": (moved, "signature of another element"),
}


@pytest.mark.parametrize("how", BAD)
def test_other_metadata_is_not_taken_and_the_last_counts(pinned, pairs, caplog, how):
    make, why = BAD[how]
    pinned.content = make(pairs)
    assert "Det lykkedes ikke at logge ind" in Client().post(START).content.decode()
    assert why in next(one.reason for one in caplog.records if "not renewed" in one.message)
    pinned.content = signed(pairs, "new")
    assert Client().post(START).status_code == 302
    [app] = settings_of_django.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"]
    cache.delete(
        metadata_key("fresh", pinned.address, "", *app["settings"]["metadata_certificates"])
    )
    pinned.content = make(pairs)
    assert Client().post(START).url.startswith(f"{BASE}/sso?")


def test_what_was_read_before_a_key_was_named_does_not_count(at_an_address, request, settings):
    assert Client().post(START).status_code == 302
    request.getfixturevalue("pinned")
    assert Client().post(START).status_code == 401


@pytest.mark.parametrize("status", [503, 302, 404, 200])
def test_one_that_is_away_is_told_of_on_a_page(at_an_address, status):
    at_an_address.status = status
    at_an_address.content = b"hej"
    page = Client().post(START)
    assert 400 <= page.status_code < 500
    assert "Det lykkedes ikke at logge ind" in page.content.decode()


def test_an_answer_that_breaks_off_or_is_packed_wrong_is_told_of_on_a_page(at_an_address, pairs):
    good = at_an_address.content
    no_address = changed(pairs, lambda root: root[0][2].set("Location", "https://a b/sso"))
    for headers, content in (
        ({"Content-Encoding": "gzip"}, b"hej"),
        ({"Content-Length": "9999"}, good),
        ({}, no_address),
    ):
        cache.clear()
        at_an_address.headers, at_an_address.content = headers, content
        page = Client().post(START)
        assert 400 <= page.status_code < 500, headers
        assert "Det lykkedes ikke at logge ind" in page.content.decode()


def test_the_start_stops_without_its_packages_and_says_which(own, tmp_path):
    """Where only ``requirements.lock`` is installed."""
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'onelogin' else found(name, *more)\n"
    )
    root = Path(__file__).resolve().parents[3]
    start = [sys.executable, "manage.py", "check"]
    about = {"PATH": os.environ["PATH"], "DEBUG": "1", "PYTHONPATH": str(tmp_path)}
    about["DATABASE_URL"] = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    result = subprocess.run(start, cwd=root, env=about, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    result = subprocess.run(start, cwd=root, env=about | own, capture_output=True, text=True)
    assert result.returncode != 0
    assert "requirements-saml.lock" in result.stderr.splitlines()[-1]
