"""What was decided at a meeting: written down, corrected, followed up, removed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.people.requests import Request

from ..actions import meetings as actions
from ..forms import EditDecisionForm, FollowUpForm
from ..queries.points import decision_of
from .page import NOT_ALLOWED, Edit, Page, back, remove, restore, save, show


@require_http_methods(["GET", "POST"])
def decision_add(request: Request, pk: int) -> HttpResponse:
    """Write down what was agreed; the form stands beside the agenda."""
    page = Page.writable(request.user, pk)
    if request.method == "GET":
        return redirect(page.url("meeting") + "#write")
    form = page.new_decision(request.POST)
    if not form.is_valid():
        return show(request, page, new_decision=form, form=form, status=422)
    try:
        actions.add_decision(
            meeting=page.meeting,
            values=form.values(),
            plan_id=form.cleaned_data["plan"],
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, "write", anchor="decided")


@require_http_methods(["GET", "POST"])
def decision_edit(request: Request, pk: int, decision_id: int) -> HttpResponse:
    """Correct what was written: the words, the role, the date, the activity."""
    page = Page.writable(request.user, pk)
    agreed = page.decision(decision_id)
    initial = {
        "text": agreed.text,
        "responsible_role": agreed.responsible_role,
        "due_on": agreed.due_on,
        "plan": agreed.plan_id,
        "version": agreed.version,
    }
    form = EditDecisionForm(
        request.POST or None,
        initial=initial,
        meeting_on=agreed.made_on,
        plans=page.plan_choices(agreed),
        auto_id=f"decision-{agreed.pk}-%s",
    )
    edit = Edit(
        part=f"decision-{agreed.pk}",
        title=_("Correct the decision"),
        form=form,
        action=page.url("decision-edit", agreed.pk),
        submit=_("Save"),
        remove=page.url("decision-remove", agreed.pk),
        history=reverse("history", args=["beslutning", agreed.pk]),
    )
    if request.method == "GET":
        return show(request, page, edit=edit)

    def write(form: EditDecisionForm) -> None:
        actions.edit_decision(
            decision=decision_of(request.user, agreed.pk),
            version=form.cleaned_data["version"],
            values=form.values(),
            plan_id=form.cleaned_data["plan"],
            by=request.user,
        )

    return save(request, page, edit, write)


@require_http_methods(["GET", "POST"])
def decision_follow_up(request: Request, pk: int, decision_id: int) -> HttpResponse:
    """Close a decision, done or dropped, or carry it over to a new date."""
    page = Page.writable(request.user, pk)
    agreed = page.decision(decision_id)
    edit = Edit(
        part=f"decision-{agreed.pk}",
        title=_("Follow up: %(decision)s") % {"decision": agreed.text},
        form=FollowUpForm(
            request.POST or None,
            initial={"version": agreed.version, "note": agreed.closing_note},
            meeting_on=agreed.made_on,
            auto_id=f"decision-{agreed.pk}-%s",
        ),
        action=page.url("decision-follow-up", agreed.pk),
        submit=_("Save"),
        heading=agreed.text,
    )
    if request.method == "GET":
        return show(request, page, edit=edit)

    def write(form: FollowUpForm) -> None:
        values = form.cleaned_data
        shared: dict[str, Any] = {
            "decision": decision_of(request.user, agreed.pk),
            "version": values["version"],
            "note": values["note"],
            "by": request.user,
        }
        if form.is_closed:
            closed_on = values["closed_on"] or timezone.localdate()
            actions.close_decision(closed_on=closed_on, dropped=form.is_dropped, **shared)
        else:
            actions.carry_over_decision(due_on=values["due_on"], **shared)

    return save(request, page, edit, write)


@require_POST
def decision_reopen(request: Request, pk: int, decision_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    agreed = page.decision(decision_id)
    try:
        actions.reopen_decision(decision=decision_of(request.user, agreed.pk), by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, f"decision-{agreed.pk}")


@require_POST
def decision_remove(request: Request, pk: int, decision_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    agreed = page.decision(decision_id)
    return remove(request, page, decision_of(request.user, agreed.pk), "decision")


@require_POST
def decision_restore(request: Request, pk: int, decision_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    return restore(request, page, decision_of(request.user, decision_id), "decision")
