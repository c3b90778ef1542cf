"""What the cluster half adds to the portal's history, search and weekly e-mails."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self) -> None:
        from krams.mail import digests
        from krams.search.actions import register

        from . import history, search
        from .confirmations.queries import digest as confirmations
        from .conversation.queries import threads as conversation
        from .steps.queries import digest as steps

        for subject in (conversation, confirmations, steps):
            digests.register(subject.sections)
        register(*search.KINDS)
        history.register()
