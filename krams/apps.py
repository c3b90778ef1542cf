"""What happens once when the portal starts: SQLite learns Danish, histories are registered."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from .danish.sqlite import teach_sqlite_danish


class KramsConfig(AppConfig):
    name = "krams"
    verbose_name = "KRAMS"
    default = True

    def ready(self):
        connection_created.connect(teach_sqlite_danish)
        self.register_histories()

    def register_histories(self):
        from .history import registry
        from .models import Cluster, Department, Facility, Membership

        registry.register(Facility, key="botilbud", visible=Facility.objects.visible_to)
        registry.register(Department, key="afdeling", visible=Department.objects.visible_to)
        registry.register(Cluster, key="klynge", visible=Cluster.objects.visible_to)
        registry.register(
            Membership,
            key="rolle",
            visible=Membership.objects.overseen_by,
            names={"user": _("account")},
        )


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "krams.web.admin.PortalAdminSite"
