"""What the cluster half adds to the portal's history, search and what needs a person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self) -> None:
        from krams.search.actions import register
        from krams.worklist import registry

        from . import history, search
        from .worklist.queries import sections

        registry.register(sections)
        register(*search.KINDS)
        history.register()
