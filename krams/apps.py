"""What happens once when the portal starts: SQLite learns Danish, histories are registered."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.backends.signals import connection_created

from .danish.sqlite import teach_sqlite_danish


class KramsConfig(AppConfig):
    name = "krams"
    verbose_name = "KRAMS"
    default = True

    def ready(self) -> None:
        """Models can be imported from here on, not before."""
        from .organisations import history as organisations
        from .people import history as people

        connection_created.connect(teach_sqlite_danish)
        organisations.register()
        people.register()


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "krams.web.admin.PortalAdminSite"
