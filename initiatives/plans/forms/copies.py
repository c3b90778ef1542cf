"""The form that chooses which activities of another facility to take over."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.web.forms import (
    PortalForm,
)
from krams.web.forms.dates import TodayField

from ...models import PlannedActivity


class CopyForm(PortalForm):
    """Which plans of another facility to take over, and from when.

    ``sources`` are those that can be taken; the page says why the others cannot.
    """

    plans = forms.TypedMultipleChoiceField(
        label=_("Activities"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one activity.")},
    )
    starts_on = TodayField(label=_("First day here"))

    def __init__(self, *args: Any, sources: Iterable[PlannedActivity], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.field("plans", forms.ChoiceField).choices = [(plan.pk, str(plan)) for plan in sources]
