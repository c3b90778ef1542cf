"""Writes to the journal of an initiative: which part a save changed, and from what to what."""

from krams.history.actions.locking import StaleVersion, lock, redacted_since, save_version
from krams.models import User

from ...models import Initiative


def locked_part(
    initiative: Initiative, slug: str, version: int, by: User
) -> tuple[Initiative, bool]:
    """The initiative under its lock, and whether this part of it was changed since ``version``."""
    mine = Initiative.objects.editable_by(by).select_related("policy")
    try:
        return lock(mine, version=version, pk=initiative.pk), False
    except StaleVersion as stale:
        current = stale.current
        changed = current.changes.filter(section=slug, version__gt=version).exists()
        since = changed or redacted_since(current, version)
        return current, version > current.version or since


def note(
    initiative: Initiative, slug: str, *, before: str, after: str, reason: str, by: User | None
) -> None:
    """Add to the journal what one save did; the initiative has been saved as its new version."""
    initiative.changes.create(
        version=initiative.version,
        section=slug,
        before=before,
        after=after,
        reason=reason,
        saved_by=by,
    )


def saved_part(initiative: Initiative, slug: str, before: str, after: str, by: User) -> Initiative:
    save_version(initiative, by=by)
    note(initiative, slug, before=before, after=after, reason="", by=by)
    return initiative
