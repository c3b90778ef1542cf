"""The list of initiatives, and the page of one as a document."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from krams.models import Facility, User
from krams.people.permissions import MANAGING
from krams.people.requests import Request

from ...form_page import last_save
from ...models import Initiative
from ..queries.document import Document
from ..sections import SECTIONS, Section


@require_GET
def initiatives(request: Request) -> HttpResponse:
    """All initiatives that the person may see, by department."""
    rows = Initiative.objects.read_by(request.user).order_by(
        "department__name", "department_id", "title", "pk"
    )
    context = {"initiatives": rows, "may_begin": may_begin(request.user)}
    return render(request, "initiatives/documents/initiatives.html", context)


@require_GET
def initiative(request: Request, pk: int) -> HttpResponse:
    """One initiative as a document."""
    visible = Initiative.objects.read_by(request.user)
    visible = visible.select_related("copied_from__department__municipality")
    found = get_object_or_404(visible, pk=pk)
    document = Document.of(found)
    open_to_me = Facility.objects.visible_to(request.user).filter(pk=OuterRef("pk"))
    mine = Facility.objects.managed_by(request.user).filter(pk=OuterRef("pk"))
    facilities = list(
        found.facilities.annotate(is_open_to_me=Exists(open_to_me), is_mine=Exists(mine))
    )
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
