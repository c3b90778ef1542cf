"""The assessment on a criterion's page, and two people who assessed it at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...enums import AssessmentLevel
from ...form_page import typed_in
from ...models import Assessment
from ..actions import assessments as actions
from ..criterion import CriterionPage
from ..forms.assessments import AssessmentForm
from .criterion import address, fresh, guarded_page, render_page


@require_http_methods(["GET", "POST"])
def assess(request: Request, slug: str, pk: int, facility: str) -> HttpResponse:
    """Change the assessment; GET without htmx is the page that has the form."""
    page = guarded_page(request, slug, pk, facility, managing=True)
    if request.method == "GET":
        return redirect(f"{address(page)}#vurdering")
    form = AssessmentForm(request.POST, newest=page.newest, computed=page.computed)
    if not form.is_valid():
        return render_page(request, page, "_assessment", status=422, assessment_form=form)
    try:
        actions.assess(
            criterion=page.criterion, facility=page.facility, by=request.user, **form.values()
        )
    except StaleVersion as stale:
        return render_conflict(request, page, form, stale.current)
    messages.success(request, _("The assessment is saved."))
    if not is_partial(request):
        return redirect(f"{address(page)}#vurdering")
    return render_page(request, fresh(request, page), "_assessment", saved=True)


def render_conflict(
    request: Request, page: CriterionPage, form: AssessmentForm, theirs: Assessment
) -> HttpResponse:
    """409: the saved assessment beside one's own, and the form on top of what stands."""
    mine = form.values()
    saved, own = word_differences.side_by_side(theirs.reason, mine["reason"])
    data = typed_in(form, base=theirs.pk, version=theirs.version)
    page = fresh(request, page)
    again = AssessmentForm(data, newest=page.newest, computed=page.computed)
    conflict = {
        "saved": saved,
        "own": own,
        "theirs": theirs,
        "their_level": AssessmentLevel(theirs.level),
        "my_level": mine["level"],
    }
    return render_page(
        request, page, "_assessment", status=409, assessment_form=again, conflict=conflict
    )
