"""Addresses of what is said about cells."""

from django.urls import path

from ..matrix.urls import CELL
from .views import cell, threads, wordings

TALK = f"{CELL}/samtale"

urlpatterns = [
    path("<slug:slug>/spoergsmaal/", threads.threads, name="threads"),
    path(f"{TALK}/", cell.conversation, name="conversation"),
    path(f"{TALK}/forslag/", wordings.propose, name="wording-propose"),
    path(f"{TALK}/kommentar/<int:pk>/", cell.comment, name="comment"),
    path(f"{TALK}/<int:thread>/svar/", cell.thread_reply, name="thread-reply"),
    path(f"{TALK}/<int:thread>/afslut/", cell.thread_resolve, name="thread-resolve"),
    path(f"{TALK}/<int:thread>/accepter/", wordings.accept, name="wording-accept"),
    path(f"{TALK}/<int:thread>/afvis/", wordings.decline, name="wording-decline"),
    path(f"{TALK}/<int:thread>/traek-tilbage/", wordings.withdraw, name="wording-withdraw"),
]
