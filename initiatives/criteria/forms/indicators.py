"""The forms of a criterion, of what is measured for it, and of a facility's baseline and target."""

import datetime as dt
import re
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from krams.history.locking import VersionField
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
)
from krams.web.page_day import TodayField

from ...enums import Direction, Factor, Frequency, IndicatorKind, LogMeasure
from ...form_fields import FactorsField
from ...models import FacilityIndicator, Indicator, SuccessCriterion
from ..bounds import is_wrong_way
from ..ready_made import offer_of
from .measurements import DecimalCommaField, MeasurementForm, check_range

WRONG_WAY = {
    Direction.MORE: _("It should become more, so the target cannot lie below the baseline."),
    Direction.LESS: _("It should become less, so the target cannot lie above the baseline."),
}
# Of the figures that a new range would leave out, as many are named.
MOST_NAMED = 4
# "Færre overvægtige og diabetikere": two things, of which one may improve and the other not.
_COMPOUND = re.compile(r"\b(?:og|samt|and)\b|[+/;]", re.IGNORECASE)


def is_compound(title: str) -> bool:
    """Whether the wording seems to hold several things that are measured one by one."""
    return bool(_COMPOUND.search(title))


def _longest(model, name: str) -> int:
    return model._meta.get_field(name).max_length


class CriterionForm(PortalForm):
    """A criterion in the document's wording; ``criterion`` is the one that is edited."""

    title = LineField(
        label=_("Criterion"),
        help_text=_("As it stands in the initiative."),
        max_length=_longest(SuccessCriterion, "title"),
        error_messages={"required": _("Write the criterion.")},
    )
    short_title = LineField(
        label=_("Short name"),
        help_text=_("For tables, such as “Smoking”."),
        max_length=_longest(SuccessCriterion, "short_title"),
        error_messages={"required": _("Write a short name.")},
    )
    factors = FactorsField(
        label=_("KRAMS factors"),
        error_messages={"required": _("Choose at least one KRAMS factor.")},
    )
    description = FreeTextField(
        label=_("Description (may be left out)"),
        help_text=_("No names or CPR numbers."),
        max_length=2000,
        rows=3,
        required=False,
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(self, data=None, *, criterion: SuccessCriterion | None):
        super().__init__(data, initial=self.initial_of(criterion) if criterion else None)
        self.fields["version" if criterion else "submission_id"].required = True

    @staticmethod
    def initial_of(criterion: SuccessCriterion) -> dict:
        names = ("title", "short_title", "description", "version")
        return {name: getattr(criterion, name) for name in names} | {
            "factors": list(criterion.factors)
        }

    def values(self) -> dict:
        names = ("title", "short_title", "factors", "description")
        return {name: self.cleaned_data[name] for name in names}


class KindForm(PortalForm):
    """The first step: what kind of figure it is, or which ready-made indicator to begin with."""

    slags = forms.ChoiceField(
        label=_("What is measured?"),
        choices=[
            (IndicatorKind.SHARE, _("A share: how many of how many")),
            (IndicatorKind.VALUE, _("A figure that somebody enters")),
            (IndicatorKind.LOG, _("A count from the activity log, week by week")),
            (IndicatorKind.DIALOGUE, _("Nothing: it is assessed in dialogue")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is measured.")},
    )
    klar = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def clean_klar(self):
        key = self.cleaned_data["klar"]
        offer = offer_of(key) if key else None
        if key and offer is None:
            raise forms.ValidationError(_("There is no such ready-made indicator."))
        return offer


class IndicatorForm(PortalForm):
    """The second step: what exactly, which way, how often, from where and since when."""

    name = LineField(
        label=_("What is measured?"),
        help_text=_("One thing only. A criterion about two things gets two indicators."),
        max_length=_longest(Indicator, "name"),
        error_messages={"required": _("Write what is measured.")},
    )
    log_measure = forms.ChoiceField(
        label=_("What is counted each week?"), choices=LogMeasure.choices, widget=forms.RadioSelect
    )
    log_factor = forms.ChoiceField(label=_("For which factor?"), choices=Factor.choices)
    direction = forms.ChoiceField(
        label=_("Which way should it go?"),
        choices=Direction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which way it should go.")},
    )
    unit = LineField(
        label=_("Unit"),
        help_text=_("What stands after the figure, such as “points” or “times a week”."),
        max_length=_longest(Indicator, "unit"),
        required=False,
    )
    minimum = DecimalCommaField(
        label=_("Smallest possible value (may be left out)"),
        help_text=_("A smaller figure is refused, for it must be a slip."),
        required=False,
    )
    maximum = DecimalCommaField(
        label=_("Largest possible value (may be left out)"),
        help_text=_("Such as 100 for a scale from 0 to 100."),
        required=False,
    )
    frequency = forms.ChoiceField(label=_("How often?"), choices=Frequency.choices)
    source = LineField(
        label=_("Source (may be left out)"),
        help_text=_("Where the figure comes from, and who says what is good."),
        max_length=_longest(Indicator, "source"),
        required=False,
    )
    starts_on = TodayField(
        label=_("Measured from"), help_text=_("No measurement may lie before this day.")
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(self, data=None, *, kind: str, indicator: Indicator | None = None, initial=None):
        begin = {"frequency": Frequency.QUARTERLY, "starts_on": timezone.localdate()}
        begin |= self.initial_of(indicator) if indicator else (initial or {})
        super().__init__(data, initial=begin)
        self.kind = kind
        self.fields["version" if indicator else "submission_id"].required = True
        if kind != IndicatorKind.LOG:
            del self.fields["log_measure"], self.fields["log_factor"]
        if kind == IndicatorKind.SHARE:
            del self.fields["unit"]
        if kind == IndicatorKind.LOG:
            del self.fields["frequency"]
        if kind == IndicatorKind.DIALOGUE:
            del self.fields["unit"]
        if kind != IndicatorKind.VALUE:
            del self.fields["minimum"], self.fields["maximum"]

    @staticmethod
    def initial_of(indicator: Indicator) -> dict:
        names = ("name", "direction", "unit", "frequency", "source", "starts_on", "version")
        names += ("log_measure", "log_factor", "minimum", "maximum")
        return {name: getattr(indicator, name) for name in names}

    def clean(self):
        data = super().clean()
        least, most = data.get("minimum"), data.get("maximum")
        if least is not None and most is not None and least >= most:
            self.add_error("maximum", _("The largest value must lie above the smallest."))
        return data

    def refuse_range(self, figures: list[tuple[Decimal, str]], others: int) -> None:
        """Say at the fields which ``figures`` (value and wording) the new range leaves out."""
        ends = {
            "minimum": lambda value, end: value < end,
            "maximum": lambda value, end: value > end,
        }
        for name, is_outside in ends.items():
            end = self.cleaned_data[name]
            mine = [text for value, text in figures if end is not None and is_outside(value, end)]
            if mine:
                message = gettext("Correct first what lies outside: %(figures)s.")
                self.add_error(name, message % {"figures": _named(mine)})
        if others and not self.errors:
            name = "maximum" if self.cleaned_data["minimum"] is None else "minimum"
            self.add_error(
                name,
                ngettext(
                    "%(number)d figure of another facility lies outside this range.",
                    "%(number)d figures of other facilities lie outside this range.",
                    others,
                )
                % {"number": others},
            )

    def refuse_direction(self, places: list[str], others: int) -> None:
        """Say at the field where targets would lie on the wrong side of their baselines."""
        if places:
            message = gettext("Correct first the targets that would lie the wrong way: %(places)s.")
            self.add_error("direction", message % {"places": _named(places)})
        if others:
            message = ngettext(
                "The target of %(number)d other facility would lie the wrong way.",
                "The targets of %(number)d other facilities would lie the wrong way.",
                others,
            )
            self.add_error("direction", message % {"number": others})

    def refuse_start(self, first: dt.date) -> None:
        message = gettext("There is a measurement of %(day)s. Choose that day or an earlier one.")
        day = date_format(first, "SHORT_DATE_FORMAT")
        self.add_error("starts_on", message % {"day": day})

    def values(self) -> dict:
        data = self.cleaned_data
        unit = "%" if self.kind == IndicatorKind.SHARE else data.get("unit", "")
        log = self.kind == IndicatorKind.LOG
        return {
            "kind": self.kind,
            "unit": unit,
            "frequency": Frequency.WEEKLY if log else data["frequency"],
            "log_measure": data.get("log_measure", ""),
            "log_factor": data.get("log_factor", ""),
            "minimum": data.get("minimum"),
            "maximum": data.get("maximum"),
            **{name: data[name] for name in ("name", "direction", "source", "starts_on")},
        }


def _named(found: list[str]) -> str:
    """The first few, and how many more."""
    figures, more = "; ".join(found[:MOST_NAMED]), len(found) - MOST_NAMED
    if more <= 0:
        return figures
    return gettext("%(figures)s; and %(number)d more") % {"figures": figures, "number": more}


class TargetForm(PortalForm):
    """Where a facility begins and what it wants to reach; ``followed`` is what stands, or None."""

    baseline = DecimalCommaField(label=_("Baseline"), required=False)
    baseline_on = DanishDateField(label=_("Measured on"), required=False, not_future=True)
    target = DecimalCommaField(label=_("Target"), required=False)
    target_on = DanishDateField(label=_("To be reached by"), required=False)
    version = VersionField()

    def __init__(self, data=None, *, indicator: Indicator, followed: FacilityIndicator | None):
        initial = self.initial_of(followed) if followed else {"version": 0}
        super().__init__(data, initial=initial, prefix="maaltal")
        self.indicator = indicator
        if indicator.unit:
            for name in ("baseline", "target"):
                label = self.fields[name].label
                self.fields[name].label = format_lazy("{} ({})", label, indicator.unit)

    @staticmethod
    def initial_of(followed: FacilityIndicator) -> dict:
        names = ("baseline", "baseline_on", "target", "target_on", "version")
        return {name: getattr(followed, name) for name in names}

    def clean(self):
        data = super().clean()
        baseline, target = data.get("baseline"), data.get("target")
        check_range(self, self.indicator, "baseline", "target")
        direction = self.indicator.direction
        is_possible = not {"baseline", "target"} & set(self.errors)
        if is_possible and is_wrong_way(direction, baseline, target):
            self.add_error("target", WRONG_WAY[direction])
        if data.get("baseline_on") and baseline is None and "baseline" not in self.errors:
            self.add_error("baseline", _("Write the figure, or leave its date out."))
        if data.get("target_on") and target is None and "target" not in self.errors:
            self.add_error("target", _("Write the target, or leave its date out."))
        first, last = data.get("baseline_on"), data.get("target_on")
        if first and last and last <= first:
            self.add_error("target_on", _("The target’s day must come after the baseline’s."))
        return data

    def values(self) -> dict:
        names = ("baseline", "baseline_on", "target", "target_on")
        return {name: self.cleaned_data[name] for name in names}


class MeasurementEditForm(MeasurementForm):
    """The same form for a figure that stands: a version takes the place of the submission id."""

    version = VersionField()
    submission_id = None
    reason = LineField(
        label=_("Why is it corrected? (may be left out)"), max_length=300, required=False
    )

    def __init__(self, data=None, *, indicator: Indicator, measurement):
        super().__init__(data, indicator=indicator)
        names = ("measured_on", "value", "numerator", "denominator", "note", "version")
        self.initial |= {name: getattr(measurement, name) for name in names}

    def values(self) -> dict:
        return self.measured() | {
            "version": self.cleaned_data["version"],
            "reason": self.cleaned_data["reason"],
        }


class PlaceForm(PortalForm):
    """Where in the list."""

    place = CountField(least=1, most=999)
