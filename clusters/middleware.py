"""Where an address leads that a cluster once had."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from krams.models import Cluster
from krams.people.requests import Request


class MovedClusterMiddleware:
    """From an address that a cluster had to the one that it has, for those who may see it.

    What was posted goes along (307): a form that was open meanwhile loses nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, Http404) or match is None or match.app_name != "clusters":
            return None
        slug = match.kwargs.get("slug", "")
        # Who reads by a link asks for no cluster, and has no account.
        if not slug or not request.user.is_authenticated:
            return None
        now = Cluster.objects.visible_to(request.user).ever_at(slug).exclude(slug=slug).first()
        if now is None:
            return None
        path = reverse(match.view_name, kwargs=match.kwargs | {"slug": now.slug})
        query = request.META["QUERY_STRING"]
        return redirect(f"{path}?{query}" if query else path, preserve_request=True)
