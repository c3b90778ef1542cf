"""Points put on a meeting's agenda by hand: added, corrected, dealt with, removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.people.requests import Request
from krams.web.htmx import is_partial

from ... import access
from ..actions import meetings as actions
from ..forms import EditItemForm, HandledForm
from ..queries.lists import plan_to_discuss
from ..queries.points import item_of
from .page import NOT_ALLOWED, Edit, Page, back, remove, restore, save, show


@require_POST
def item_handle(request: Request, pk: int, item_id: int) -> HttpResponse:
    """A point was dealt with; with ``igen`` it was not, and comes up again."""
    page = Page.writable(request.user, pk)
    item = page.item(item_id)
    form = HandledForm(request.POST, auto_id=f"handled-{item.pk}-%s")
    if "igen" not in request.POST and not form.is_valid():
        return show(request, page, form=form, handled=item, status=422)
    day = form.cleaned_data["day"] or timezone.localdate() if form.is_valid() else None
    try:
        actions.handle_agenda_item(
            item=item_of(request.user, item.pk),
            day=None if "igen" in request.POST else day,
            by=request.user,
        )
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, item.part)


@require_http_methods(["GET", "POST"])
def item_add(request: Request, pk: int) -> HttpResponse:
    """Put something on the agenda by hand."""
    page = Page.writable(request.user, pk)
    if request.method == "GET":
        return redirect(page.url("meeting") + "#put")
    form = page.new_item(request.POST)
    if not form.is_valid():
        return show(request, page, new_item=form, form=form, status=422)
    try:
        actions.add_agenda_item(meeting=page.meeting, by=request.user, **form.cleaned_data)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return back(page, "put", anchor="items")


@require_http_methods(["GET", "POST"])
def item_edit(request: Request, pk: int, item_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    item = page.item(item_id)
    form = EditItemForm(
        request.POST or None,
        initial={"text": item.text, "version": item.version},
        about_plan=item.plan_id is not None,
        auto_id=f"item-{item.pk}-%s",
    )
    edit = Edit(
        part=f"item-{item.pk}",
        title=_("Correct the item"),
        form=form,
        action=page.url("item-edit", item.pk),
        submit=_("Save"),
        heading=item.plan_title,
        remove=page.url("item-remove", item.pk),
        history=reverse("history", args=["dagsordenspunkt", item.pk]),
    )
    if request.method == "GET":
        return show(request, page, edit=edit)

    def write(form: BaseForm) -> None:
        actions.edit_agenda_item(
            item=item_of(request.user, item.pk),
            version=form.cleaned_data["version"],
            values={"text": form.cleaned_data["text"]},
            by=request.user,
        )

    return save(request, page, edit, write)


@require_POST
def item_remove(request: Request, pk: int, item_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    return remove(request, page, item_of(request.user, page.item(item_id).pk), "item")


@require_POST
def item_restore(request: Request, pk: int, item_id: int) -> HttpResponse:
    page = Page.writable(request.user, pk)
    return restore(request, page, item_of(request.user, item_id), "item")


@require_POST
def put_on_agenda(request: Request, slug: str, plan_id: int) -> HttpResponse:
    """One click: an activity goes on the agenda of the facility's next meeting, once."""
    facility = access.loggable_facility(request.user, slug)
    plan = plan_to_discuss(facility, plan_id)
    try:
        item = actions.put_on_next_agenda(plan=plan, now=timezone.localtime(), by=request.user)
    except actions.NoMeetingPlanned:
        address = reverse("initiatives:meeting-new", args=[slug], query={"plan": plan.pk})
        if not is_partial(request):
            messages.info(request, _("No meeting is planned. Plan one, and it goes on its agenda."))
            return redirect(address)
        context = {"plan": plan, "address": address}
        return render(request, "initiatives/meetings/_put_on_agenda_done.html", context)
    if not is_partial(request):
        messages.success(request, _("%(plan)s is on the agenda.") % {"plan": plan})
        return redirect(item.get_absolute_url())
    context = {"plan": plan, "item": item, "address": item.get_absolute_url()}
    return render(request, "initiatives/meetings/_put_on_agenda_done.html", context)
