from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self):
        register_search()
        register_setup()
        from krams import digests, history
        from krams.models import Cluster

        from . import confirmation
        from .models import AuthorityNote, Effort, Position

        digests.register(confirmation.sections)
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


def register_search():
    from krams import search
    from krams.models import Cluster

    from .models import AuthorityNote, Effort, Proposal

    def within(manager):
        """Rows of the clusters that the person may see."""
        return lambda user: manager.filter(
            cluster__in=Cluster.objects.visible_to(user)
        ).select_related("cluster")

    def column(row) -> str:
        return f"{row.authority} · {row.cluster}"

    search.register(
        search.Source(
            heading=_("Proposals"),
            visible=within(Proposal.objects),
            fields=("title",),
            title=str,
            place=lambda row: str(row.cluster),
            excerpts=lambda row: (),
            url=lambda row: f"{row.cluster.get_absolute_url()}#f{row.pk}",
        )
    )
    search.register(
        search.Source(
            heading=_("Efforts in the matrix"),
            visible=lambda user: within(Effort.objects.standing())(user).select_related(
                "cluster", "authority"
            ),
            fields=("text", "note"),
            title=lambda row: row.text,
            place=column,
            excerpts=lambda row: (row.note,),
        )
    )
    search.register(
        search.Source(
            heading=_("Notes"),
            visible=lambda user: within(AuthorityNote.objects)(user).select_related(
                "cluster", "authority"
            ),
            fields=("heading", "text"),
            title=lambda row: row.heading,
            place=column,
            excerpts=lambda row: (row.text,),
        )
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
