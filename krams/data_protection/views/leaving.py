"""Somebody has left: the page of the administration that replaces the name."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...models import User
from ...people.requests import Request
from ..actions.leaving import FORMER, anonymise
from ..forms import LeavingForm


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: Request, pk: int) -> HttpResponse:
    """``/databeskyttelse/konto/12/``: what becomes of the account, and the tick that says yes."""
    if not request.user.is_superuser:
        raise PermissionDenied
    account = get_object_or_404(User, pk=pk)
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            anonymise(account, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The name was replaced by “%(name)s”.") % {"name": FORMER})
            return redirect("admin:krams_user_changelist")
    context = {"account": account, "form": form, "former": FORMER}
    status = 422 if form.errors else 200
    return render(request, "krams/data_protection/leaving.html", context, status=status)
