"""Addresses of initiatives and of the policies behind them."""

from django.urls import path

from .views import initiative, life_cycle, policies

urlpatterns = [
    path("indsatser/ny/", life_cycle.new, name="initiative-new"),
    path("indsatser/<int:pk>/kopi/", life_cycle.copy, name="initiative-copy"),
    path("indsatser/<int:pk>/status/", life_cycle.panel, name="initiative-status-panel"),
    path("indsatser/<int:pk>/status/<slug:decision>/", life_cycle.status, name="initiative-status"),
    path("indsatser/<int:pk>/botilbud/", life_cycle.facilities, name="initiative-facilities"),
    path(
        "indsatser/<int:pk>/lokalt/<slug:facility>/<slug:factor>/",
        life_cycle.local_text,
        name="local-text",
    ),
    path("indsatser/<int:pk>/sammenlign/", initiative.compare, name="initiative-compare"),
    path("kommuner/<slug:slug>/politikker/", policies.policies, name="policies"),
    path("kommuner/<slug:slug>/politikker/ny/", policies.new, name="policy-new"),
    path("kommuner/<slug:slug>/politikker/<int:pk>/ret/", policies.edit, name="policy-edit"),
    path("indsatser/", initiative.initiatives, name="initiatives"),
    path("indsatser/<int:pk>/", initiative.initiative, name="initiative"),
    path("indsatser/<int:pk>/aendringer/", initiative.changes, name="initiative-changes"),
    path("indsatser/<int:pk>/afsnit/<slug:slug>/", initiative.section, name="section"),
    path("indsatser/<int:pk>/rediger/<slug:slug>/", initiative.section_edit, name="section-edit"),
]
