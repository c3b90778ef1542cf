"""Which quarter facilities are compared in; it stands in the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.danish.quarters import Quarter
from krams.web.forms import PortalForm


class QuarterFilter(PortalForm):
    """Which quarter to compare; unless told the running one, the first of ``quarters``."""

    kvartal = forms.ChoiceField(
        label=_("Period"),
        required=False,
        error_messages={"invalid_choice": _("There is no such period. Choose another one.")},
    )

    def __init__(self, *args: Any, quarters: Iterable[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quarters = {str(quarter): quarter for quarter in quarters}
        self.field("kvartal", forms.ChoiceField).choices = [
            (key, _quarter_name(quarter)) for key, quarter in self.quarters.items()
        ]

    @property
    def quarter(self) -> Quarter:
        """The chosen one; the form must be unbound or valid."""
        chosen = self.cleaned_data["kvartal"] if self.is_bound else ""
        return self.quarters[chosen] if chosen else next(iter(self.quarters.values()))


def _quarter_name(quarter: Quarter) -> str:
    numbers = {"number": quarter.number, "year": quarter.year}
    return gettext("Quarter %(number)d of %(year)d") % numbers
