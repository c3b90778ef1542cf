"""Addresses of imports: the form, what was read, and what is decided about it."""

from django.urls import path

from . import views

DRAFT = "<slug:slug>/indlaesning/<int:pk>"

urlpatterns = [
    path("<slug:slug>/indlaesning/", views.imports, name="imports"),
    path("<slug:slug>/indlaesning/kolonne/<slug:authority>/", views.paste, name="import-paste"),
    path(f"{DRAFT}/", views.draft, name="import"),
    path(f"{DRAFT}/felt/<slug:key>/", views.decide_cell, name="import-decide"),
    path(f"{DRAFT}/felt/<slug:key>/ret/", views.edit_cell, name="import-edit"),
    path(f"{DRAFT}/nye/", views.accept_new, name="import-accept-new"),
    path(f"{DRAFT}/placering/", views.place_rest, name="import-place"),
    path(f"{DRAFT}/indlaes/", views.apply, name="import-apply"),
    path(f"{DRAFT}/fortryd/", views.undo, name="import-undo"),
    path(f"{DRAFT}/kasser/", views.drop, name="import-drop"),
]
