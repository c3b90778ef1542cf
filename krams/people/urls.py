"""Addresses of log-in, passwords and passkeys, which are django-allauth's."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # The address opens the account here and in the organisation's log-in: not for self-service.
    path(
        "konto/email/", RedirectView.as_view(pattern_name="settings"), name="account_email_closed"
    ),
    path("konto/", include("allauth.urls")),
]
