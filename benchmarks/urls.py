"""The portal's addresses, an empty page, and the administration's list of registrations."""

from django.contrib import admin
from django.urls import path

from initiatives.models import Activity
from krams.urls import handler400, handler403, handler404, handler500
from krams.urls import urlpatterns as portal

from .views import empty

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# Of its own: the portal's administration does not show registrations.
peer = admin.AdminSite(name="peer")


@admin.register(Activity, site=peer)
class ActivityAdmin(admin.ModelAdmin):
    """As somebody would write it: the columns of the log, its filters and its search."""

    list_display = ("held_on", "title", "facility", "outcome", "participant_count")
    list_filter = ("outcome",)
    list_select_related = ("facility",)
    date_hierarchy = None
    show_full_result_count = True


urlpatterns = [
    path("benchmark/empty/", empty),
    path("benchmark/admin/", peer.urls),
    *portal,
]
