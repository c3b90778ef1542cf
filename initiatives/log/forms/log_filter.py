"""Which registrations a filter of the log shows, and where the next page of them begins."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.models import Membership
from krams.people.permissions import REGISTERING
from krams.web.forms import DanishDateField, FilterForm

from ...enums import ActivitySource, Factor, Outcome
from ...models import Activity, ActivityType

_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", re.ASCII)


def _any(choices: Iterable[tuple[Any, Any]], label: str | Promise) -> list[tuple[Any, Any]]:
    return [("", label), *choices]


class FactorChoice(forms.ChoiceField):
    """A factor by its letter, which reads better small in an address."""

    def __init__(self, **options: Any) -> None:
        letters = [(factor.value.lower(), factor.label) for factor in Factor]
        super().__init__(choices=_any(letters, _("All factors")), **options)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class LogFilter(FilterForm):
    """Which registrations to show; the names are those of the address."""

    fra = DanishDateField(label=_("From"), required=False)
    til = DanishDateField(label=_("To"), required=False)
    faktor = FactorChoice(label=_("Factor"), required=False)
    type = forms.ChoiceField(label=_("Activity"), required=False)
    udfald = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=_any(Outcome.choices, _("All outcomes")),
    )
    rolle = forms.ChoiceField(
        label=_("Registered by"),
        required=False,
        choices=_any([(role.value, role.label) for role in REGISTERING], _("Everybody")),
    )
    kilde = forms.ChoiceField(
        label=_("Source"),
        required=False,
        choices=_any(ActivitySource.choices, _("Everything")),
    )

    def __init__(self, *args: Any, types: Iterable[ActivityType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("type", forms.ChoiceField).choices = _any(
            [(kind.pk, kind.name) for kind in types], _("All activities")
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("fra"), values.get("til")
        if first and last and last < first:
            self.add_error("til", _("The end lies before the start."))
        return values

    @property
    def is_narrowed(self) -> bool:
        return self.chosen_count > 0

    def narrow(self, activities: QuerySet[Activity]) -> QuerySet[Activity]:
        """The registrations that fit; none at all for a filter that means nothing."""
        if not self.is_valid():
            return activities.none()
        wanted = {
            "fra": lambda value: Q(held_on__gte=value),
            "til": lambda value: Q(held_on__lte=value),
            "faktor": lambda value: Q(factors__contains=value.upper()),
            "type": lambda value: Q(activity_type=value),
            "udfald": lambda value: Q(outcome=value),
            "kilde": lambda value: Q(source=value),
            "rolle": _registered_by_role,
        }
        for name, value in self.cleaned_data.items():
            if value:
                activities = activities.filter(wanted[name](value))
        return activities


def _registered_by_role(role: str) -> Exists:
    """By somebody who holds the role today, at the facility or through what owns it."""
    there = (
        Q(facility=OuterRef("facility"))
        | Q(department=OuterRef("facility__department"))
        | Q(authority=OuterRef("facility__department__municipality"))
    )
    mine = Membership.objects.valid_on().filter(user=OuterRef("registered_by"), role=role)
    return Exists(mine.filter(there))


class Cursor:
    """Where the next page of the log begins: after a day and a row. Stable while rows come in."""

    def __init__(self, held_on: dt.date, pk: int) -> None:
        self.held_on, self.pk = held_on, pk

    @classmethod
    def after(cls, activity: Activity) -> "Cursor":
        return cls(activity.held_on, activity.pk)

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises ``ValueError`` for anything that :meth:`__str__` has not written."""
        if not (match := _CURSOR.fullmatch(text)):
            raise ValueError("not a place in the log")
        return cls(dt.date.fromisoformat(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.held_on.isoformat()}.{self.pk}"

    def below(self) -> Q:
        return Q(held_on__lt=self.held_on) | Q(held_on=self.held_on, pk__lt=self.pk)
