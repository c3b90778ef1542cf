"""Opening the cluster that follows another one, and taking columns along into it.

Everything is copied as new rows: the old matrix keeps its name, members and answers. Nothing
counts as confirmed in the new one until its editors have confirmed it anew.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_kept, save_version
from krams.models import Authority, Cluster, ClusterMembership, User

from ...matrix.actions.answers_follow_efforts import let_answers_follow
from ...models import AuthorityNote, Effort, EffortProposal, Position, Proposal, Succession
from ..queries import (
    has_content,
    missing_proposals,
    movable_columns,
    possible_successors,
    regions_to_move_to,
)
from .clusters import new_cluster
from .copying import copy_missing
from .locked_cluster import locked

EFFORT_COPIED = (
    "authority_id",
    "text",
    "note",
    "state",
    "division",
    "link",
    "initiative_id",
    "theme_text",
    "valid_from",
    "valid_until",
    "responsible",
    "next_step",
    "next_step_on",
)
NOTE_COPIED = ("authority_id", "division", "position", "heading", "text", "link")


@transaction.atomic
def open_successor(
    *,
    predecessor: Cluster,
    authorities: list[Authority],
    columns: list[Authority],
    submission_id: uuid.UUID,
    by: User,
    **content: Any,
) -> Succession:
    """Open a new cluster and take ``columns`` along; who opens it coordinates it.

    It has the members of the old one, and lies where they are: a cluster of others cannot be opened
    this way. Who agreed to be a member there has agreed here. The same submission twice opens one.
    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    old = _locked_ended(predecessor, by)
    if known := _known(submission_id, old):
        return known
    if not by.is_superuser:
        _refuse_others(old, authorities, content["region"], by)
    agreed = [one.authority_id for one in movable_columns(old) if not one.awaits_consent]
    new = new_cluster(
        authorities=authorities, submission_id=submission_id, by=by, agreed=agreed, **content
    )
    return _take_along(old, new, columns, submission_id, by)


@transaction.atomic
def join_successor(
    *,
    predecessor: Cluster,
    successor: Cluster,
    columns: list[Authority],
    submission_id: uuid.UUID,
    by: User,
) -> Succession:
    """Take ``columns`` along into a successor that exists and that ``by`` coordinates too.

    The same submission twice does it once. Raises ``PermissionDenied``, and ``ValidationError``,
    also where nothing is left to take along.
    """
    old = _locked_ended(predecessor, by)
    if known := _known(submission_id, old):
        return known
    if not possible_successors(old).filter(pk=successor.pk).exists():
        raise PermissionDenied
    new = locked(successor, by)
    if not columns and not missing_proposals(new, old):
        raise ValidationError(_("There is nothing left to take along."))
    return _take_along(old, new, columns, submission_id, by)


def _refuse_others(old: Cluster, authorities: list[Authority], region: Authority, by: User) -> None:
    members = set(old.memberships.values_list("authority", flat=True))
    outside = [one for one in authorities if one.pk not in members | {region.pk}]
    if outside or not regions_to_move_to(old, by).filter(pk=region.pk).exists():
        raise PermissionDenied


def _locked_ended(cluster: Cluster, by: User) -> Cluster:
    current = locked(cluster, by)
    if current.valid_until is None:
        raise ValidationError(_("Say first when the cluster ends."))
    return current


def _known(submission_id: uuid.UUID, old: Cluster) -> Succession | None:
    known = Succession.objects.filter(submission_id=submission_id).first()
    if known and known.predecessor_id != old.pk:
        raise PermissionDenied
    return known


def _take_along(
    old: Cluster, new: Cluster, columns: list[Authority], submission_id: uuid.UUID, by: User
) -> Succession:
    keys = {authority.pk for authority in columns}
    _refuse_columns(old, new, keys)
    places = copy_missing(new, old, by)
    reason = _("Taken along from %(cluster)s") % {"cluster": old}
    _copy_answers(old, keys, places, by, reason)
    _copy_efforts(old, new, keys, places, by, reason)
    let_answers_follow(by=by, proposal__cluster=new, authority__in=keys)
    succession = Succession(predecessor=old, successor=new, submission_id=submission_id)
    save_kept(succession, by=by)
    succession.authorities.set(keys)
    taken = ", ".join(str(authority) for authority in columns)
    save_version(new, by=by, reason=f"{reason}: {taken}" if taken else reason)
    return succession


def _refuse_columns(old: Cluster, new: Cluster, keys: set[int]) -> None:
    here = {column.authority_id for column in movable_columns(old)}
    waiting = new.memberships.filter(authority__in=keys, awaits_consent=True)
    if names := ", ".join(str(one.authority) for one in waiting.select_related("authority")):
        raise ValidationError(
            _("Not yet agreed to be a member of the new cluster: %(names)s") % {"names": names}
        )
    there = set(
        ClusterMembership.objects.filter(cluster=new)
        .filter(Q(valid_until=None) | Q(valid_until__gt=old.valid_until))
        .values_list("authority", flat=True)
    )
    if keys - (here & there):
        raise ValidationError(_("Only a member of both clusters can take its column along."))
    if taken := has_content(new, keys):
        names = ", ".join(str(one) for one in Authority.objects.filter(pk__in=taken))
        raise ValidationError(
            _("There are answers in the new matrix already from: %(names)s") % {"names": names}
        )


def _copy_answers(
    old: Cluster, keys: set[int], places: dict[int, Proposal], by: User, reason: str
) -> None:
    for answer in Position.objects.answered().filter(
        proposal__cluster=old, proposal__in=places, authority__in=keys
    ):
        there = Position.objects.filter(
            proposal=places[answer.proposal_id], authority_id=answer.authority_id
        ).first()
        copy = there or Position(
            proposal=places[answer.proposal_id], authority_id=answer.authority_id
        )
        copy.state, copy.state_from = answer.state, answer.state_from
        save_version(copy, by=by, reason=reason)


def _copy_efforts(
    old: Cluster, new: Cluster, keys: set[int], places: dict[int, Proposal], by: User, reason: str
) -> None:
    notes: dict[int | None, AuthorityNote] = {}
    for note in AuthorityNote.objects.filter(cluster=old, authority__in=keys):
        same = AuthorityNote(cluster=new, **{name: getattr(note, name) for name in NOTE_COPIED})
        notes[note.pk] = save_version(same, by=by, reason=reason)
    efforts = Effort.objects.standing().filter(cluster=old, authority__in=keys)
    for effort in efforts.prefetch_related("themes", "places").order_by("pk"):
        kept = [place for place in effort.places.all() if place.proposal_id in places]
        if not kept:
            continue  # Only retired proposals had it.
        content = {name: getattr(effort, name) for name in EFFORT_COPIED}
        copy = Effort(cluster=new, explained_by=notes.get(effort.explained_by_id), **content)
        save_version(copy, by=by, reason=reason)
        copy.themes.set(effort.themes.all())
        for place in kept:
            proposal = places[place.proposal_id]
            save_kept(
                EffortProposal(effort=copy, proposal=proposal, position=place.position), by=by
            )
