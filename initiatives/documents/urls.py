"""Addresses of an initiative's life, its criteria and figures, and the policies behind it."""

from django.urls import path

from ..criteria.views import indicators, measurements
from .views import initiative, life_cycle, policies

CRITERION = "indsatser/<int:pk>/kriterier/<int:criterion>/"
FIGURES = "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/"
MEASUREMENT = FIGURES + "maaling/<int:indicator>/<int:measurement>/"

document_patterns = [
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
    path("indsatser/<int:pk>/kriterier/", indicators.criteria, name="criteria"),
    path("indsatser/<int:pk>/kriterier/nyt/", indicators.criterion_new, name="criterion-new"),
    path(CRITERION + "ret/", indicators.criterion_edit, name="criterion-edit"),
    path(CRITERION + "flyt/", indicators.criterion_move, name="criterion-move"),
    path(CRITERION + "udgaa/", indicators.criterion_retire, name="criterion-retire"),
    path(CRITERION + "maal/nyt/", indicators.indicator_new, name="indicator-new"),
    path(
        "indsatser/<int:pk>/maal/<int:indicator>/ret/",
        indicators.indicator_edit,
        name="indicator-edit",
    ),
    path(
        "indsatser/<int:pk>/maal/<int:indicator>/udgaa/",
        indicators.indicator_retire,
        name="indicator-retire",
    ),
    path(FIGURES + "maaltal/<int:indicator>/", measurements.target, name="target-edit"),
    path(MEASUREMENT + "ret/", measurements.measurement_edit, name="measurement-edit"),
    path(MEASUREMENT + "fjern/", measurements.measurement_remove, name="measurement-remove"),
    path(MEASUREMENT + "gendan/", measurements.measurement_restore, name="measurement-restore"),
    path("kommuner/<slug:slug>/politikker/", policies.policies, name="policies"),
    path("kommuner/<slug:slug>/politikker/ny/", policies.new, name="policy-new"),
    path("kommuner/<slug:slug>/politikker/<int:pk>/ret/", policies.edit, name="policy-edit"),
]
