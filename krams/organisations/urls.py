"""Addresses of what a department takes in from a spreadsheet."""

from django.urls import path

from ..sheets.addresses import SHEET, TEMPLATE
from . import views

FACILITIES = "afdelinger/<slug:slug>/botilbud/"
PEOPLE = "afdelinger/<slug:slug>/personer/"

urlpatterns = [
    path(FACILITIES + SHEET, views.facility_sheet, name="facility-sheet"),
    path(FACILITIES + TEMPLATE, views.facility_template, name="facility-template"),
    path(PEOPLE + SHEET, views.people_sheet, name="people-sheet"),
    path(PEOPLE + TEMPLATE, views.people_template, name="people-template"),
]
