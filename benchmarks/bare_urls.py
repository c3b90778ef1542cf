"""The address of the empty page where Django has nothing else to do."""

from django.urls import path

from .views import empty

urlpatterns = [path("benchmark/bare/", empty)]
