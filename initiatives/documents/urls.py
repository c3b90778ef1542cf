"""Addresses of initiatives and of the policies behind them."""

from django.urls import path

from .views import (
    facilities,
    files,
    initiatives,
    life_cycle,
    policies,
    sections,
    versions,
    word_import,
)

urlpatterns = [
    path("indsatser/ny/", life_cycle.new, name="initiative-new"),
    path("indsatser/ny/word/", word_import.new_from_word, name="initiative-new-word"),
    path("indsatser/<int:pk>/word/", word_import.word_import, name="initiative-word"),
    path("indsatser/<int:pk>/kopi/", life_cycle.copy, name="initiative-copy"),
    path("indsatser/<int:pk>/status/", life_cycle.panel, name="initiative-status-panel"),
    path("indsatser/<int:pk>/status/<slug:decision>/", life_cycle.status, name="initiative-status"),
    path("indsatser/<int:pk>/botilbud/", facilities.facilities, name="initiative-facilities"),
    path(
        "indsatser/<int:pk>/lokalt/<slug:facility>/<slug:factor>/",
        facilities.local_text,
        name="local-text",
    ),
    path("indsatser/<int:pk>/sammenlign/", versions.compare, name="initiative-compare"),
    path("kommuner/<slug:slug>/politikker/", policies.policies, name="policies"),
    path("kommuner/<slug:slug>/politikker/ny/", policies.new, name="policy-new"),
    path("kommuner/<slug:slug>/politikker/<int:pk>/ret/", policies.edit, name="policy-edit"),
    path("indsatser/", initiatives.initiatives, name="initiatives"),
    path("indsatser/<int:pk>/", initiatives.initiative, name="initiative"),
    path("indsatser/<int:pk>.<str:kind>", files.initiative_file, name="initiative-file"),
    path("indsatser/<int:pk>/aendringer/", versions.changes, name="initiative-changes"),
    path("indsatser/<int:pk>/afsnit/<slug:slug>/", sections.section, name="section"),
    path("indsatser/<int:pk>/rediger/<slug:slug>/", sections.section_edit, name="section-edit"),
]
