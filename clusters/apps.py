from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self):
        from krams.mail import digests

        from . import search
        from .confirmations import queries as confirmation

        digests.register(confirmation.sections)
        search.register_sources()
        register_matrix()
        register_setup()


def _in_clusters(model, *related: str):
    """What of a model the person may see: all that belongs to a cluster that they see."""
    from krams.models import Cluster

    def visible(user):
        seen = Cluster.objects.visible_to(user)
        return model.objects.filter(cluster__in=seen).select_related("cluster", *related)

    return visible


def register_matrix():
    from krams.history import registry
    from krams.models import Cluster

    from .matrix.queries.cell_history import CellEfforts
    from .models import AuthorityNote, Effort, Position

    cell = {"proposal": registry.PARENT, "authority": registry.PARENT}
    column = {"cluster": registry.PARENT, "authority": registry.PARENT}
    registry.register(
        Position,
        key="svar",
        visible=lambda user: Position.objects.filter(
            proposal__cluster__in=Cluster.objects.visible_to(user)
        ).select_related("proposal__cluster", "authority"),
        without=cell,
        names={"confirmed_by": _("confirmed by")},
        lines=CellEfforts(),
    )
    registry.register(
        Effort,
        key="skemaindsats",
        visible=_in_clusters(Effort),
        without=column,
        names={"initiative": _("KRAMS initiative")},
    )
    registry.register(
        AuthorityNote, key="uddybning", visible=_in_clusters(AuthorityNote), without=column
    )


def register_setup():
    from krams.history import registry

    from .models import Proposal, ProposalGroup, SourceDocument

    parent = {"cluster": registry.PARENT}
    registry.register(
        Proposal,
        key="forslag",
        visible=_in_clusters(Proposal, "group"),
        without={**parent, "copied_from": registry.ORIGIN},
    )
    registry.register(
        ProposalGroup, key="forslagsgruppe", visible=_in_clusters(ProposalGroup), without=parent
    )
    registry.register(
        SourceDocument, key="kilde", visible=_in_clusters(SourceDocument), without=parent
    )
