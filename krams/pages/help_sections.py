"""The help by groups and sections: read from the pages themselves, once a language.

A new section is a ``<section id>`` in the template of its group, and a line in ``help_places``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
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


@dataclass(frozen=True, slots=True)
class Group:
    """A page of the help. ``slug`` stands in its address and names its template in ``help/``."""

    slug: str
    title: str | Promise


GROUPS = (
    Group("hverdag", _("Everyday at the facility")),
    Group("ugeplan", _("Weekly plan and activity types")),
    Group("indsats", _("Initiative, criteria and meetings")),
    Group("opfoelgning", _("Follow-up across facilities")),
    Group("klynge", _("The cluster and its matrix")),
    Group("portalen", _("Accounts, files and the portal")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """``anchor`` is its id, unique in all of the help."""

    anchor: str
    title: str
    text: str
    address: str


def group_of(slug: str) -> Group | None:
    return next((group for group in GROUPS if group.slug == slug), None)


def contents() -> list[tuple[Group, list[Section]]]:
    """Each group with its sections, in the language that is spoken now."""
    found = _contents(get_language() or "")
    return [(group, list(found[group.slug])) for group in GROUPS]


def sections() -> list[Page]:
    """Title, text and address of each section, as the search takes them."""
    every = (section for _group, found in contents() for section in found)
    return [(section.title, section.text, section.address) for section in every]


def address_of(anchor: str) -> str:
    """Where the section stands. Raises ``KeyError`` for one that is not there."""
    return _addresses()[anchor]


@cache
def _addresses() -> dict[str, str]:
    every = (section for found in _contents("da").values() for section in found)
    return {section.anchor: section.address for section in every}


@lru_cache(maxsize=4)
def _contents(language: str) -> dict[str, tuple[Section, ...]]:
    with translation.override(language):
        return {group.slug: tuple(_read(group)) for group in GROUPS}


def _read(group: Group) -> Iterator[Section]:
    reader = _Reader()
    reader.feed(render_to_string(f"krams/pages/help/{group.slug}.html", {"roles": roles()}))
    page = reverse("help-group", args=[group.slug])
    for anchor, title, text in reader.found:
        yield Section(anchor, " ".join(title.split()), " ".join(text.split()), f"{page}#{anchor}")


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
