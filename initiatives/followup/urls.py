"""Addresses of the pages across the facilities of a department."""

from django.urls import path

from .views import comparison, completeness, curves, export, overview, year

DEPARTMENT = "afdelinger/<slug:slug>/"

urlpatterns = [
    path(DEPARTMENT + "overblik/", overview.overview, name="overview"),
    path(DEPARTMENT + "overblik.<str:kind>", export.overview_export, name="overview-export"),
    path(DEPARTMENT + "holder-det.<str:kind>", export.factors_export, name="factors-export"),
    path(DEPARTMENT + "udfyldt/", completeness.completeness, name="completeness"),
    path(DEPARTMENT + "udfyldt.<str:kind>", export.completeness_export, name="completeness-export"),
    path(DEPARTMENT + "aaret/", year.year, name="department-year"),
    path(DEPARTMENT + "kurver/", curves.curves, name="curves"),
    path(DEPARTMENT + "sammenlign/", comparison.compare, name="compare"),
    path(DEPARTMENT + "sammenlign.<str:kind>", export.compare_export, name="compare-export"),
]
