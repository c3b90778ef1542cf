"""The help by sections, as the search finds them: read from the page itself, once a language."""

from functools import lru_cache
from html.parser import HTMLParser

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..enums import Role
from ..search.registry import Page

ROLE_TEXTS = (
    (Role.STAFF, _("logs and corrects activities at the own facility")),
    (Role.MANAGER, _("also edits the initiative, the plan, the criteria and the meetings")),
    (Role.EDITOR, _("edits the own authority's column in the matrix")),
    (Role.COORDINATOR, _("keeps the cluster's proposals and editions")),
    (Role.VIEWER, _("reads, but changes nothing")),
    (Role.ADMINISTRATOR, _("may do all of this in the own organisation or cluster")),
)


def roles() -> list[tuple[str | Promise, str | Promise]]:
    """What each role may do."""
    return [(role.label, text) for role, text in ROLE_TEXTS]


def sections() -> list[Page]:
    """Title, text and address of each section, in the language that is spoken now."""
    return list(_sections(get_language() or ""))


@lru_cache(maxsize=4)
def _sections(language: str) -> tuple[Page, ...]:
    reader = _Reader()
    reader.feed(render_to_string("krams/pages/help.html#content", {"roles": roles()}))
    page = reverse("help")
    return tuple(
        (" ".join(title.split()), " ".join(text.split()), f"{page}#{anchor}")
        for anchor, title, text in reader.found
    )


class _Reader(HTMLParser):
    """Reads ``<section id>`` with its heading."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._is_inside = self._is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            anchor = dict(attrs).get("id") or ""
            self._is_inside = bool(anchor)
            if anchor:
                self.found.append([anchor, "", ""])
        elif tag == "h2":
            self._is_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._is_inside = False
        elif tag == "h2":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            # With a space: what stands in cells and list items are no compounds.
            self.found[-1][1 if self._is_title else 2] += f"{data} "
