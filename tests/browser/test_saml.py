"""The organisation's SAML log-in in a browser: its page is on another site, so nothing that it
posts brings our session cookie along (SameSite=Lax), and still the right browser gets in.
"""

import html
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser.words import da
from tests.krams.log_in import saml_idp

from .conftest import ROOT, context_of, environment, wait_until_it_answers

pytestmark = pytest.mark.browser
# The portal is at localhost, which is another site than this.
HOST = "127.0.0.1"
FORM = """<!doctype html><html lang="da"><title>Kommunens login</title>
<form method="post" action="{to}"><input type="hidden" name="SAMLResponse" value="{answer}">
<button>Log mig ind</button></form></html>"""


class Answers(BaseHTTPRequestHandler):
    """The organisation's pages: who asks is logged in, who leaves is sent back."""

    def do_GET(self):
        idp, address = self.server.idp, f"http://{HOST}{self.path}"
        if self.path.startswith("/sso?"):
            root = idp.signed(idp.answer(address, email=self.server.email))
            to, answer = root.get("Destination"), saml_idp.encoded(root)
            page = FORM.format(to=html.escape(to), answer=answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)
        elif self.path.startswith("/slo?"):
            self.server.left += 1
            self.send_response(302)
            self.send_header("Location", idp.left(address, self.server.sls))
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, *args):
        pass


@pytest.fixture
def organisation(prepared, tmp_path):
    """The portal with that log-in alone, and the log-in; "who" gets in is a person of the demo."""
    pairs = {name: saml_idp.make_pair(tmp_path, name) for name in ("idp", "own")}
    with ThreadingHTTPServer((HOST, 0), Answers) as idp, socket.socket() as probe:
        base = f"http://{HOST}:{idp.server_port}"
        (tmp_path / "idp.xml").write_bytes(saml_idp.metadata(base, pairs["idp"]))
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
        probe.close()
        database = tmp_path / "portal.sqlite3"
        shutil.copy(prepared.database, database)
        log = (tmp_path / "log").open("w+")
        told = {
            "SAML_METADATA": str(tmp_path / "idp.xml"),
            "SAML_KEY": pairs["own"].key_file,
            "SAML_CERTIFICATE": pairs["own"].certificate_file,
            "SAML_EMAIL_DOMAINS": "demo.example",
            # Both sides ask the same clock.
            "BROWSER_TESTS_NOW": "",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "krams.wsgi"],
            cwd=ROOT,
            env=environment(
                database,
                prepared.static,
                BIND=f"{HOST}:{port}",
                WEB_WORKERS="1",
                WEB_THREADS="4",
                **told,
            ),
            stderr=log,
        )
        thread = Thread(target=idp.serve_forever)
        try:
            address = f"http://localhost:{port}"
            wait_until_it_answers(address, process, log)
            place = f"{address}/konto/saml/organisation/"
            with urllib.request.urlopen(f"{place}metadata/", timeout=30) as known:
                idp.idp = saml_idp.Provider(base, pairs["idp"], known.read())
            idp.sls, idp.left, idp.email, idp.portal = f"{place}sls/", 0, "", address
            idp.database = database
            thread.start()
            yield idp
        finally:
            idp.shutdown()
            process.terminate()
            process.wait(timeout=30)


def test_there_and_back_and_out_again(organisation, new_context, prepared):
    with sqlite3.connect(organisation.database) as portal:
        [organisation.email] = portal.execute(
            "SELECT email FROM krams_user WHERE email LIKE 'leder@%'"
        ).fetchone()
    portal.close()
    page = context_of(new_context, "", organisation.portal, prepared).new_page()
    complaints, posted = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: posted.append(request) if "/acs/" in request.url else None)
    page.goto("/konto/login/?next=/konto/indstillinger/")
    page.get_by_role("button", name="Log ind med kommunens login").click()
    expect(page).to_have_title("Kommunens login")
    page.get_by_role("button", name="Log mig ind").click()
    expect(page.get_by_role("heading", level=1, name=da("Settings"))).to_be_visible()

    answer, finish = posted
    assert (answer.method, finish.method) == ("POST", "GET")
    assert "sessionid" not in answer.all_headers().get("cookie", "")
    assert "sessionid" in finish.all_headers()["cookie"]
    names = {cookie["name"] for cookie in page.context.cookies(organisation.portal)}
    assert names <= {"sessionid", "csrftoken", "django_language"}

    page.locator(".menu > summary").click()
    page.get_by_role("button", name=da("Log out")).click()
    expect(
        page.get_by_text(da("You are logged out of your organisation's log-in too."))
    ).to_be_visible()
    assert organisation.left == 1
    page.goto("/konto/indstillinger/")
    expect(page.get_by_role("button", name="Log ind med kommunens login")).to_be_visible()
    # Nothing on the way was blocked: form-action knows the organisation's addresses.
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_another_browsers_answer_opens_nothing(organisation, new_context, prepared):
    """Somebody has this browser post an answer that was made for their own."""
    organisation.email = "leder@demo.example"
    theirs = context_of(new_context, "", organisation.portal, prepared).new_page()
    theirs.goto("/konto/login/")
    theirs.get_by_role("button", name="Log ind med kommunens login").click()
    expect(theirs).to_have_title("Kommunens login")
    form = theirs.content()
    victim = context_of(new_context, "", organisation.portal, prepared).new_page()
    victim.goto("/konto/login/")
    victim.goto(f"http://{HOST}:{organisation.server_port}/")
    victim.set_content(form)
    victim.get_by_role("button", name="Log mig ind").click()
    expect(victim.get_by_role("heading", name=da("The log-in did not work"))).to_be_visible()
