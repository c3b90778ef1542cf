"""Search over both halves, in what the person may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..people.requests import Request
from .forms import SearchForm
from .queries import search


@require_GET
def results(request: Request) -> HttpResponse:
    """``/soeg/?q=``: what was found, by kind; a query that cannot be used is 422."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "query": query,
        "found": search(request.user, query) if query else [],
    }
    return render(request, "krams/search/search.html", context, status=422 if form.errors else 200)
