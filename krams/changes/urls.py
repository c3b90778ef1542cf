"""Addresses of what was changed at places and by oneself."""

from django.urls import path

from . import views

urlpatterns = [
    path("botilbud/<slug:slug>/aendringslog/", views.facility, name="facility-changes"),
    path("myndigheder/<slug:slug>/aendringslog/", views.authority, name="authority-changes"),
    path("klynger/<slug:slug>/aendringslog/", views.cluster, name="cluster-changes"),
    path("historik/<slug:key>/<int:pk>/gendan/", views.restore, name="history-restore"),
    path("konto/aendringslog/", views.own, name="own-changes"),
]
