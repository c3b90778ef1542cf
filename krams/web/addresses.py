"""Numbers in the query of an address, and the address of the portal itself."""

from django.conf import settings
from django.http import HttpRequest


def number_of(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def portal_address(request: HttpRequest | None = None) -> str:
    """What links in e-mails begin with: as the settings say, else as the portal was asked."""
    if settings.PORTAL_URL or request is None:
        return settings.PORTAL_URL
    return f"{request.scheme}://{request.get_host()}"
