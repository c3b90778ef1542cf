"""Addresses. What the user sees is Danish; the halves are included by name, never imported."""

from django.contrib import admin
from django.urls import include, path

from .data_protection.urls import urlpatterns as data_protection
from .history.urls import urlpatterns as history
from .mail.urls import urlpatterns as mail
from .organisations.urls import urlpatterns as organisations
from .pages.urls import urlpatterns as pages
from .people.urls import urlpatterns as people
from .roles.urls import urlpatterns as roles
from .search.urls import urlpatterns as search

urlpatterns = [
    *pages,
    *search,
    *history,
    *mail,
    *people,
    *organisations,
    *roles,
    *data_protection,
    path("admin/", admin.site.urls),
    path("", include("initiatives.urls")),
    path("klynger/", include("clusters.urls")),
]

handler400 = "krams.web.errors.bad_request"
handler403 = "krams.web.errors.forbidden"
handler404 = "krams.web.errors.not_found"
handler500 = "krams.web.errors.server_error"
