"""Numbers in the query of an address, and the address of the portal itself."""

import inspect
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
    """Whether the portal answers a link to ``path``: not where it only takes what a form sends.

    After a log-in the browser asks by GET for what was asked for before, which may be a form's own
    address; that would be a page that says 405.
    """
    try:
        view: Any = resolve(urlsplit(path).path).func
    except (Resolver404, ValueError):
        return False
    if found := getattr(view, "view_class", None):
        return hasattr(found, "get") and "get" in found.http_method_names
    while view is not None:
        # Where Django's ``require_http_methods`` keeps what it lets through.
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True
