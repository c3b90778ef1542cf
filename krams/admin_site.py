"""The administration pages behind the portal's own log-in."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

# Log-in's own tables (tokens, secrets of two-step log-in) are not for reading.
SHOWN_APPS = {"krams", "initiatives", "clusters"}


class PortalAdminSite(AdminSite):
    site_header = site_title = _("Administration of KRAMS & Klynge")
    index_title = _("Accounts, places and clusters")
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label in SHOWN_APPS]
        super().register(shown, admin_class, **options)

    def has_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_superuser

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One log-in for all, with its lockout and second step; 403 for who is no superuser."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
