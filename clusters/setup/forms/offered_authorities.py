"""Choices among authorities that were read already."""

from django import forms

from krams.models import Authority


class Offered:
    """A choice among authorities that were read already; it gives back the authorities."""

    def offer(self, authorities, *, blank: bool = False) -> None:
        self.known = {str(one.pk): one for one in authorities}
        choices = [(one.pk, one.official_name) for one in authorities]
        self.choices = [("", "–"), *choices] if blank else choices


class OfferedAuthority(Offered, forms.ChoiceField):
    def clean(self, value):
        return self.known[super().clean(value)]


class OfferedAuthorities(Offered, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value) -> list[Authority]:
        chosen = set(super().clean(value))
        return [one for key, one in self.known.items() if key in chosen]
