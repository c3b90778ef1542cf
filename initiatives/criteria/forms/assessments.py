"""The form of a manager's assessment."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.actions.locking import LARGEST_VERSION
from krams.history.forms import VersionField
from krams.web.forms import FreeTextField, PortalForm

from ...enums import AssessmentLevel, CriterionStatus
from ...models import Assessment
from ..status import disagrees

LONGEST_REASON = Assessment._meta.get_field("reason").max_length


class AssessmentForm(PortalForm):
    """``base`` is the assessment that was read (0: none), and ``version`` its version."""

    base = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=LARGEST_VERSION, required=False
    )
    version = VersionField()
    level = forms.ChoiceField(
        label=_("Assessment"),
        choices=AssessmentLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an assessment.")},
    )
    reason = FreeTextField(
        label=_("Reason"),
        help_text=_("Shown to everyone who follows the criterion. No names."),
        max_length=LONGEST_REASON,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        newest: Assessment | None,
        computed: CriterionStatus | None,
    ) -> None:
        initial = {"base": 0, "version": 0}
        if newest:
            initial = {
                "base": newest.pk,
                "version": newest.version,
                "level": newest.level,
                "reason": newest.reason,
            }
        super().__init__(data, initial=initial, prefix="vurdering")
        self.computed = computed

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        level = data.get("level")
        if level and "reason" in data and not data["reason"] and disagrees(level, self.computed):
            self.add_error(
                "reason",
                _("The figures say “%(status)s”. Write why you see it otherwise.")
                % {"status": self.computed.label},
            )
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "base": data["base"] or 0,
            "version": data["version"],
            "level": AssessmentLevel(data["level"]),
            "reason": data["reason"],
        }
