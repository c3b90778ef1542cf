"""What somebody sent after the session had ended: send it now, or throw it away."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ...people.requests import Request
from ...web import unsent_forms


@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponse:
    """The text as typed, with a button that sends it to where it was sent; POST forgets it."""
    found = unsent_forms.found(request)
    if found is None or request.method == "POST":
        unsent_forms.forget(request)
        return redirect("home")
    fields = found["fields"]
    context = {"path": found["path"], "fields": fields, "typed": unsent_forms.typed(fields)}
    return render(request, "krams/pages/unsent_form.html", context)
