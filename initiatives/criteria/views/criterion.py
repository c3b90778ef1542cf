"""The page of a success criterion at one facility: its figures and the assessments."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...enums import AssessmentLevel
from ..criterion import CriterionPage
from ..forms.assessments import AssessmentForm
from ..queries.criterion_page import (
    read_criterion_page,
    visible_criterion,
    visible_place,
)


@require_GET
def criterion(request: Request, slug: str, pk: int, facility: str) -> HttpResponse:
    """The criterion's page."""
    return render_page(request, guarded_page(request, slug, pk, facility))


def guarded_page(
    request: Request, slug: str, pk: int, facility: str, *, managing: bool = False
) -> CriterionPage:
    """Not visible is 404; visible, but not the person's to manage, is 403."""
    place = visible_place(request.user, facility)
    found = visible_criterion(request.user, slug, pk, place)
    if managing and not place.may_manage:
        raise PermissionDenied
    return read_criterion_page(found, place, timezone.localdate())


def fresh(request: Request, page: CriterionPage) -> CriterionPage:
    return read_criterion_page(page.criterion, page.facility, timezone.localdate())


def address(page: CriterionPage) -> str:
    place = [page.department.slug, page.criterion.pk, page.facility.slug]
    return reverse("initiatives:criterion", args=place)


def render_page(
    request: Request, page: CriterionPage, template: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The whole page, or for htmx the ``template`` of the part that changes."""
    whole = not template or not is_partial(request)
    if page.facility.may_manage and "assessment_form" not in context:
        context["assessment_form"] = AssessmentForm(newest=page.newest, computed=page.computed)
    form = context.get("measurement_form") or context.get("assessment_form")
    context |= {
        "page": page,
        "form": form,
        "levels": list(AssessmentLevel),
        "open_part": context.get("part"),
    }
    name = "criterion" if whole else template
    return render(request, f"initiatives/criteria/{name}.html", context, status=status)
