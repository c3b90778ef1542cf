"""Addresses of the weekly plan and of the activity types."""

from django.urls import path

from krams.sheets.addresses import SHEET, TEMPLATE

from .views import (
    activity_types,
    copies,
    export,
    facility_pauses,
    pauses,
    plan,
    poster,
    sheets,
)

TYPES = "kommuner/<slug:slug>/aktivitetstyper/"
TYPE = TYPES + "<int:pk>/"
WEEK_PLAN = "botilbud/<slug:slug>/ugeplan/"
PLAN = "botilbud/<slug:slug>/ugeplan/<int:pk>/"

urlpatterns = [
    path(WEEK_PLAN, plan.plan, name="plan"),
    path("botilbud/<slug:slug>/ugeplan.<str:kind>", export.plan_export, name="plan-export"),
    path(WEEK_PLAN + "tilfoej/", plan.add, name="plan-add"),
    path(WEEK_PLAN + "faktorer/", plan.factors, name="plan-factors"),
    path(WEEK_PLAN + "kopi/", copies.copy, name="plan-copy"),
    path(WEEK_PLAN + "pause/", facility_pauses.pause, name="facility-pause"),
    path(WEEK_PLAN + "pause/<int:pk>/", facility_pauses.edit, name="facility-pause-edit"),
    path(WEEK_PLAN + "pause/<int:pk>/start/", facility_pauses.restart, name="facility-restart"),
    path(WEEK_PLAN + "pause/<int:pk>/fjern/", facility_pauses.remove, name="facility-pause-remove"),
    path(WEEK_PLAN + SHEET, sheets.plan_sheet, name="plan-sheet"),
    path(WEEK_PLAN + TEMPLATE, sheets.plan_template, name="plan-template"),
    path(WEEK_PLAN + "opslag/", poster.poster, name="poster"),
    path(WEEK_PLAN + "opslag/<str:week>/", poster.poster, name="poster-week"),
    path(
        WEEK_PLAN + "opslag/<str:week>/<slug:size>.<str:kind>",
        poster.poster_file,
        name="poster-file",
    ),
    path(PLAN + "ret/", plan.edit, name="plan-edit"),
    path(PLAN + "slut/", plan.end, name="plan-end"),
    path(PLAN + "pause/", pauses.pause, name="plan-pause"),
    path(PLAN + "pause/<int:pause_pk>/", pauses.edit, name="pause-edit"),
    path(PLAN + "pause/<int:pause_pk>/start/", pauses.restart, name="plan-restart"),
    path(TYPES, activity_types.types, name="types"),
    path(TYPES + SHEET, sheets.type_sheet, name="type-sheet"),
    path(TYPES + TEMPLATE, sheets.type_template, name="type-template"),
    path(TYPE + "ret/", activity_types.edit, name="type-edit"),
    path(TYPE + "flyt/", activity_types.move, name="type-move"),
    path(TYPE + "udgaa/", activity_types.retire, name="type-retire"),
]
