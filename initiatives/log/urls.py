"""Addresses of the day, the log and the week grid of a facility."""

from django.urls import path

from krams.sheets.addresses import SHEET, TEMPLATE

from .views import (
    export,
    facilities,
    log,
    period,
    registrations,
    rhythm,
    sheets,
    today,
    tour,
    week_grid,
)

FACILITY = "botilbud/<slug:slug>/"
REGISTRATION = "botilbud/<slug:slug>/registreringer/<int:pk>/"

urlpatterns = [
    path("botilbud/", facilities.facilities, name="facilities"),
    path(FACILITY + "i-dag/", today.today, name="today"),
    path("rundtur/", tour.start, name="tour"),
    path("rundtur/luk/", tour.close, name="tour-close"),
    path(FACILITY + "rytme/", rhythm.rhythm, name="rhythm"),
    path(FACILITY + "rytme/periode/", period.period, name="period"),
    path(FACILITY + "rytme/periode.<str:kind>", period.period_export, name="period-export"),
    path(FACILITY + "aaret/", rhythm.year, name="year"),
    path(FACILITY + "planlagt/<int:plan_id>/", today.planned, name="planned"),
    path(FACILITY + "registrer/", today.register, name="register"),
    path(FACILITY + "registreringer/", log.log, name="log"),
    path(FACILITY + "registreringer.<str:kind>", export.log_export, name="log-export"),
    path(FACILITY + "registreringer/" + SHEET, sheets.log_sheet, name="log-sheet"),
    path(FACILITY + "registreringer/" + TEMPLATE, sheets.log_template, name="log-template"),
    path(REGISTRATION, registrations.activity, name="activity"),
    path(REGISTRATION + "ret/", registrations.edit, name="activity-edit"),
    path(REGISTRATION + "fjern/", registrations.remove, name="activity-remove"),
    path(REGISTRATION + "gendan/", registrations.restore, name="activity-restore"),
    path(FACILITY + "uge/", week_grid.this_week, name="this-week"),
    path(FACILITY + "uge/<str:week>/", week_grid.grid, name="grid"),
    path(FACILITY + "uge/<str:week>/fortryd/", week_grid.undo, name="grid-undo"),
]
