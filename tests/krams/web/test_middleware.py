"""What happens around every request."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.test import Client

from krams.web.middleware import MaintenanceMiddleware

POLICIES = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "TRACK", "CONNECT"])
def test_methods_that_no_page_answers(client, db, method):
    response = client.generic(method, "/hjaelp/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_parts_and_pages_are_kept_apart_by_caches(client, db):
    vary = client.get("/hjaelp/").headers["Vary"]
    assert {"HX-Request", "Cookie"} <= {name.strip() for name in vary.split(",")}


def test_nothing_inline_may_run(client, db):
    policy = client.get("/hjaelp/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_whatever_is_answered_carries_the_policies(client, login, make_user, db):
    client.raise_request_exception = False
    # A page, one that is not there, a file, what sends on, what may not be asked for.
    for method, path in [
        ("GET", "/hjaelp/"),
        ("GET", "/findes-ikke/"),
        ("GET", "/static/ui.js"),
        ("GET", "/"),
        ("TRACE", "/"),
        ("POST", "/was"),
    ]:
        headers = client.generic(method, path).headers
        assert {name: headers.get(name) for name in POLICIES} == POLICIES, path
        assert "camera=()" in headers["Permissions-Policy"]
        # "no-referrer" would make browsers send "Origin: null" with forms, which are then refused.
        assert headers["Referrer-Policy"] in ("same-origin", "strict-origin")


def test_no_page_may_be_framed(client, db):
    for path in ("/hjaelp/", "/findes-ikke/", "/konto/login/"):
        assert client.get(path).headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("host", ["ond.example", "x.ond.example", "a b", "", "testserver:x"])
@pytest.mark.parametrize("path", ["/hjaelp/", "/konto/login/", "/findes-ikke/"])
def test_another_host_is_no_name_of_ours(client, db, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "Det forstod portalen ikke" in answer.content.decode()
    assert "ond.example" not in answer.content.decode()


def test_the_answer_says_its_language(client, db):
    assert client.get("/hjaelp/").headers["Content-Language"] == "da"


@pytest.mark.parametrize("typed", ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85"])
def test_a_control_character_that_was_typed_comes_back_as_a_harmless_one(client, db, typed):
    response = client.post("/konto/login/", {"login": f"a{typed}b@ærø.example", "password": "x"})
    assert response.status_code == 422
    assert "a\ufffdb@ærø.example" in response.content.decode()
    assert typed not in response.content.decode()
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_what_is_no_control_character_is_left_alone(client, db):
    typed = "àÂ🌱\t\u200f"
    response = client.post("/konto/login/", {"login": typed, "password": "x"})
    assert typed in response.content.decode()


@pytest.fixture
def maintenance(settings):
    settings.MAINTENANCE = True
    return Client()


@pytest.mark.parametrize("path", ["/", "/konto/login/", "/was", "/admin/", "/findes-ikke"])
def test_during_maintenance_every_page_says_so(maintenance, path):
    # Without a database: it may be what is being looked after.
    response = maintenance.get(path)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "600"
    assert "Portalen bliver vedligeholdt" in response.content.decode()


def test_during_maintenance_posting_saves_nothing(maintenance):
    assert maintenance.post("/konto/login/", {"login": "a@b.example"}).status_code == 503


def test_during_maintenance_health_and_files_go_on(maintenance, db):
    assert maintenance.get("/healthz").status_code == 200
    assert maintenance.get("/static/ui.js").status_code == 200


def test_without_maintenance_nothing_is_in_the_way():
    with pytest.raises(MiddlewareNotUsed):
        MaintenanceMiddleware(lambda request: None)
