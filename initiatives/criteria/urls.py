"""Addresses of success criteria, their indicators and their figures."""

from django.urls import path

from .views import criterion, indicators, measurements

CRITERION = "indsatser/<int:pk>/kriterier/<int:criterion>/"
FIGURES = "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/"
MEASUREMENT = FIGURES + "maaling/<int:indicator>/<int:measurement>/"

urlpatterns = [
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
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/",
        criterion.criterion,
        name="criterion",
    ),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/vurdering/",
        criterion.assess,
        name="criterion-assess",
    ),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/maaling/<int:indicator>/",
        criterion.measurement_add,
        name="measurement-add",
    ),
]
