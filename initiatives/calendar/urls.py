"""Addresses of a facility's calendar."""

from django.urls import path

from . import views

urlpatterns = [
    # Not "slug": what is a secret is kept out of the log (``krams.web.logs``).
    path("kalender/<str:token>.ics", views.feed, name="calendar-feed"),
    path("botilbud/<slug:slug>/kalender/", views.calendar, name="calendar"),
    path("botilbud/<slug:slug>/kalender/luk/", views.close, name="calendar-close"),
]
