"""Writes of the notes below the table; they stand under the lock of their column."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import lock, save_changes, save_version
from krams.models import ClusterMembership, User

from ...models import AuthorityNote
from .save_cell import lock_column


@transaction.atomic
def add_note(
    *, column: ClusterMembership, submission_id: uuid.UUID, by: User, **content: Any
) -> AuthorityNote:
    """Add a note at the end of the authority's; the same submission twice adds one.

    ``content``: heading, text, link, division. Raises ``PermissionDenied``.
    """
    lock_column(column, by)
    mine = AuthorityNote.objects.filter(cluster=column.cluster, authority=column.authority)
    if known := AuthorityNote.objects.filter(submission_id=submission_id).first():
        if (known.cluster_id, known.authority_id) != (column.cluster_id, column.authority_id):
            raise PermissionDenied
        return known
    last = mine.order_by("-position").first()
    note = AuthorityNote(
        cluster=column.cluster,
        authority=column.authority,
        position=last.position + 1 if last else 1,
        submission_id=submission_id,
        **content,
    )
    return save_version(note, by=by)


@transaction.atomic
def save_note(
    *, column: ClusterMembership, note_id: int, version: int, by: User, **content: Any
) -> AuthorityNote:
    """Save a note as the next version, where it says something else.

    Raises ``PermissionDenied`` and ``StaleVersion``.
    """
    note = _locked_note(column, note_id, version, by)
    for name, value in content.items():
        setattr(note, name, value)
    return save_changes(note, by=by)


@transaction.atomic
def remove_note(*, column: ClusterMembership, note_id: int, version: int, by: User) -> None:
    """Remove a note; the efforts that it explained stay, without it.

    All is written at one time, by which ``restoring`` knows what belongs together.
    """
    note, now = _locked_note(column, note_id, version, by), timezone.now()
    for effort in note.efforts.all():
        effort.explained_by, effort._history_date = None, now
        save_version(effort, by=by, reason=_("The note was removed"))
    note._history_user, note._history_date = by, now
    note.delete()


def _locked_note(column: ClusterMembership, note_id: int, version: int, by: User) -> AuthorityNote:
    lock_column(column, by)
    mine = AuthorityNote.objects.filter(cluster=column.cluster, authority=column.authority)
    return lock(mine, version=version, pk=note_id)
