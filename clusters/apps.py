from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self):
        from krams import digests

        from . import confirmation, search

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
    from krams import history
    from krams.models import Cluster

    from .cell_history import CellEfforts
    from .models import AuthorityNote, Effort, Position

    cell = {"proposal": history.PARENT, "authority": history.PARENT}
    column = {"cluster": history.PARENT, "authority": history.PARENT}
    history.register(
        Position,
        key="svar",
        visible=lambda user: Position.objects.filter(
            proposal__cluster__in=Cluster.objects.visible_to(user)
        ).select_related("proposal__cluster", "authority"),
        without=cell,
        names={"confirmed_by": _("confirmed by")},
        lines=CellEfforts(),
    )
    history.register(
        Effort,
        key="skemaindsats",
        visible=_in_clusters(Effort),
        without=column,
        names={"initiative": _("KRAMS initiative")},
    )
    history.register(
        AuthorityNote, key="uddybning", visible=_in_clusters(AuthorityNote), without=column
    )


def register_setup():
    from krams import history

    from .models import Proposal, ProposalGroup, SourceDocument

    parent = {"cluster": history.PARENT}
    history.register(
        Proposal,
        key="forslag",
        visible=_in_clusters(Proposal, "group"),
        without={**parent, "copied_from": history.ORIGIN},
    )
    history.register(
        ProposalGroup, key="forslagsgruppe", visible=_in_clusters(ProposalGroup), without=parent
    )
    history.register(
        SourceDocument, key="kilde", visible=_in_clusters(SourceDocument), without=parent
    )
