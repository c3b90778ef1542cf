"""What the cluster half adds to the portal's history, search and what needs a person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Cluster matrix")

    def ready(self) -> None:
        from krams.data_protection import registry as data_protection
        from krams.letters import composers
        from krams.mail import reminders
        from krams.search.actions import register
        from krams.worklist import registry

        from . import history, retention, search
        from .asking.actions import letters
        from .asking.actions.remind import remind_due
        from .conversation.actions import letters as conversation
        from .worklist.queries.sections import sections

        registry.register(sections)
        composers.register(letters.ASKED, letters.compose_ask)
        composers.register(letters.REMINDED, letters.compose_reminder)
        composers.register(conversation.WRITTEN, conversation.compose)
        reminders.register(remind_due)
        register(*search.KINDS)
        data_protection.register(*retention.KINDS)
        history.register()
