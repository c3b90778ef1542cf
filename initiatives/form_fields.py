"""How the five KRAMS factors are ticked in a form."""

from typing import Any

from django import forms
from django.db.models import Field, Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from krams.sheets.columns import Choice
from krams.web.markup import tile

from .enums import Factor
from .fields import factor_set


def longest(model: type[Model], name: str) -> int:
    """How many letters a field of the model holds."""
    field = model._meta.get_field(name)
    assert isinstance(field, Field), name
    assert field.max_length is not None, name
    return field.max_length


def factor_choices() -> list[tuple[str, SafeString]]:
    """Read for each form, so that the names are in the language of the request."""
    return [(f.value, format_html("{}{}", tile(f.value, "sm"), f.label)) for f in Factor]


# The factors in a cell of a spreadsheet: by name or letter.
FACTOR_WORDS = tuple(Choice(factor.value, factor.label, (factor.value,)) for factor in Factor)


class FactorsField(forms.MultipleChoiceField):
    """Tick boxes for the five factors; the value is the set as its letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=factor_choices,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "opts opts--row"}),
            **options,
        )

    def clean(self, value: Any) -> str:
        return factor_set(super().clean(value))
