"""The address in an e-mail that stops it."""

from django.urls import path

from . import views

urlpatterns = [path("konto/afmeld/<str:token>/", views.unsubscribe, name="unsubscribe")]
