"""Search over both halves, in what the person may see."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ..web.forms import LineField, PortalForm
from .queries import LONGEST_QUERY, search


class SearchForm(PortalForm):
    q = LineField(
        label=_("Search for"),
        max_length=LONGEST_QUERY,
        min_length=2,
        error_messages={"required": _("Write what you are looking for.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].widget.attrs["autocomplete"] = "off"


@require_GET
def results(request):
    """``/soeg/?q=``: what was found, by kind; a query that cannot be used is 422."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "query": query,
        "found": search(request.user, query) if query else [],
    }
    return render(request, "krams/search/search.html", context, status=422 if form.errors else 200)
