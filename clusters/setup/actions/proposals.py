"""Writes of proposals, their groups and their sources: add, change, move, retire, reinstate."""

import uuid
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.danish.names import refuse_look_alike
from krams.history.actions.locking import (
    lock,
    save_changes,
    save_kept,
    save_version,
    says_the_same,
)
from krams.models import Cluster, User

from ...matrix.actions.answers_follow_efforts import let_answers_follow
from ...models import Proposal, ProposalGroup, SourceDocument
from ..order import swap
from .locked_cluster import locked

K = TypeVar("K", ProposalGroup, SourceDocument)


@transaction.atomic
def add_proposal(
    *, cluster: Cluster, submission_id: uuid.UUID, by: User, **content: Any
) -> Proposal:
    """Add a proposal; the same submission twice adds one.

    ``content``: number, title, group and source, both of this cluster. Raises
    ``PermissionDenied`` and ``ValidationError`` (a number twice).
    """
    current = locked(cluster, by)
    if known := Proposal.objects.filter(submission_id=submission_id).first():
        if known.cluster_id != current.pk:
            raise PermissionDenied
        return known
    return _keep(Proposal(cluster=current, submission_id=submission_id), content, by)


@transaction.atomic
def save_proposal(*, proposal: Proposal, version: int, by: User, **content: Any) -> Proposal:
    """Save a proposal. ``PermissionDenied``, ``StaleVersion``, ``ValidationError``."""
    cluster = locked(proposal.cluster, by)
    return _keep(lock(cluster.proposals, version=version, pk=proposal.pk), content, by)


@transaction.atomic
def retire_proposal(*, proposal: Proposal, version: int, by: User, back: bool = False) -> Proposal:
    """Take a proposal out of the matrix, or ``back`` in; its answers stay. Twice is once.

    Raises ``PermissionDenied``, ``StaleVersion``, and ``ValidationError`` where its number was
    given to another one meanwhile.
    """
    cluster = locked(proposal.cluster, by)
    current = cluster.proposals.get(pk=proposal.pk)
    if (current.retired_on is None) == back:
        return current
    current = lock(cluster.proposals, version=version, pk=proposal.pk)
    _keep(current, {"retired_on": None if back else timezone.localdate()}, by)
    if back:
        # Its efforts may have been removed or brought back under other proposals meanwhile.
        let_answers_follow(by=by, proposal=current)
    return current


def _keep(proposal: Proposal, content: dict[str, Any], by: User) -> Proposal:
    for name, value in content.items():
        setattr(proposal, name, value)
    for part in (proposal.group, proposal.source):
        if part is not None and part.cluster_id != proposal.cluster_id:
            raise PermissionDenied
    same = Proposal.objects.standing().filter(
        cluster_id=proposal.cluster_id, number=proposal.number
    )
    if proposal.retired_on is None and same.exclude(pk=proposal.pk).exists():
        message = _("Number %(number)s is taken by another proposal.") % {"number": proposal.number}
        raise ValidationError({"number": message})
    return save_changes(proposal, by=by)


@transaction.atomic
def add_source(
    *, cluster: Cluster, submission_id: uuid.UUID, by: User, **content: Any
) -> SourceDocument:
    """Add a source document; the same submission twice adds one. Raises ``PermissionDenied``."""
    current = locked(cluster, by)
    if known := SourceDocument.objects.filter(submission_id=submission_id).first():
        if known.cluster_id != current.pk:
            raise PermissionDenied
        return known
    return save_kept(SourceDocument(cluster=current, submission_id=submission_id, **content), by=by)


@transaction.atomic
def save_source(
    *, source: SourceDocument, version: int, by: User, **content: Any
) -> SourceDocument:
    """Save a source; ``version`` is the cluster's. ``PermissionDenied``, ``StaleVersion``."""
    cluster = locked(source.cluster, by, version=version)
    return _save_part(cluster, cluster.source_documents.get(pk=source.pk), content, by)


@transaction.atomic
def save_group(*, group: ProposalGroup, version: int, by: User, **content: Any) -> ProposalGroup:
    """Rename a group; ``version`` is the cluster's. ``PermissionDenied``, ``StaleVersion``."""
    cluster = locked(group.cluster, by, version=version)
    found = cluster.proposal_groups.get(pk=group.pk)
    _refuse_group_twice(cluster, content["name"], but=found.pk)
    return _save_part(cluster, found, content, by)


def _save_part(cluster: Cluster, part: K, content: dict[str, Any], by: User) -> K:
    for name, value in content.items():
        setattr(part, name, value)
    if says_the_same(part):
        return part
    save_kept(part, by=by)
    save_version(cluster, by=by, reason=_("%(what)s was changed") % {"what": part})
    return part


@transaction.atomic
def add_group(*, cluster: Cluster, name: str, by: User) -> ProposalGroup:
    """Add a group of proposals at the end. ``PermissionDenied``, ``ValidationError`` (twice)."""
    current = locked(cluster, by)
    _refuse_group_twice(current, name)
    last = current.proposal_groups.order_by("position").last()
    group = ProposalGroup(cluster=current, name=name, position=last.position + 1 if last else 0)
    return save_kept(group, by=by)


def _refuse_group_twice(cluster: Cluster, name: str, but: int | None = None) -> None:
    groups = cluster.proposal_groups.all()
    others = groups if but is None else groups.exclude(pk=but)
    refuse_look_alike(others, "name", name)


@transaction.atomic
def move_group(*, cluster: Cluster, group_id: int, step: int, version: int, by: User) -> None:
    """Move a group up (-1) or down (1). Raises ``DoesNotExist`` and ``StaleVersion``."""
    current = locked(cluster, by, version=version)
    groups = list(current.proposal_groups.all())
    moved = current.proposal_groups.get(pk=group_id)
    if swap(groups, moved, step):
        for position, group in enumerate(groups):
            if group.position != position:
                group.position = position
                save_kept(group, by=by)
        save_version(current, by=by, reason=_("%(what)s was moved") % {"what": moved})


@transaction.atomic
def move_proposal(*, cluster: Cluster, proposal_id: int, step: int, version: int, by: User) -> None:
    """Let a proposal change numbers with its neighbour in the group, up (-1) or down (1).

    Raises ``DoesNotExist``, also for a retired one, and ``StaleVersion``.
    """
    current = locked(cluster, by, version=version)
    standing = Proposal.objects.standing().filter(cluster=current)
    moved = standing.get(pk=proposal_id)
    proposals = list(standing.filter(group=moved.group).order_by("number"))
    place = proposals.index(moved)
    if not swap(proposals, moved, step):
        return
    other = proposals[place]
    moved.number, other.number = other.number, moved.number
    # Out of the way first: no two proposals of a cluster may have one number at any moment.
    standing.filter(pk=other.pk).update(number=0)
    for proposal in (moved, other):
        save_version(proposal, by=by)
    save_version(current, by=by, reason=_("%(what)s was moved") % {"what": moved.title})
