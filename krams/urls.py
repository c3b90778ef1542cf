"""Addresses. What the user sees is Danish; the halves are included by name, never imported."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from .history import views as history
from .mail import views as unsubscribe
from .pages import about, components, health, home, kept
from .search import views as search

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("hjaelp/", about.help_page, name="help"),
    path("was", about.accessibility, name="accessibility"),
    path("privatliv/", about.privacy, name="privacy"),
    path("komponenter/", components.show, name="components"),
    path("ikke-sendt/", kept.show, name="kept"),
    path("soeg/", search.results, name="search"),
    path("sprog/", about.language, name="language"),
    path("historik/<slug:key>/<int:pk>/", history.show, name="history"),
    path("konto/indstillinger/", about.account_settings, name="settings"),
    path("konto/afmeld/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    # The address opens the account here and in the organisation's log-in: not for self-service.
    path(
        "konto/email/", RedirectView.as_view(pattern_name="settings"), name="account_email_closed"
    ),
    path("konto/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("initiatives.urls")),
    path("klynger/", include("clusters.urls")),
]

handler400 = "krams.pages.errors.bad_request"
handler403 = "krams.pages.errors.forbidden"
handler404 = "krams.pages.errors.not_found"
handler500 = "krams.pages.errors.server_error"
