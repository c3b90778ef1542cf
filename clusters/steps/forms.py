"""The form that closes a next step and asks for the one that follows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import DanishDateField, LineField, PortalForm


class StepDoneForm(PortalForm):
    """What comes after it; both may be left out, and a date alone is no step."""

    version = VersionField()
    next_step = LineField(
        label=_("What is the next step now?"),
        max_length=300,
        required=False,
        help_text=_("Leave it blank where nothing more is to be done. No names of persons."),
    )
    next_step_on = DanishDateField(label=_("Next step by"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        has_step = data.get("next_step") or "next_step" in self.errors
        if data.get("next_step_on") and not has_step:
            self.add_error("next_step", _("Write what the next step is, or delete its date."))
        return data
