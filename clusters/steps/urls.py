"""Addresses of next steps."""

from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/naeste-skridt/", views.steps, name="steps"),
    path("<slug:slug>/naeste-skridt.<str:kind>", views.steps, name="steps-file"),
    path("<slug:slug>/naeste-skridt/<int:pk>/", views.step_done, name="step-done"),
]
