"""What an address of the log asks for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.enums import Role
from krams.people.permissions import REGISTERING
from krams.web.forms import DanishDateField, FilterForm

from ...enums import ActivitySource, Factor, Outcome
from ..chosen import Chosen


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

    def __init__(self, *args: Any, types: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("type", forms.ChoiceField).choices = _any(types, _("All activities"))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("fra"), values.get("til")
        if first and last and last < first:
            self.add_error("til", _("The end lies before the start."))
        return values

    @property
    def is_narrowed(self) -> bool:
        return self.chosen_count > 0

    @property
    def chosen(self) -> Chosen:
        """Of a valid form."""
        values = {name: value or None for name, value in self.cleaned_data.items()}
        factor, kind = values["faktor"], values["type"]
        return Chosen(
            first=values["fra"],
            last=values["til"],
            factor=Factor(factor.upper()) if factor else None,
            activity_type=int(kind) if kind else None,
            outcome=Outcome(values["udfald"]) if values["udfald"] else None,
            role=Role(values["rolle"]) if values["rolle"] else None,
            source=ActivitySource(values["kilde"]) if values["kilde"] else None,
        )
