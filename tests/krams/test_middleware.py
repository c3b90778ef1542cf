"""What happens around every request."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.test import Client

from krams.middleware import MaintenanceMiddleware


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


def test_the_answer_says_its_language(client, db):
    assert client.get("/hjaelp/").headers["Content-Language"] == "da"


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
