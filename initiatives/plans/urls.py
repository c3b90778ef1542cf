"""Addresses of the weekly plan and of the activity types."""

from django.urls import path

from .views import activity_types, copy, export, pauses, plan

urlpatterns = [
    path("botilbud/<slug:slug>/ugeplan/", plan.plan, name="plan"),
    path("botilbud/<slug:slug>/ugeplan.<str:kind>", export.plan_export, name="plan-export"),
    path("botilbud/<slug:slug>/ugeplan/tilfoej/", plan.add, name="plan-add"),
    path("botilbud/<slug:slug>/ugeplan/faktorer/", plan.factors, name="plan-factors"),
    path("botilbud/<slug:slug>/ugeplan/kopi/", copy.copy, name="plan-copy"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/ret/", plan.edit, name="plan-edit"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/slut/", plan.end, name="plan-end"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/pause/", pauses.pause, name="plan-pause"),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:pk>/pause/<int:pause_pk>/",
        pauses.edit,
        name="pause-edit",
    ),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:pk>/pause/<int:pause_pk>/start/",
        pauses.restart,
        name="plan-restart",
    ),
    path("kommuner/<slug:slug>/aktivitetstyper/", activity_types.types, name="types"),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/ret/", activity_types.edit, name="type-edit"
    ),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/flyt/", activity_types.move, name="type-move"
    ),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/udgaa/",
        activity_types.retire,
        name="type-retire",
    ),
]
