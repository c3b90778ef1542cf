"""Addresses of the editions of a matrix, and of what changed between them."""

from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/udgaver/", views.editions, name="editions"),
    path("<slug:slug>/udgaver/udvikling/", views.development, name="development"),
    path("<slug:slug>/forslag/<int:pk>/", views.proposal_course, name="proposal-course"),
    path("<slug:slug>/udgaver/frys/", views.freeze, name="freeze"),
    path("<slug:slug>/udgaver/<int:number>/", views.edition, name="edition"),
    path("<slug:slug>/udgaver/<int:number>.<str:kind>", views.edition_file, name="edition-file"),
    path("<slug:slug>/udgaver/<int:number>/traek-tilbage/", views.withdraw, name="withdraw"),
    path("<slug:slug>/aendringer/", views.changes, name="changes"),
    path("<slug:slug>/aendringer.<str:kind>", views.changes, name="changes-file"),
]
