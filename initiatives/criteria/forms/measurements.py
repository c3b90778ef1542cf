"""The forms of a measurement: a new one, and one that is corrected."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from krams.danish.numbers import format_decimal, parse_decimal
from krams.history.forms import VersionField
from krams.web.forms import CountField, LineField, PortalForm, SubmissionField, TodayField

from ...enums import IndicatorKind
from ...form_fields import longest
from ...models import Indicator, Measurement

MOST_PEOPLE = 99_999
# The column holds ten digits before and four after the comma.
LARGEST_VALUE = Decimal("9999999999.9999")
PLACES = Decimal("0.0001")
FIGURES = frozenset({"value", "numerator", "denominator", "people"})


class DecimalCommaField(LineField):
    """A number written the Danish way, such as 1.234,5; NaN, Infinity and 1e400 are no numbers."""

    default_error_messages = {
        "invalid": _("Write a number such as 47,5 or 1.234,5."),
        "places": _("Write at most four decimals."),
        "large": _("The number is too large."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.widget.attrs.update({"class": "in in--s", "inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_decimal(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if abs(number) > LARGEST_VALUE:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        if number != number.quantize(PLACES):
            raise forms.ValidationError(self.error_messages["places"], code="places")
        return number


def range_problem(indicator: Indicator) -> str:
    """What is said of a figure that cannot be."""
    return _("Write %(range)s.") % {"range": indicator.bounds.text(indicator.unit)}


def check_range(form: forms.Form, indicator: Indicator, *names: str) -> None:
    """Add an error to those of the fields whose figure cannot be."""
    for name in names:
        value = form.cleaned_data.get(name)
        if value is not None and not indicator.bounds.hold(value):
            form.add_error(name, range_problem(indicator))


class MeasurementForm(PortalForm):
    """A figure on a day, as the indicator asks for it."""

    submission_id = SubmissionField()
    measured_on = TodayField(label=_("Date of the measurement"), not_future=True, shortcuts=True)
    value = DecimalCommaField(label=_("Value"))
    numerator = CountField(label=_("How many"), least=0, most=MOST_PEOPLE)
    denominator = CountField(label=_("Of how many"), least=1, most=MOST_PEOPLE)
    people = CountField(
        label=_("How many are included?"),
        help_text=_("The people that the average is of."),
        error_messages={"required": _("Write how many people it is of.")},
        least=1,
        most=MOST_PEOPLE,
    )
    note = LineField(
        label=_("Remark (may be left out)"),
        help_text=_("No names or CPR numbers."),
        max_length=longest(Measurement, "note"),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, indicator: Indicator) -> None:
        super().__init__(data, initial={"measured_on": timezone.localdate()}, prefix="maaling")
        self.indicator = indicator
        if not self.is_bound:
            self.fields["measured_on"].widget.attrs["autofocus"] = True
        for name in FIGURES - self._asked(data):
            del self.fields[name]
        if not self.is_share and indicator.unit:
            self.fields["value"].label = _("Value (%(unit)s)") % {"unit": indicator.unit}
        if not self.is_share:
            self.fields["value"].help_text = capfirst(indicator.range_text)

    @property
    def is_share(self) -> bool:
        return self.indicator.kind == IndicatorKind.SHARE

    def _asked(self, data: QueryDict | None) -> set[str]:
        """Which of ``FIGURES`` a measurement of this indicator has.

        A form that was open while the indicator became one that is not about people says of how
        many the figure is: that it is an average of few stays known, and it hidden.
        """
        if self.is_share:
            return {"numerator", "denominator"}
        is_said = data is not None and data.get(self.add_prefix("people"), "").strip()
        return {"value", "people"} if self.indicator.is_average or is_said else {"value"}

    def clean_measured_on(self) -> dt.date:
        day = self.cleaned_data["measured_on"]
        if day < self.indicator.starts_on:
            raise forms.ValidationError(
                _("The measurement lies before the day from which this is measured."),
                code="too_early",
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        part, whole = data.get("numerator"), data.get("denominator")
        if part is not None and whole is not None and part > whole:
            self.add_error("numerator", _("The part is larger than the whole."))
        if not self.is_share:
            check_range(self, self.indicator, "value")
        return data

    def measured(self) -> dict[str, Any]:
        data = self.cleaned_data
        value = data.get("value")
        if self.is_share:
            share = Decimal(100 * data["numerator"]) / data["denominator"]
            value = share.quantize(PLACES, rounding=ROUND_HALF_UP)
        measured = {
            "measured_on": data["measured_on"],
            "value": value,
            "numerator": data.get("numerator"),
            "denominator": data.get("denominator"),
            "note": data["note"],
        }
        # What is not asked for stays as it stands: it may once have been an average.
        return measured | ({"people": data["people"]} if "people" in self.fields else {})

    def values(self) -> dict[str, Any]:
        return {**self.measured(), "submission_id": self.cleaned_data["submission_id"]}


class MeasurementEditForm(MeasurementForm):
    """The same form for a figure that stands: a version takes the place of the submission id."""

    version = VersionField()
    # To Django a field that is None is none.
    submission_id = None  # type: ignore[assignment]
    reason = LineField(
        label=_("Why is it corrected? (may be left out)"), max_length=300, required=False
    )

    def __init__(
        self, data: QueryDict | None = None, *, indicator: Indicator, measurement: Measurement
    ) -> None:
        super().__init__(data, indicator=indicator)
        names = ("measured_on", *FIGURES, "note", "version")
        self.initial.update({name: getattr(measurement, name) for name in names})
        if "people" in self.fields:
            # Who corrects one from before it was asked for may not know it any more.
            self.fields["people"].required = measurement.people is not None

    def values(self) -> dict[str, Any]:
        return self.measured() | {
            "version": self.cleaned_data["version"],
            "reason": self.cleaned_data["reason"],
        }
