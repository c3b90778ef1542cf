"""What happens once when the portal starts: SQLite learns Danish, subjects are registered."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from .danish.sqlite import teach_sqlite_danish


class KramsConfig(AppConfig):
    name = "krams"
    verbose_name = "KRAMS"
    default = True

    def ready(self) -> None:
        """Models can be imported from here on, not before."""
        from .audit.actions import listen
        from .data_protection import kinds as kept
        from .data_protection.actions import leaving
        from .data_protection.registry import register as register_kept
        from .database.guarded import guard_all
        from .letters import composers
        from .log_in import claims
        from .log_in import letters as account_letters
        from .mail import due_dates, reminders
        from .mail.actions import post_due_dates
        from .organisations import history as organisations
        from .organisations.queries import administrators_sections
        from .pages.help_sections import sections
        from .roles import history as roles
        from .roles.actions import audit, letters
        from .roles.actions import claims as roles_of_claims
        from .roles.queries import unanswered as invitations
        from .roles.queries.claimed import check_login_roles
        from .search import actions, kinds, registry
        from .worklist.registry import register

        listen()
        connection_created.connect(teach_sqlite_danish)
        organisations.register()
        account_letters.register()
        composers.register(due_dates.KIND, due_dates.compose)
        reminders.register(post_due_dates)
        register(administrators_sections, for_superusers=True)
        register(invitations.sections, for_superusers=False)
        roles.register()
        letters.register()
        audit.connect()
        claims.register(roles_of_claims)
        checks.register(check_login_roles, checks.Tags.database)
        for name, visible in kinds.SCOPES.items():
            registry.register_scope(name, visible)
        actions.register(*kinds.KINDS)
        registry.register_pages(_("Help"), sections)
        guard_all()
        register_kept(*kept.KINDS)
        leaving.register()
        post_migrate.connect(actions.keep_after_migrate)


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "krams.web.admin.PortalAdminSite"
