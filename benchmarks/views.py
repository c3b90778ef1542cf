"""The page that holds nothing."""

from django.http import HttpRequest, HttpResponse


def empty(request: HttpRequest) -> HttpResponse:
    """For whoever is logged in: what the framework and the middleware cost by themselves."""
    return HttpResponse("<!doctype html><title>-</title><p>-</p>")
