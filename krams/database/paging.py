"""The ways between the pages of a long list, and the one that an address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from .keyset import Keyset, Page, Place


def place_of(order: Keyset, request: HttpRequest) -> Place:
    """Raises ``Http404`` for a place that no page has led to."""
    try:
        return order.place(request.GET)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True)
class Pager:
    """Addresses of the newest page and those beside this one; "" where there is none.

    On the page after the newest, newest and newer may show the same; both are offered, since what
    has come in since is not counted.
    """

    newest: str
    newer: str
    older: str

    @classmethod
    def of(
        cls, page: Page[Any], kept: Mapping[str, str] | None = None, anchor: str = ""
    ) -> "Pager":
        """``kept`` of the address goes along, such as a filter; ``anchor`` is where to look."""
        kept = kept or {}

        def address(place: Place | None) -> str:
            query = {**kept, **place.query} if place else {}
            return f"?{urlencode(query)}{anchor}" if place else ""

        top = "" if page.is_newest else f"?{urlencode(kept)}{anchor}"
        return cls(top, address(page.newer), address(page.older))

    def __bool__(self) -> bool:
        return bool(self.newest or self.newer or self.older)
