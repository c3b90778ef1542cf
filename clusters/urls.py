"""Addresses of the cluster half, below /klynger/: each subject has its own."""

from django.urls import include, path

app_name = "clusters"
urlpatterns = [
    path("", include("clusters.setup.urls")),
    path("", include("clusters.matrix.urls")),
    path("", include("clusters.conversation.urls")),
    path("", include("clusters.steps.urls")),
    path("", include("clusters.confirmations.urls")),
    path("", include("clusters.asking.urls")),
    path("", include("clusters.comparison.urls")),
    path("", include("clusters.editions.urls")),
    path("", include("clusters.intake.urls")),
]
