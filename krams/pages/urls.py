"""Addresses of the pages about the portal and about oneself."""

from django.urls import path

from .views import about, account_settings, components, home, language, unsent_form

urlpatterns = [
    path("", home.home, name="home"),
    path("hjaelp/", about.help_page, name="help"),
    path("hjaelp/<slug:slug>/", about.help_group, name="help-group"),
    path("was", about.accessibility, name="accessibility"),
    path("privatliv/", about.privacy, name="privacy"),
    path("komponenter/", components.show, name="components"),
    path("ikke-sendt/", unsent_form.show, name="kept"),
    path("sprog/", language.language, name="language"),
    path("konto/indstillinger/", account_settings.account_settings, name="settings"),
]
