"""Which two versions of an initiative are held up against each other."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.web.forms import CountField, PortalForm


class CompareForm(PortalForm):
    """``newest`` is the initiative's version; the names are those of the address."""

    def __init__(self, data: QueryDict | None = None, *, newest: int) -> None:
        super().__init__(data, initial={"fra": 1, "til": newest})
        self.fields["fra"] = CountField(label=_("From version"), least=1, most=newest)
        self.fields["til"] = CountField(label=_("To version"), least=1, most=newest)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("fra") and data.get("til") and data["fra"] > data["til"]:
            raise forms.ValidationError(_("The first version must be the older one."))
        return data
