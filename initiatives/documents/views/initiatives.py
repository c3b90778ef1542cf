"""The list of initiatives, and the page of one as a document."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from krams.models import User
from krams.people.permissions import MANAGING
from krams.people.requests import Request

from ...form_page import last_save
from ..document import Document
from ..queries.document import read_document
from ..queries.initiatives import listed_initiatives, places_of, whole_initiative
from ..sections import SECTIONS, Section


@require_GET
def initiatives(request: Request) -> HttpResponse:
    """All initiatives that the person may see, by department."""
    context = {
        "initiatives": listed_initiatives(request.user),
        "may_begin": may_begin(request.user),
        # In whose name one can begin with a template.
        "begins_in": [
            one.department for one in request.user.scopes if one.department and one.role in MANAGING
        ],
    }
    return render(request, "initiatives/documents/initiatives.html", context)


@require_GET
def initiative(request: Request, pk: int) -> HttpResponse:
    """One initiative as a document."""
    found = whole_initiative(request.user, pk)
    document = read_document(found)
    facilities = places_of(request.user, found)
    document.writable = [place for place in facilities if place.is_mine]
    context = {
        "initiative": found,
        "document": document,
        "sections": [shown(section, document) for section in SECTIONS],
        "facilities": facilities,
        "last": last_save(found),
        "may_begin": may_begin(request.user),
    }
    return render(request, "initiatives/documents/initiative.html", context)


def may_begin(user: User) -> bool:
    """Whether there is a department or facility in whose name the person may begin one."""
    return user.is_superuser or any(
        scope.role in MANAGING and not scope.cluster_id for scope in user.scopes
    )


def shown(section: Section, document: Document) -> dict[str, Any]:
    return {"section": section, "values": document.values(section)}
