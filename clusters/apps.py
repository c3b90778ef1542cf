from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self):
        register_setup()
        from krams import digests, history
        from krams.models import Cluster

        from . import confirmation, search
        from .models import AuthorityNote, Effort, Position

        digests.register(confirmation.sections)
        search.register_sources()
        history.register(
            Position,
            key="svar",
            visible=lambda user: Position.objects.filter(
                proposal__cluster__in=Cluster.objects.visible_to(user)
            ).select_related("proposal__cluster", "authority"),
            fields=["state", "state_from", "confirmed_on", "confirmed_by"],
        )
        history.register(
            Effort,
            key="skemaindsats",
            visible=lambda user: Effort.objects.filter(
                cluster__in=Cluster.objects.visible_to(user)
            ).select_related("cluster"),
            fields=[
                "text",
                "state",
                "valid_from",
                "valid_until",
                "division",
                "link",
                "theme_text",
                "note",
                "explained_by",
                "initiative",
                "removed_at",
            ],
        )
        history.register(
            AuthorityNote,
            key="uddybning",
            visible=lambda user: AuthorityNote.objects.filter(
                cluster__in=Cluster.objects.visible_to(user)
            ).select_related("cluster"),
            fields=["heading", "text", "division", "link"],
        )


def register_setup():
    from krams import history
    from krams.models import Cluster

    from .models import Proposal

    history.register(
        Cluster,
        key="klynge",
        visible=Cluster.objects.visible_to,
        fields=[
            "name",
            "kind",
            "region",
            "slug",
            "valid_from",
            "valid_until",
            "confirmation_interval_months",
        ],
    )
    history.register(
        Proposal,
        key="forslag",
        visible=lambda user: Proposal.objects.filter(
            cluster__in=Cluster.objects.visible_to(user)
        ).select_related("cluster"),
        fields=["number", "title", "group", "source", "retired_on", "copied_from"],
    )
