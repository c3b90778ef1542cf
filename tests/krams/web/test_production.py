"""What only a portal with https does: headers and cookies of the settings of production."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

# A process of its own: the settings are read once, and those of tests speak plain HTTP.
ASKS = """
import json, django
django.setup()
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
with connection.schema_editor() as schema:
    schema.create_model(Session)
def logged_in(request):
    request.session["somebody"] = 1
    return HttpResponse()
client = Client(headers={"host": "portal.example.dk"})
pages = {
    "secure": client.get("/hjaelp/", secure=True),
    "language": client.post("/sprog/", {"language": "en"}, secure=True),
    "session": SessionMiddleware(logged_in)(RequestFactory().get("/", secure=True)),
    "plain": client.get("/hjaelp/"),
    "calendar": client.get("/kalender/en-hemmelighed.ics"),
    "live": client.get("/healthz", secure=True),
    "ready": client.get("/readyz", secure=True),
    "plain live": client.get("/healthz"),
}
with connection.cursor() as cursor:
    cursor.execute("PRAGMA synchronous")
    [synchronous] = cursor.fetchone()
print(json.dumps({"synchronous": synchronous} | {
    name: [
        page.status_code,
        dict(page.headers),
        {cookie.key: cookie.OutputString() for cookie in page.cookies.values()},
    ]
    for name, page in pages.items()
}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
        "SECRET_KEY": "tests-of-production-only-0123456789-abcdefghijklmnop",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('production')}/portal.sqlite3",
        "ALLOWED_HOSTS": "portal.example.dk",
        "DEBUG": "0",
        "HTTPS": "1",
        "LOG_LEVEL": "ERROR",
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASKS],
        cwd=settings.BASE_DIR,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_browsers_insist_on_https_for_a_year(answers):
    assert answers["secure"][1]["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains"
    )
    status, headers, _cookies = answers["plain"]
    assert (status, headers["Location"]) == (301, "https://portal.example.dk/hjaelp/")


def test_cookies_that_no_script_reads_are_hidden_from_scripts(answers):
    """The token of forms is read by ``ui.js``: it changes when somebody logs in in another tab."""
    cookies = answers["secure"][2] | answers["language"][2]
    assert "HttpOnly" in cookies["__Host-django_language"]
    assert "HttpOnly" not in cookies["__Host-csrftoken"]
    script = (settings.BASE_DIR / "static" / "ui.js").read_text()
    assert "__Host-csrftoken=" in script
    assert "sessionid" not in script
    assert settings.SESSION_COOKIE_HTTPONLY


def test_a_secret_of_a_calendar_is_not_sent_on_from_plain_http(answers):
    """A program that is sent on asks the same way the next time, for everybody to read."""
    status, headers, _cookies = answers["calendar"]
    assert status == 403
    assert "Location" not in headers


def test_who_asks_whether_it_lives_gets_the_headers_of_a_page(answers):
    page = answers["secure"][1]
    for name, status in (("live", 200), ("ready", 503)):
        assert answers[name][0] == status
        headers = answers[name][1]
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        for header in (
            *("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"),
            *("X-Frame-Options", "Referrer-Policy", "Permissions-Policy"),
            *("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"),
        ):
            assert headers[header] == page[header], header
    # A service manager has no certificate to check.
    assert answers["plain live"][0] == 200


def test_cookies_are_the_hosts_own(answers):
    """Browsers drop a cookie of such a name that has a domain, another path or came by HTTP."""
    cookies = answers["secure"][2] | answers["language"][2] | answers["session"][2]
    names = ["csrftoken", "django_language", "sessionid"]
    assert sorted(cookies) == [f"__Host-{name}" for name in names]
    for cookie in cookies.values():
        assert "Secure" in cookie
        assert "Path=/;" in f"{cookie};"
        assert "Domain" not in cookie
        assert "SameSite=Lax" in cookie


def test_what_was_told_is_saved_is_on_the_disk(answers):
    """FULL: the write-ahead log is synced with each transaction, not with each checkpoint."""
    assert answers["synchronous"] == 2
