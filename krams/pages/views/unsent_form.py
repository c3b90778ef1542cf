"""What somebody sent after the session had ended: send it now, or throw it away."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ...people.requests import Request
from ...web import unsent_forms

# What a form carries for itself; the rest was typed or chosen.
OWN = ("submission_id", "version", "page_day", "which_day", "early", "dag")


@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponse:
    """The text as typed, with a button that sends it to where it was sent; POST forgets it."""
    found = unsent_forms.found(request)
    if found is None or request.method == "POST":
        unsent_forms.forget(request)
        return redirect("home")
    typed = [
        value
        for name, value in found["fields"]
        if value.strip() and not any(own in name for own in OWN)
    ]
    context = {"path": found["path"], "fields": found["fields"], "typed": typed}
    return render(request, "krams/pages/unsent_form.html", context)
