"""What the history tells of answers, efforts, notes and proposals, and who may read it."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry
from krams.models import Cluster

from .matrix.queries.cell_history import CellEfforts
from .models import AuthorityNote, Effort, Position, Proposal, ProposalGroup, SourceDocument

# Named by where it stands, so that it is not told as a field.
CLUSTER = {"cluster": registry.PARENT}
CELL = {"proposal": registry.PARENT, "authority": registry.PARENT}
COLUMN = {**CLUSTER, "authority": registry.PARENT}


def _in_clusters(model, *related: str):
    """What of a model the person may see: all that belongs to a cluster that they see."""

    def visible(user):
        seen = Cluster.objects.visible_to(user)
        return model.objects.filter(cluster__in=seen).select_related("cluster", *related)

    return visible


def _positions(user):
    seen = Cluster.objects.visible_to(user)
    return Position.objects.filter(proposal__cluster__in=seen).select_related(
        "proposal__cluster", "authority"
    )


def register() -> None:
    registry.register(
        Position,
        key="svar",
        visible=_positions,
        without=CELL,
        names={"confirmed_by": _("confirmed by")},
        lines=CellEfforts(),
    )
    registry.register(
        Effort,
        key="skemaindsats",
        visible=_in_clusters(Effort),
        without=COLUMN,
        names={"initiative": _("KRAMS initiative")},
    )
    registry.register(
        AuthorityNote, key="uddybning", visible=_in_clusters(AuthorityNote), without=COLUMN
    )
    registry.register(
        Proposal,
        key="forslag",
        visible=_in_clusters(Proposal, "group"),
        without={**CLUSTER, "copied_from": registry.ORIGIN},
    )
    registry.register(
        ProposalGroup, key="forslagsgruppe", visible=_in_clusters(ProposalGroup), without=CLUSTER
    )
    registry.register(
        SourceDocument, key="kilde", visible=_in_clusters(SourceDocument), without=CLUSTER
    )
