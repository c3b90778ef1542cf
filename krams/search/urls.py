"""The address of the search over both halves."""

from django.urls import path

from . import views

urlpatterns = [path("soeg/", views.results, name="search")]
