"""Writes of proposals: add, change, retire, reinstate, and copy from another cluster."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import lock, save_kept, save_version
from krams.models import Cluster

from ...matrix.actions.agreement import keep_agreeing
from ...models import Proposal, ProposalGroup, SourceDocument
from ..succession import free_numbers, match
from .clusters import locked

SOURCE_FIELDS = ("title", "remark", "is_exhaustive", "dated_on")


@transaction.atomic
def add_proposal(*, cluster: Cluster, submission_id: uuid.UUID, by, **content) -> Proposal:
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
def save_proposal(*, proposal: Proposal, version: int, by, **content) -> Proposal:
    """Save a proposal. ``PermissionDenied``, ``StaleVersion``, ``ValidationError``."""
    cluster = locked(proposal.cluster, by)
    return _keep(lock(cluster.proposals, version=version, pk=proposal.pk), content, by)


@transaction.atomic
def retire_proposal(*, proposal: Proposal, version: int, by, back: bool = False) -> Proposal:
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
        keep_agreeing(by=by, proposal=current)
    return current


def _keep(proposal: Proposal, content: dict, by) -> Proposal:
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
    return save_version(proposal, by=by)


@transaction.atomic
def copy_proposals(*, cluster: Cluster, origin: Cluster, by) -> int:
    """Copy groups, proposals and sources that ``cluster`` does not have; the number copied.

    Sending it twice copies once. Raises ``PermissionDenied``, also where the person may not see
    ``origin``.
    """
    current = locked(cluster, by)
    if not Cluster.objects.visible_to(by).filter(pk=origin.pk).exists():
        raise PermissionDenied
    before = current.proposals.count()
    copy_missing(current, origin, by)
    copied = current.proposals.count() - before
    if copied:
        reason = _("Proposals were copied from %(cluster)s") % {"cluster": origin}
        save_version(current, by=by, reason=reason)
    return copied


def _counterparts(cluster: Cluster, origin: Cluster) -> tuple[list, dict[int, Proposal]]:
    """The standing proposals of ``origin``, and what each is in ``cluster``, by its key."""
    wanted = list(
        Proposal.objects.standing().filter(cluster=origin).select_related("group", "source")
    )
    return wanted, match(wanted, cluster.proposals.all())


def missing_proposals(cluster: Cluster, origin: Cluster) -> list[Proposal]:
    """The standing proposals of ``origin`` that ``cluster`` has not got."""
    wanted, found = _counterparts(cluster, origin)
    return [proposal for proposal in wanted if proposal.pk not in found]


def copy_missing(cluster: Cluster, origin: Cluster, by) -> dict[int, Proposal]:
    """The proposal in ``cluster`` for each standing one of ``origin``, made where it is missing.

    For callers that hold the lock of ``cluster``. A retired counterpart stays retired: who
    retired it did so on purpose.
    """
    wanted, found = _counterparts(cluster, origin)
    missing = [proposal for proposal in wanted if proposal.pk not in found]
    taken = Proposal.objects.standing().filter(cluster=cluster).values_list("number", flat=True)
    numbers = free_numbers(taken, [proposal.number for proposal in missing])
    parts = _Parts(cluster, by)
    for proposal, number in zip(missing, numbers, strict=True):
        copy = Proposal(
            cluster=cluster,
            group=parts.group(proposal.group),
            source=parts.source(proposal.source),
            number=number,
            title=proposal.title,
            copied_from=proposal,
        )
        reason = _("Copied from %(cluster)s") % {"cluster": origin}
        found[proposal.pk] = save_version(copy, by=by, reason=reason)
    return found


class _Parts:
    """The groups and sources of a cluster, made where they are missing."""

    def __init__(self, cluster: Cluster, by):
        self.cluster, self.by = cluster, by
        self.groups = {group.name_key: group for group in cluster.proposal_groups.all()}
        self.sources = {source.title: source for source in cluster.source_documents.all()}

    def group(self, old: ProposalGroup) -> ProposalGroup:
        if old.name_key not in self.groups:
            last = max((group.position for group in self.groups.values()), default=-1)
            new = ProposalGroup(cluster=self.cluster, name=old.name, position=last + 1)
            self.groups[old.name_key] = save_kept(new, by=self.by)
        return self.groups[old.name_key]

    def source(self, old: SourceDocument | None) -> SourceDocument | None:
        if old is None:
            return None
        if old.title not in self.sources:
            # The remark is about that paper in that cluster, for those who coordinate it.
            content = {name: getattr(old, name) for name in SOURCE_FIELDS if name != "remark"}
            new = SourceDocument(cluster=self.cluster, **content)
            self.sources[old.title] = save_kept(new, by=self.by)
        return self.sources[old.title]
