"""Addresses of what was changed at places and by oneself, and of what is put back or taken away."""

from django.urls import path

from .views import audit, log, redacting, restoring

HISTORY = "historik/<slug:key>/<int:pk>/"

urlpatterns = [
    path("botilbud/<slug:slug>/aendringslog/", log.facility, name="facility-changes"),
    path("myndigheder/<slug:slug>/aendringslog/", log.authority, name="authority-changes"),
    path("klynger/<slug:slug>/aendringslog/", log.cluster, name="cluster-changes"),
    path("konto/aendringslog/", log.own, name="own-changes"),
    path("revisionslog/", audit.log, name="audit-log"),
    path("revisionslog.<str:kind>", audit.export, name="audit-export"),
    path(HISTORY + "gendan/", restoring.restore, name="history-restore"),
    path(HISTORY + "fjern-tekst/", redacting.redact, name="history-redact"),
]
