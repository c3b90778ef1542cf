"""Addresses of the pages that hold authorities up against each other."""

from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/sammenlign/", views.compare, name="compare"),
    path("<slug:slug>/sammenlign.<str:kind>", views.compare, name="compare-file"),
    path("<slug:slug>/huller/", views.gap_list, name="gaps"),
    path("<slug:slug>/huller.<str:kind>", views.gap_list, name="gaps-file"),
    path("<slug:slug>/daekning/", views.coverage_table, name="coverage"),
    path("<slug:slug>/daekning.<str:kind>", views.coverage_table, name="coverage-file"),
    path("<slug:slug>/temaer/", views.themes, name="themes"),
    path("<slug:slug>/temaer.<str:kind>", views.themes, name="themes-file"),
]
