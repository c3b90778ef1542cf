"""Addresses. What the user sees is Danish; the halves are included by name, never imported."""

from django.contrib import admin
from django.urls import include, path

from .changes.urls import urlpatterns as changes
from .data_protection.urls import urlpatterns as data_protection
from .history.urls import urlpatterns as history
from .log_in.urls import urlpatterns as log_in
from .mail.urls import urlpatterns as mail
from .organisations.urls import urlpatterns as organisations
from .pages.urls import urlpatterns as pages
from .roles.urls import urlpatterns as roles
from .search.urls import urlpatterns as search

urlpatterns = [
    *pages,
    *search,
    *history,
    *mail,
    *log_in,
    *organisations,
    *roles,
    *changes,
    *data_protection,
    path("admin/", admin.site.urls),
    path("", include("initiatives.urls")),
    path("klynger/", include("clusters.urls")),
]

handler400 = "krams.web.errors.bad_request"
handler403 = "krams.web.errors.forbidden"
handler404 = "krams.web.errors.not_found"
handler500 = "krams.web.errors.server_error"
