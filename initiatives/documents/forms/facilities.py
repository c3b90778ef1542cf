"""The forms of which facilities take part, and of a facility's own text."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Facility
from krams.web.forms import FreeTextField, PortalForm

from ...form_fields import longest
from ...models import FactorText, Initiative


class FacilitiesForm(PortalForm):
    """Which facilities take part; ``offered`` also holds those that do already."""

    version = VersionField()
    facilities = forms.MultipleChoiceField(
        label=_("Facilities that take part"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "opts"}),
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initiative: Initiative,
        offered: Iterable[Facility],
        chosen: Iterable[Facility],
    ) -> None:
        initial = {
            "version": initiative.version,
            "facilities": [str(place.pk) for place in chosen],
        }
        super().__init__(data, initial=initial, prefix="botilbud")
        self.offered = {str(place.pk): place for place in offered}
        self.field("facilities", forms.ChoiceField).choices = [
            (key, place.name) for key, place in self.offered.items()
        ]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "version": data["version"],
            "chosen": [self.offered[key] for key in data["facilities"]],
        }


class LocalTextForm(PortalForm):
    """What a facility itself does for a factor; ``row`` is the text that stands, or None."""

    version = VersionField()
    text = FreeTextField(
        label=_("What we do here"),
        help_text=_("No names or CPR numbers."),
        max_length=longest(FactorText, "text"),
        rows=5,
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, *, row: FactorText | None, prefix: str = "lokalt"
    ) -> None:
        initial = {"version": row.version, "text": row.text} if row else {"version": 0}
        super().__init__(data, initial=initial, prefix=prefix)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "text")}
