"""What a form on a page of its own looks like, and what two people who wrote at once are shown."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import formats
from django.utils.functional import Promise

from krams.danish.numbers import format_decimal
from krams.database.prepared import prepared
from krams.models import Kept, Versioned
from krams.web.htmx import HtmxRequest, is_partial

from .enums import Factor
from .form_fields import FactorsField


def render_form(
    request: HtmxRequest,
    form: BaseForm,
    *,
    heading: str | Promise,
    back: str,
    back_label: str | Promise,
    submit: str | Promise,
    status: int = 200,
    part: str = "",
    **more: Any,
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


def clash(form: BaseForm, current: Versioned, stands: dict[str, Any]) -> dict[str, Any]:
    """For the panel of a 409: what ``stands`` beside what was typed, field by field.

    ``current`` is the row as it stands, and who saved it last was first.
    """
    return {
        "clash": True,
        "differences": differences(form, stands),
        "last": last_save(current) if current.pk else None,
        "status": 409,
    }


def typed_in(form: BaseForm, **changed: object) -> QueryDict:
    """What was sent, with some of its fields ``changed``."""
    assert isinstance(form.data, QueryDict), "views give a form what was sent"
    data = form.data.copy()
    for name, value in changed.items():
        # Its stub knows of text alone.
        data[form.add_prefix(name)] = value  # type: ignore[assignment]
    return data


def on_top(form: BaseForm, version: int) -> QueryDict:
    """The data that was typed, now on top of what stands."""
    return typed_in(form, version=version)


@dataclass(frozen=True)
class Difference:
    """A field that two people gave different values."""

    label: str
    theirs: str
    mine: str


def differences(form: BaseForm, stands: dict[str, Any]) -> list[Difference]:
    """What was typed beside what ``stands``, field by field, where the two differ."""
    found = []
    for name, field in form.fields.items():
        if name not in stands or field.widget.is_hidden:
            continue
        mine, theirs = _as_text(field, form.cleaned_data.get(name)), _as_text(field, stands[name])
        if mine != theirs:
            found.append(Difference(str(field.label), theirs, mine))
    return found


def _as_text(field: forms.Field, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(field, FactorsField):
        return ", ".join(str(Factor(letter).label) for letter in value)
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(_choices(field)[choice] for choice in value)
    if isinstance(field, forms.ChoiceField):
        return _choices(field).get(value, "–")
    if isinstance(value, dt.date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dt.time):
        return formats.time_format(value, "TIME_FORMAT")
    if isinstance(value, Decimal):
        return format_decimal(value)
    return str(value)


def _choices(field: forms.ChoiceField) -> dict[Any, str]:
    # The stub has also what may be given to a field; what it gives back are pairs.
    pairs = cast("Iterable[tuple[Any, Any]]", field.choices)
    return {value: str(label) for value, label in pairs}


class LastSave(NamedTuple):
    """Of the newest record of a history: who saved, None for nobody that is still there; when."""

    history_user: str | None
    history_date: dt.datetime


def last_save(current: Kept) -> LastSave | None:
    """Who saved it last, and when."""
    row = next(iter(_newest_record(type(current))(current.pk)), None)
    return row and LastSave(row[1] or row[2], row[0])


@cache
def _newest_record(model: type[Kept]) -> "prepared[[int], tuple[dt.datetime, str, str]]":
    @prepared
    def newest(pk: int) -> QuerySet[Any, tuple[dt.datetime, str, str]]:
        records: QuerySet[Any] = model.history.filter(id=pk).order_by("-history_id")
        who = ("history_user__name", "history_user__email")
        return records.values_list("history_date", *who)[:1]

    return newest
