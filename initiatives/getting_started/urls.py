"""Addresses of getting started, and of the templates that a department begins with."""

from django.urls import path

from .views import lists, starters, steps

START = "kom-i-gang/"
HERE = START + "<slug:slug>/"
DEPARTMENT = START + "afdeling/<slug:slug>/"
FACILITIES = DEPARTMENT + "botilbud/"
PEOPLE = DEPARTMENT + "personer/"
TEMPLATES = "afdelinger/<slug:slug>/skabeloner/"

urlpatterns = [
    path(START, steps.choose, name="getting-started-choose"),
    path(HERE, steps.steps, name="getting-started"),
    path(HERE + "spring-over/", steps.skip, name="getting-started-skip"),
    path(HERE + "afdeling/", steps.department, name="getting-started-department"),
    path(FACILITIES, lists.facilities, name="getting-started-facilities"),
    path(FACILITIES + "et/", lists.facility, name="getting-started-facility"),
    path(
        FACILITIES + "skabelon.<str:kind>",
        lists.facility_template,
        name="getting-started-facility-template",
    ),
    path(PEOPLE, lists.people, name="getting-started-people"),
    path(PEOPLE + "en/", lists.person, name="getting-started-person"),
    path(
        PEOPLE + "skabelon.<str:kind>",
        lists.people_template,
        name="getting-started-people-template",
    ),
    path(TEMPLATES + "ugeplan/", starters.plan, name="starter-plan"),
    path(TEMPLATES + "indsats/", starters.initiative, name="starter-initiative"),
]
