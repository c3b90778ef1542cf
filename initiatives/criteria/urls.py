"""Addresses of success criteria, their indicators and their figures."""

from django.urls import path

from krams.sheets.addresses import SHEET, TEMPLATE

from .views import (
    assessments,
    criteria,
    criterion,
    files,
    indicators,
    measurements,
    sheets,
    targets,
)

CRITERIA = "indsatser/<int:pk>/kriterier/"
CRITERION = CRITERIA + "<int:criterion>/"
FIGURES = "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/"
MEASUREMENT = FIGURES + "maaling/<int:indicator>/<int:measurement>/"
INDICATOR = "indsatser/<int:pk>/maal/<int:indicator>/"

urlpatterns = [
    path(CRITERIA, criteria.criteria, name="criteria"),
    path(CRITERIA + SHEET, sheets.measurement_sheet, name="measurement-sheet"),
    path(CRITERIA + TEMPLATE, sheets.measurement_template, name="measurement-template"),
    path(CRITERIA + "nyt/", criteria.criterion_new, name="criterion-new"),
    path(CRITERION + "ret/", criteria.criterion_edit, name="criterion-edit"),
    path(CRITERION + "flyt/", criteria.criterion_move, name="criterion-move"),
    path(CRITERION + "udgaa/", criteria.criterion_retire, name="criterion-retire"),
    path(CRITERION + "maal/nyt/", indicators.indicator_new, name="indicator-new"),
    path(INDICATOR + "ret/", indicators.indicator_edit, name="indicator-edit"),
    path(INDICATOR + "udgaa/", indicators.indicator_retire, name="indicator-retire"),
    path(FIGURES + "maaltal/<int:indicator>/", targets.target, name="target-edit"),
    path(MEASUREMENT + "ret/", measurements.measurement_edit, name="measurement-edit"),
    path(MEASUREMENT + "fjern/", measurements.measurement_remove, name="measurement-remove"),
    path(MEASUREMENT + "gendan/", measurements.measurement_restore, name="measurement-restore"),
    path(FIGURES, criterion.criterion, name="criterion"),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>.<str:kind>",
        files.criterion_file,
        name="criterion-file",
    ),
    path(FIGURES + "vurdering/", assessments.assess, name="criterion-assess"),
    path(
        FIGURES + "maaling/<int:indicator>/", measurements.measurement_add, name="measurement-add"
    ),
]
