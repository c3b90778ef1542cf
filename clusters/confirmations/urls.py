"""Addresses of confirming answers, and of asking for it."""

from django.urls import path

from . import views

urlpatterns = [
    path(
        "<slug:slug>/felt/<int:proposal>/<slug:authority>/bekraeft/",
        views.cell_confirm,
        name="cell-confirm",
    ),
    path(
        "<slug:slug>/kolonne/<slug:authority>/bekraeft/",
        views.column_confirm,
        name="column-confirm",
    ),
    path("<slug:slug>/bekraeftelser/", views.confirmations, name="confirmations"),
]
