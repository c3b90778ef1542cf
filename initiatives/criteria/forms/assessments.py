"""The form of a manager's assessment."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.actions.locking import LARGEST_VERSION
from krams.history.forms import VersionField
from krams.web.forms import FreeTextField, PortalForm

from ...enums import AssessmentLevel, CriterionStatus
from ...form_fields import longest
from ...models import Assessment
from ..status import disagrees

LONGEST_REASON = longest(Assessment, "reason")


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
        initial: dict[str, Any] = {"base": 0, "version": 0}
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
        level, computed = data.get("level"), self.computed
        has_reason = "reason" not in data or data["reason"]
        if level and not has_reason and computed and disagrees(level, computed):
            self.add_error(
                "reason",
                _("The figures say “%(status)s”. Write why you see it otherwise.")
                % {"status": computed.label},
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
