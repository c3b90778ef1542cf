"""Addresses. What the user sees is Danish; the halves are included by name, never imported."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from .views import health, history, home, kept, pages, search, unsubscribe

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("hjaelp/", pages.help_page, name="help"),
    path("was", pages.accessibility, name="accessibility"),
    path("privatliv/", pages.privacy, name="privacy"),
    path("ikke-sendt/", kept.show, name="kept"),
    path("soeg/", search.results, name="search"),
    path("sprog/", pages.language, name="language"),
    path("historik/<slug:key>/<int:pk>/", history.show, name="history"),
    path("konto/indstillinger/", pages.account_settings, name="settings"),
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

handler400 = "krams.views.errors.bad_request"
handler403 = "krams.views.errors.forbidden"
handler404 = "krams.views.errors.not_found"
handler500 = "krams.views.errors.server_error"
