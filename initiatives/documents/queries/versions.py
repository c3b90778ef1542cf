"""What the journal of an initiative tells beside its ten sections, and any two versions of it.

Status, participating facilities and a facility's own texts are no sections of the form, but they
change like sections do; in the journal each has a slug of its own.
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from krams.danish.collation import sort_key
from krams.history import word_differences

from ...enums import InitiativeStatus
from ...models import Initiative, SectionChange
from ..sections import BY_SLUG, STORED_DAY, days_in_words, in_words, section_text
from .document import Document

STATUS, FACILITIES, LOCAL = "status", "botilbud", "lokalt"
TITLES = {
    **{slug: section.title for slug, section in BY_SLUG.items()},
    STATUS: _("Status"),
    FACILITIES: _("Facilities that take part"),
    LOCAL: _("What single facilities do"),
}
# Where on the initiative's page it stands.
ANCHORS = {STATUS: "livsforloeb", FACILITIES: "botilbud", LOCAL: "beskrivelse"}


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


def status_text(initiative: Initiative) -> str:
    """The status as its code, so that the journal reads in whatever language it is opened."""
    until = initiative.paused_until
    parts = (initiative.status, initiative.status_reason, until and f"{until:{STORED_DAY}}")
    return "\n".join(part for part in parts if part)


def facilities_text(initiative: Initiative) -> str:
    return "\n".join(f"• {place.name}" for place in initiative.facilities.order_by("name", "pk"))


def local_text(document: Document) -> str:
    rows = (
        f"{line.place_name}, {part.factor.value}: {line.text}"
        for part in document.factor_parts
        for line in part.local
    )
    return "\n\n".join(sorted(rows, key=sort_key))


def shown(slug: str, text: str) -> str:
    """A text of the journal as it is shown: the code of a status becomes its word, a date too."""
    if slug != STATUS:
        return in_words(slug, text)
    code, _end, rest = text.partition("\n")
    if code not in InitiativeStatus.values:
        return text
    reason, separator, last = rest.rpartition("\n")
    rest = f"{reason}{separator}{days_in_words(last)}"
    return "\n".join(part for part in (str(InitiativeStatus(code).label), rest) if part)


def note(initiative: Initiative, slug: str, *, before: str, after: str, reason: str, by) -> None:
    """Add to the journal what one save did; the initiative has been saved as its new version."""
    initiative.changes.create(
        version=initiative.version,
        section=slug,
        before=before,
        after=after,
        reason=reason,
        saved_by=by,
    )


def compare(initiative: Initiative, older: int, newer: int) -> list[Difference]:
    """What reads otherwise, part by part in the document's order; three queries with the document.

    A part's text in a version is what the last change up to it left; before the first change it is
    what that one found, and without any change it is what stands now.
    """
    document = Document.of(initiative)
    changes: dict[str, list] = {}
    for change in initiative.changes.order_by("version"):
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


def _text_at(changes: list, version: int, slug: str, document: Document) -> str:
    if version >= changes[-1].version and slug in BY_SLUG:
        # What stands now; an import may have changed it without the journal.
        return section_text(BY_SLUG[slug], document.values(BY_SLUG[slug]))
    earlier = [change for change in changes if change.version <= version]
    return earlier[-1].after if earlier else changes[0].before
