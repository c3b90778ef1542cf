"""The form of a facility's baseline and target."""

from typing import Any

from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    DanishDateField,
    PortalForm,
)

from ...enums import Direction
from ...models import FacilityIndicator, Indicator
from ..bounds import is_wrong_way
from .measurements import DecimalCommaField, check_range

WRONG_WAY = {
    Direction.MORE: _("It should become more, so the target cannot lie below the baseline."),
    Direction.LESS: _("It should become less, so the target cannot lie above the baseline."),
}


class TargetForm(PortalForm):
    """Where a facility begins and what it wants to reach; ``followed`` is what stands, or None."""

    baseline = DecimalCommaField(label=_("Baseline"), required=False)
    baseline_on = DanishDateField(label=_("Measured on"), required=False, not_future=True)
    target = DecimalCommaField(label=_("Target"), required=False)
    target_on = DanishDateField(label=_("To be reached by"), required=False)
    version = VersionField()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        indicator: Indicator,
        followed: FacilityIndicator | None,
    ) -> None:
        initial = self.initial_of(followed) if followed else {"version": 0}
        super().__init__(data, initial=initial, prefix="maaltal")
        self.indicator = indicator
        if indicator.unit:
            for name in ("baseline", "target"):
                label = self.fields[name].label
                self.fields[name].label = format_lazy("{} ({})", label, indicator.unit)

    @staticmethod
    def initial_of(followed: FacilityIndicator) -> dict[str, Any]:
        names = ("baseline", "baseline_on", "target", "target_on", "version")
        return {name: getattr(followed, name) for name in names}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        baseline, target = data.get("baseline"), data.get("target")
        check_range(self, self.indicator, "baseline", "target")
        direction = self.indicator.direction
        is_possible = not {"baseline", "target"} & set(self.errors)
        if is_possible and is_wrong_way(direction, baseline, target):
            self.add_error("target", WRONG_WAY[Direction(direction)])
        if data.get("baseline_on") and baseline is None and "baseline" not in self.errors:
            self.add_error("baseline", _("Write the figure, or leave its date out."))
        if data.get("target_on") and target is None and "target" not in self.errors:
            self.add_error("target", _("Write the target, or leave its date out."))
        first, last = data.get("baseline_on"), data.get("target_on")
        if first and last and last <= first:
            self.add_error("target_on", _("The target’s day must come after the baseline’s."))
        return data

    def values(self) -> dict[str, Any]:
        names = ("baseline", "baseline_on", "target", "target_on")
        return {name: self.cleaned_data[name] for name in names}
