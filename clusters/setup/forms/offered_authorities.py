"""Choices among authorities that were read already."""

from collections.abc import Sequence
from typing import Any

from django import forms

from krams.models import Authority


class Offered(forms.ChoiceField):
    """A choice among authorities that were read already; it gives back the authorities."""

    def offer(self, authorities: Sequence[Authority], *, blank: bool = False) -> None:
        self.known = {str(one.pk): one for one in authorities}
        choices: list[tuple[int | str, str]] = [(one.pk, one.official_name) for one in authorities]
        self.choices = [("", "–"), *choices] if blank else choices


class OfferedAuthority(Offered):
    def clean(self, value: Any) -> Authority:
        return self.known[super().clean(value)]


class OfferedAuthorities(Offered, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[Authority]:
        chosen = set(super().clean(value))
        return [one for key, one in self.known.items() if key in chosen]
