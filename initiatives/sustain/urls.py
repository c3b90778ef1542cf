"""Address of a municipality's thresholds."""

from django.urls import path

from . import views

urlpatterns = [
    path("kommuner/<slug:slug>/opfoelgning/", views.thresholds, name="thresholds"),
]
