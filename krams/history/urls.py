"""The address of the history of an object."""

from django.urls import path

from . import views

urlpatterns = [path("historik/<slug:key>/<int:pk>/", views.show, name="history")]
