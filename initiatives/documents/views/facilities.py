"""Where an initiative takes place, and what a facility itself does for a factor."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.models import Facility
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import editable_initiative, readable_initiative
from ...enums import Factor
from ...form_page import clash, last_save, on_top, render_form
from ...models import FactorText, Initiative
from ..actions import facilities as actions
from ..forms.facilities import FacilitiesForm, LocalTextForm
from ..queries.initiatives import local_text_of, offered_places, place_of, places_of


@require_http_methods(["GET", "POST"])
def facilities(request: Request, pk: int) -> HttpResponse:
    """Choose the facilities that take part."""
    found = editable_initiative(request.user, pk)
    chosen, offered = places_of(request.user, found), offered_places(found)
    form = FacilitiesForm(request.POST or None, initiative=found, offered=offered, chosen=chosen)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_facilities(initiative=found, by=request.user, **form.values())
        except StaleVersion as stale:
            current = readable_initiative(request.user, pk)
            stands = {"facilities": [str(place.pk) for place in current.facilities.all()]}
            more = clash(form, stale.current, stands)
            data = on_top(form, current.version)
            form = FacilitiesForm(data, initiative=current, offered=offered, chosen=chosen)
        else:
            messages.success(request, _("The facilities are saved."))
            return redirect(f"{found.get_absolute_url()}#botilbud")
    return render_form(
        request,
        form,
        heading=_("Facilities that take part"),
        lead=_("What a facility has registered and measured stays, also when it leaves."),
        back=f"{found.get_absolute_url()}#botilbud",
        back_label=found.title,
        submit=_("Save"),
        **more,
    )


@require_http_methods(["GET", "POST"])
def local_text(request: Request, pk: int, facility: str, factor: str) -> HttpResponse:
    """What one facility itself does for a factor, in place or on a page of its own."""
    found = readable_initiative(request.user, pk)
    letter = factor.upper()
    place = place_of(request.user, found, facility)
    if letter not in Factor.values:
        raise Http404
    if not place.is_mine:
        raise PermissionDenied
    row = local_text_of(found, place, letter)
    if request.method == "GET" and "vis" in request.GET:
        return _local_shown(request, found, place, letter, row)
    form = LocalTextForm(request.POST or None, row=row)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.save_local_text(
                initiative=found,
                facility=place,
                factor=Factor(letter),
                by=request.user,
                **form.values(),
            )
        except StaleVersion as stale:
            theirs, mine = word_differences.side_by_side(
                stale.current.text, form.cleaned_data["text"]
            )
            standing = stale.current.version if stale.current.pk else 0
            more = clash(form, stale.current, {}) | {"theirs": theirs, "mine": mine}
            form = LocalTextForm(on_top(form, standing), row=row)
        else:
            messages.success(request, _("The text is saved."))
            return _local_shown(request, found, place, letter, row, saved=True)
    return _local_form(request, found, place, letter, form, **more)


def _local_form(
    request: Request, found: Initiative, place: Facility, letter: str, form: BaseForm, **more: Any
) -> HttpResponse:
    if not form.is_bound:
        form.fields["text"].widget.attrs["autofocus"] = True
    address = reverse("initiatives:local-text", args=[found.pk, place.slug, letter.lower()])
    return render_form(
        request,
        form,
        heading=f"{place.name}: {Factor(letter).label}",
        lead=found.title,
        back=f"{found.get_absolute_url()}#beskrivelse",
        back_label=found.title,
        submit=_("Save"),
        part="initiatives/documents/_local_form.html",
        body="initiatives/documents/_local_form.html",
        target=f"lokalt-{place.slug}-{letter.lower()}",
        cancel=f"{address}?vis=1",
        place=place,
        **more,
    )


def _local_shown(
    request: Request,
    found: Initiative,
    place: Facility,
    letter: str,
    row: FactorText | None,
    *,
    saved: bool = False,
) -> HttpResponse:
    if not is_partial(request):
        return redirect(f"{found.get_absolute_url()}#lokalt-{place.slug}-{letter.lower()}")
    context = {
        "initiative": found,
        "place": place,
        "factor": Factor(letter),
        "text": row.text if row else "",
        "focus": True,
        "saved": saved,
    }
    if saved:
        context["last"] = last_save(found)
    return render(request, "initiatives/documents/_local_text.html", context)
