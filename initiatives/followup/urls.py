"""Addresses of the pages across the facilities of a department."""

from django.urls import path

from .views import comparison, completeness, export, overview

urlpatterns = [
    path("afdelinger/<slug:slug>/overblik/", overview.overview, name="overview"),
    path(
        "afdelinger/<slug:slug>/overblik.<str:kind>",
        export.overview_export,
        name="overview-export",
    ),
    path(
        "afdelinger/<slug:slug>/holder-det.<str:kind>",
        export.factors_export,
        name="factors-export",
    ),
    path("afdelinger/<slug:slug>/udfyldt/", completeness.completeness, name="completeness"),
    path(
        "afdelinger/<slug:slug>/udfyldt.<str:kind>",
        export.completeness_export,
        name="completeness-export",
    ),
    path("afdelinger/<slug:slug>/sammenlign/", comparison.compare, name="compare"),
    path(
        "afdelinger/<slug:slug>/sammenlign.<str:kind>",
        export.compare_export,
        name="compare-export",
    ),
]
