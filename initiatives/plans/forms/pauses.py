"""The forms of a pause: of one activity, or of the whole facility."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    DanishDateField,
    LineField,
    PortalForm,
    SubmissionField,
)
from krams.web.forms.dates import TodayField

from ...models import FacilityPause, PlannedActivity, PlanPause


class _Pause(PortalForm):
    reason = LineField(
        label=_("Why is it paused?"),
        max_length=300,
        help_text=_("Such as: the nutrition assistant is on leave. Never a name."),
        error_messages={"required": _("Write why it is paused.")},
    )
    starts_on = TodayField(label=_("Paused from"))
    restarts_on = DanishDateField(
        label=_("Starts again on"),
        required=False,
        help_text=_("May be left out, if nobody knows yet."),
    )
    version = VersionField()

    saved = frozenset({"reason", "starts_on", "restarts_on"})

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, again = values.get("starts_on"), values.get("restarts_on")
        if first and again and again <= first:
            self.add_error(
                "restarts_on",
                _("The pause ends before it starts.")
                if again < first
                else _("The pause must last at least a day."),
            )
        return values

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.saved}


class PauseForm(_Pause):
    """A pause of a plan; ``pause`` is the one that is edited."""

    submission_id = SubmissionField(required=False)

    def __init__(
        self, *args: Any, planned: PlannedActivity, pause: PlanPause | None = None, **kwargs: Any
    ) -> None:
        self.planned, self.pause = planned, pause
        today = timezone.localdate()
        kwargs["initial"] = (
            {name: getattr(pause, name) for name in self.saved | {"version"}}
            if pause
            else {"starts_on": max(today, planned.starts_on), "version": planned.version}
        )
        super().__init__(*args, **kwargs)
        self.fields["submission_id"].required = pause is None

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first = values.get("starts_on")
        if first and self.planned.ends_on and first > self.planned.ends_on:
            self.add_error("starts_on", _("The plan has ended by then."))
        return values


class FacilityPauseForm(_Pause):
    """A pause of everything that a facility has planned; ``pause`` is the one that is edited."""

    submission_id = SubmissionField(required=False)

    def __init__(self, *args: Any, pause: FacilityPause | None = None, **kwargs: Any) -> None:
        self.pause = pause
        kwargs["initial"] = (
            {name: getattr(pause, name) for name in self.saved | {"version"}}
            if pause
            else {"starts_on": timezone.localdate()}
        )
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why is everything paused?")
        self.fields["reason"].help_text = _("Such as: we are moving. Never a name.")
        self.fields["submission_id"].required = pause is None
        self.fields["version"].required = pause is not None
