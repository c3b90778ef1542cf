"""Taking words away from a place and all its history: asked for, shown how often, and done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ...history import views as history
from ...people.requests import Request
from ..actions.redacting import find_places
from ..actions.redacting import redact as take_away
from ..forms import RedactForm
from ..queries.hits import reach_of


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: Request, key: str, pk: int) -> HttpResponse:
    """404 where the object is not seen, 403 where the person does not answer for its place."""
    registration, subject, _is_there = history.find(request, key, pk)
    if reach_of(registration, pk, by=request.user) is None:
        raise PermissionDenied
    form = RedactForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "subject": subject, "key": key, "kind": registration.called}
    page = "krams/changes/redact.html"
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=422)
    words, reason = form.cleaned_data["words"], form.cleaned_data["reason"]
    places = find_places(registration=registration, pk=pk, words=words, by=request.user)
    if not places.number:
        form.add_error("words", _("This stands nowhere here, neither now nor earlier."))
        return render(request, page, context, status=422)
    if form.cleaned_data["sure"] != str(places.number):
        return render(request, page, context | {"places": places})
    try:
        number = take_away(
            registration=registration, pk=pk, words=words, reason=reason, by=request.user
        )
    except IntegrityError:
        form.add_error("words", _("Two names would become the same. Change one of them first."))
        return render(request, page, context, status=422)
    text = ngettext(
        "The text was taken away in %(number)s place.",
        "The text was taken away in %(number)s places.",
        number,
    )
    messages.success(request, text % {"number": number})
    return redirect("history", key, pk)
