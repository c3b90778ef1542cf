"""Addresses of the day, the log and the week grid of a facility."""

from django.urls import path

from .views import export, facilities, registrations, today, week_grid

urlpatterns = [
    path("botilbud/", facilities.facilities, name="facilities"),
    path("botilbud/<slug:slug>/i-dag/", today.today, name="today"),
    path("botilbud/<slug:slug>/rytme/", today.rhythm, name="rhythm"),
    path("botilbud/<slug:slug>/planlagt/<int:plan_id>/", today.planned, name="planned"),
    path("botilbud/<slug:slug>/registrer/", today.register, name="register"),
    path("botilbud/<slug:slug>/registreringer/", registrations.log, name="log"),
    path("botilbud/<slug:slug>/registreringer.<str:kind>", export.log_export, name="log-export"),
    path("botilbud/<slug:slug>/registreringer/<int:pk>/", registrations.activity, name="activity"),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/ret/",
        registrations.edit,
        name="activity-edit",
    ),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/fjern/",
        registrations.remove,
        name="activity-remove",
    ),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/gendan/",
        registrations.restore,
        name="activity-restore",
    ),
    path("botilbud/<slug:slug>/uge/", week_grid.this_week, name="this-week"),
    path("botilbud/<slug:slug>/uge/<str:week>/", week_grid.grid, name="grid"),
    path("botilbud/<slug:slug>/uge/<str:week>/fortryd/", week_grid.undo, name="grid-undo"),
]
