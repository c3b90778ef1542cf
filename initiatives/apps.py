"""What the KRAMS half adds to what all share: histories, what needs a person, and the search.

And after each ``migrate`` the summaries of the log.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("KRAMS initiatives")

    def ready(self) -> None:
        """Models can be imported from here on, not before."""
        from krams.data_protection import registry as data_protection
        from krams.mail import due_dates
        from krams.search import actions as search
        from krams.search.registry import register_scope
        from krams.worklist.registry import register

        from . import retention
        from .calendar import history as calendar
        from .criteria import history as criteria
        from .documents import history as documents
        from .followup.queries.due_dates import dues
        from .followup.queries.worklist import sections
        from .getting_started import queries as getting_started
        from .log import history as log
        from .meetings import history as meetings
        from .plans import history as plans
        from .search.queries.texts import KINDS, SCOPES
        from .summaries.actions import keep_after_migrate
        from .sustain import history as sustain

        for subject in (log, plans, documents, criteria, meetings, sustain, calendar):
            subject.register()
        data_protection.register(*retention.KINDS)
        due_dates.register(dues)
        register(sections)
        register(getting_started.sections_of_superusers, for_superusers=True)
        for name, visible in SCOPES.items():
            register_scope(name, visible)
        search.register(*KINDS)
        post_migrate.connect(keep_after_migrate, sender=self)
