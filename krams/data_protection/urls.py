"""Addresses of what is stored about people."""

from django.urls import path

from .views import leaving, own_data, record

urlpatterns = [
    path("konto/mine-oplysninger.<slug:kind>", own_data.own_data, name="own-data"),
    path("databeskyttelse/", record.show, name="data-protection"),
    path("databeskyttelse/konto/<int:pk>/", leaving.leaving, name="leaving"),
]
