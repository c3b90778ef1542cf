"""Reads what two versions of an initiative differ in, and when it was put into force."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from krams.database.keyset import Keyset, Page, Place, Way
from krams.database.prepared import prepared
from krams.history import word_differences

from ...enums import InitiativeStatus
from ...models import Initiative, SectionChange
from ..document import Document
from ..journal import STATUS, TITLES, shown
from ..sections import BY_SLUG, section_text
from .document import read_document

CHANGES_A_PAGE = 30
# Of an initiative, where each version is one change.
CHANGES = Keyset(version=int)


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the document that reads otherwise in two versions."""

    slug: str
    title: str
    text: SafeString


def put_into_force(initiative: str) -> Subquery:
    """When an initiative was last put into force; ``initiative`` is the path to it from a row.

    Null where the journal tells of none: it has been in force since it was imported.
    """
    decided = SectionChange.objects.filter(
        initiative=OuterRef(initiative), section=STATUS, after__startswith=InitiativeStatus.ACTIVE
    )
    return Subquery(decided.order_by("-version").values("saved_at")[:1])


@prepared
def _changes(initiative: Initiative, way: Way, version: int | None) -> QuerySet[SectionChange]:
    mine = SectionChange.objects.filter(initiative=initiative).select_related("saved_by")
    return CHANGES.cut(mine, way, (version,), CHANGES_A_PAGE)


def changes_of(initiative: Initiative, place: Place) -> Page[SectionChange]:
    """A page of its journal, newest first."""
    return CHANGES.read(place, CHANGES_A_PAGE, lambda *edge: _changes(initiative, *edge))


@prepared
def _all_changes(initiative: Initiative) -> QuerySet[SectionChange]:
    return SectionChange.objects.filter(initiative=initiative).order_by("version")


def read_differences(initiative: Initiative, older: int, newer: int) -> list[Difference]:
    """What reads otherwise, part by part in the document's order; three queries with the document.

    A part's text in a version is what the last change up to it left; before the first change it is
    what that one found, and without any change it is what stands now.
    """
    document = read_document(initiative)
    changes: dict[str, list[SectionChange]] = {}
    for change in _all_changes(initiative):
        changes.setdefault(change.section, []).append(change)
    found = []
    for slug, title in TITLES.items():
        mine = changes.get(slug, [])
        if not mine:
            # What nobody has changed is the same in all versions.
            continue
        old, new = (_text_at(mine, version, slug, document) for version in (older, newer))
        if old != new:
            text = word_differences.inline(shown(slug, old), shown(slug, new))
            found.append(Difference(slug, str(title), text))
    return found


def _text_at(changes: list[SectionChange], version: int, slug: str, document: Document) -> str:
    if version >= changes[-1].version and slug in BY_SLUG:
        # What stands now; an import may have changed it without the journal.
        return section_text(BY_SLUG[slug], document.values(BY_SLUG[slug]))
    earlier = [change for change in changes if change.version <= version]
    return earlier[-1].after if earlier else changes[0].before
