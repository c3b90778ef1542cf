"""Addresses of log-in, passwords and passkeys: django-allauth's, and what we do otherwise."""

from django.apps import apps
from django.urls import URLPattern, include, path
from django.views.generic import RedirectView

from . import idle, oidc
from .organisation import again
from .views import account as views


def organisation_saml() -> list[URLPattern]:
    """Where its packages are: with their names, and before allauth's own."""
    if not apps.is_installed("allauth.socialaccount.providers.saml"):
        return []
    from .views import saml as pages

    return [
        path(f"konto/saml/<str:organization_slug>/{where}", view, name=f"saml_{name}")
        for where, view, name in (
            ("login/", pages.log_in, "login"),
            ("acs/", pages.answer, "acs"),
            ("acs/finish/", pages.come_back, "finish_acs"),
            ("sls/", pages.log_out, "sls"),
            ("metadata/", pages.metadata, "metadata"),
        )
    ]


urlpatterns = [
    # The address opens the account here and in the organisation's log-in: not for self-service.
    path(
        "konto/email/", RedirectView.as_view(pattern_name="settings"), name="account_email_closed"
    ),
    path("konto/tid/", views.time_left, name=idle.NAME),
    path("konto/log-ins/", views.log_ins, name="log-ins"),
    path("konto/reauthenticate/organisation/", views.reauthenticate_there, name=again.PAGE),
    path("konto/andet-trin/", views.set_up_second_step, name="second-step"),
    # They stand before allauth's own, whose names they have.
    path("konto/password/set/", views.set_password, name="account_set_password"),
    path("konto/password/reset/", views.reset_password, name="account_reset_password"),
    path("konto/oidc/<str:provider_id>/login/", oidc.log_in, name="openid_connect_login"),
    path(
        "konto/oidc/<str:provider_id>/login/callback/",
        oidc.come_back,
        name="openid_connect_callback",
    ),
    path("konto/logout/", views.log_out, name="account_logout"),
    path("konto/oidc/<str:provider_id>/logout/", views.back_channel, name="openid_connect_logout"),
    *organisation_saml(),
    path("konto/", include("allauth.urls")),
]
