"""Numbers in the query of an address, and the address of the portal itself."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve


def number_of(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def portal_address(request: HttpRequest | None = None) -> str:
    """What links in e-mails begin with: as the settings say, else as the portal was asked."""
    if settings.PORTAL_URL or request is None:
        return settings.PORTAL_URL
    return f"{request.scheme}://{request.get_host()}"


def leads_to_a_page(path: str) -> bool:
    """Whether a link may lead to ``path``: not where the portal only takes what a form sends.

    After a log-in the browser asks by GET for what was asked for before, which may be a form's own
    address; that would be a page that says 405. A page that is not there says so itself.
    """
    view = _view_of(urlsplit(path).path)
    if found := getattr(view, "view_class", None):
        return hasattr(found, "get") and "get" in found.http_method_names
    while view is not None:
        if "GET" not in _methods_of(view):
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def _methods_of(function: Any) -> Iterable[str]:
    """What Django's ``require_http_methods`` lets through; it keeps that in its closure alone."""
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    if "request_method_list" not in names:
        return ("GET",)
    return function.__closure__[names.index("request_method_list")].cell_contents


def _view_of(path: str) -> Any:
    """Also of a path that lacks its last "/"; None for one that leads nowhere."""
    for tried in (path, f"{path}/"):
        try:
            return resolve(tried).func
        except Resolver404:
            continue
    return None


def page_before(request: HttpRequest) -> str:
    """The page of the portal on which a form stood, as the browser says; else the first page."""
    before = urlsplit(request.headers.get("Referer", ""))
    path = before.path + (f"?{before.query}" if before.query else "")
    is_ours = before.netloc == request.get_host() and path.startswith("/")
    return path if is_ours and not path.startswith("//") and leads_to_a_page(path) else "/"
