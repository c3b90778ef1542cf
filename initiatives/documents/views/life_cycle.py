"""The pages where an initiative is begun, copied, put into force, paused and ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.models import User
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import editable_initiative, readable_initiative
from ...enums import InitiativeStatus
from ...form_page import clash, last_save, on_top, render_form
from ...models import Initiative
from ..actions import life_cycle as actions
from ..actions.copies import copy_initiative
from ..forms.life_cycle import InitiativeForm, StatusForm
from ..queries.initiatives import owners_of

DECISIONS = {
    "aktiver": InitiativeStatus.ACTIVE,
    "pause": InitiativeStatus.PAUSED,
    "afslut": InitiativeStatus.ENDED,
}
HEADINGS = {
    "aktiver": gettext_lazy("Put the initiative into force"),
    "pause": gettext_lazy("Pause the initiative"),
    "afslut": gettext_lazy("End the initiative"),
}
SAVED = {
    "aktiver": gettext_lazy("The initiative is in force."),
    "pause": gettext_lazy("The initiative is on pause."),
    "afslut": gettext_lazy("The initiative has ended."),
}


def _owners(user: User) -> dict[str, Any]:
    """In whose name the person may begin one. Raises ``PermissionDenied`` for nobody's."""
    departments, facilities = owners_of(user)
    if not departments and not facilities:
        raise PermissionDenied
    return {"departments": departments, "facilities": facilities}


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin an initiative: a title and an owner; the sections are filled in on its page."""
    owners = _owners(request.user)
    form = InitiativeForm(request.POST or None, **owners)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_initiative(by=request.user, **form.values())
        except actions.SentElsewhere:
            form.add_error("submission_id", _("The form is out of date. Send it once more."))
        else:
            messages.success(request, _("The draft has begun. Fill in one section at a time."))
            return redirect(made)
    return render_form(
        request,
        form,
        heading=_("New initiative"),
        lead=_("It begins as a draft. The ten sections are filled in afterwards."),
        back=reverse("initiatives:initiatives"),
        back_label=_("Initiatives"),
        submit=_("Begin the draft"),
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def copy(request: Request, pk: int) -> HttpResponse:
    """Take over an initiative as a draft of one's own."""
    source, owners = readable_initiative(request.user, pk), _owners(request.user)
    form = InitiativeForm(request.POST or None, initial={"title": source.title}, **owners)
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_initiative(source=source, by=request.user, **form.values())
        except actions.SentElsewhere:
            form.add_error("submission_id", _("The form is out of date. Send it once more."))
        else:
            messages.success(request, _("The copy is a draft of your own. Make it yours."))
            return redirect(made)
    return render_form(
        request,
        form,
        heading=_("Copy as a template"),
        intro="initiatives/documents/_copy_intro.html",
        back=source.get_absolute_url(),
        back_label=source.title,
        submit=_("Make the copy"),
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def status(request: Request, pk: int, decision: str) -> HttpResponse:
    """Decide the status, in the side panel or on a page of its own."""
    found = editable_initiative(request.user, pk)
    if decision not in DECISIONS:
        raise Http404
    chosen = DECISIONS[decision]
    if request.method == "GET":
        return _status_form(request, found, decision, _status_of(found, chosen))
    form = _status_of(found, chosen, request.POST)
    if not form.is_valid():
        return _status_form(request, found, decision, form, status=422)
    try:
        actions.change_status(initiative=found, by=request.user, **form.values())
    except StaleVersion as stale:
        current = readable_initiative(request.user, pk)
        stands = {"reason": current.status_reason, "until": current.paused_until}
        again = _status_of(current, chosen, on_top(form, current.version))
        return _status_form(request, current, decision, again, **clash(form, stale.current, stands))
    except actions.NotPossible:
        form.add_error(None, _("The initiative stands otherwise now; this cannot follow it."))
        return _status_form(
            request, readable_initiative(request.user, pk), decision, form, status=422
        )
    messages.success(request, SAVED[decision])
    if not is_partial(request):
        return redirect(f"{found.get_absolute_url()}#livsforloeb")
    return _panel(request, readable_initiative(request.user, pk), saved=True)


@require_GET
def panel(request: Request, pk: int) -> HttpResponse:
    """The side panel's status as it stands: what "Cancel" brings back."""
    found = readable_initiative(request.user, pk)
    if not is_partial(request):
        return redirect(f"{found.get_absolute_url()}#livsforloeb")
    return _panel(request, found)


def _panel(request: Request, found: Initiative, *, saved: bool = False) -> HttpResponse:
    context = {"initiative": found, "saved": saved, "focus": True}
    if saved:
        context["last"] = last_save(found)
    return render(request, "initiatives/documents/_life_cycle.html", context)


def _status_of(
    found: Initiative, chosen: InitiativeStatus, data: QueryDict | None = None
) -> StatusForm:
    return StatusForm(data, initiative=found, status=chosen)


def _status_form(
    request: Request, found: Initiative, decision: str, form: BaseForm, **more: Any
) -> HttpResponse:
    if not form.is_bound and form.visible_fields():
        form.visible_fields()[0].field.widget.attrs["autofocus"] = True
    return render_form(
        request,
        form,
        heading=HEADINGS[decision],
        lead=found.title,
        back=f"{found.get_absolute_url()}#livsforloeb",
        back_label=found.title,
        submit=HEADINGS[decision],
        part="initiatives/documents/_life_cycle_form.html",
        initiative=found,
        target="livsforloeb",
        cancel=reverse("initiatives:initiative-status-panel", args=[found.pk]),
        **more,
    )
