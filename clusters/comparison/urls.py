"""Addresses of the pages that hold authorities up against each other."""

from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/sammenlign/", views.compare, name="compare"),
    path("<slug:slug>/huller/", views.gap_list, name="gaps"),
    path("<slug:slug>/daekning/", views.coverage_table, name="coverage"),
    path("<slug:slug>/temaer/", views.themes, name="themes"),
]
