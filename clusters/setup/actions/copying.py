"""Copying proposals, with their groups and sources, from one cluster into another."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_kept, save_version
from krams.models import Cluster, User

from ...models import Proposal, ProposalGroup, SourceDocument
from ..queries import counterparts
from ..same_proposals import free_numbers
from .locked_cluster import locked

SOURCE_FIELDS = ("title", "remark", "is_exhaustive", "dated_on")


@transaction.atomic
def copy_proposals(*, cluster: Cluster, origin: Cluster, by: User) -> int:
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


def copy_missing(cluster: Cluster, origin: Cluster, by: User) -> dict[int, Proposal]:
    """The proposal in ``cluster`` for each standing one of ``origin``, made where it is missing.

    For callers that hold the lock of ``cluster``. A retired counterpart stays retired: who
    retired it did so on purpose.
    """
    wanted, found = counterparts(cluster, origin)
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
            concerned=proposal.concerned,
            copied_from=proposal,
        )
        reason = _("Copied from %(cluster)s") % {"cluster": origin}
        found[proposal.pk] = save_version(copy, by=by, reason=reason)
    return found


class _Parts:
    """The groups and sources of a cluster, made where they are missing."""

    def __init__(self, cluster: Cluster, by: User):
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
