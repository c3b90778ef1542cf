"""A form on a page of its own: what many small writes of the KRAMS half look like."""

from django.http import HttpResponse
from django.shortcuts import render

from krams.history.actions.locking import StaleVersion
from krams.web.htmx import is_partial

from .plans.forms.plans import differences
from .plans.views.plan import last_save


def render_form(
    request, form, *, heading, back, back_label, submit, status=200, part="", **more
) -> HttpResponse:
    """``back`` is where "Cancel" leads; for htmx only ``part``, a template of its own."""
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "back_label": back_label,
        "submit": submit,
        "action": request.path,
        **more,
    }
    template = part if part and is_partial(request) else "initiatives/form_page.html"
    return render(request, template, context, status=status)


def clash(form, stale: StaleVersion, stands: dict) -> dict:
    """For the panel of a 409: what ``stands`` beside what was typed, field by field."""
    current = stale.current
    return {
        "clash": True,
        "differences": differences(form, stands),
        "last": last_save(current) if current.pk else None,
        "status": 409,
    }


def on_top(form, version: int):
    """The data that was typed, now on top of what stands."""
    data = form.data.copy()
    data[form.add_prefix("version")] = version
    return data
