"""The page of the data protection officer."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ...enums import Role
from ...people.requests import Request
from ..record import record


@require_GET
def show(request: Request) -> HttpResponse:
    """``/databeskyttelse/``: for administrators of any place; it names nobody."""
    roles = {scope.role for scope in request.user.scopes}
    if not (request.user.is_superuser or Role.ADMINISTRATOR in roles):
        raise PermissionDenied
    return render(request, "krams/data_protection/record.html", {"tables": list(record())})
