"""Search over both halves, in what the person may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..people.requests import Request
from ..replica.reading import allow_replica
from .forms import SearchForm
from .queries.find import SHOWN, Found, search


@require_GET
def results(request: Request) -> HttpResponse:
    """``/soeg/?q=``: what was found, by kind; a query that cannot be used is 422."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    # Without a guard before it: what is found is asked for by the roles, which must be the same.
    allow_replica(request)
    context = {
        "form": form,
        "query": query,
        "found": search(request.user, query) if query else Found([]),
        "shown": SHOWN,
    }
    return render(request, "krams/search/search.html", context, status=422 if form.errors else 200)
