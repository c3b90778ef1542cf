"""The forms of what is measured for a criterion: first its kind, then the rest."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    LineField,
    PortalForm,
    SubmissionField,
    TodayField,
)

from ...enums import Direction, Factor, FigureAbout, Frequency, IndicatorKind, LogMeasure
from ...form_fields import longest
from ...models import Indicator
from ..ready_made import Offer, offer_of
from .measurements import DecimalCommaField

# Of the figures that a new range would leave out, as many are named.
MOST_NAMED = 4


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

    def clean_klar(self) -> Offer | None:
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
        max_length=longest(Indicator, "name"),
        error_messages={"required": _("Write what is measured.")},
    )
    about = forms.ChoiceField(
        label=_("What is the figure about?"),
        help_text=_(
            "Of people each measurement asks how many; where they are few, others do not see it."
        ),
        choices=FigureAbout.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the figure is about.")},
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
        max_length=longest(Indicator, "unit"),
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
        max_length=longest(Indicator, "source"),
        required=False,
    )
    starts_on = TodayField(
        label=_("Measured from"), help_text=_("No measurement may lie before this day.")
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: str,
        indicator: Indicator | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
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
            del self.fields["about"], self.fields["minimum"], self.fields["maximum"]

    @staticmethod
    def initial_of(indicator: Indicator) -> dict[str, Any]:
        names: tuple[str, ...] = (
            "name",
            "direction",
            "unit",
            "frequency",
            "source",
            "starts_on",
            "version",
        )
        names += ("about", "log_measure", "log_factor", "minimum", "maximum")
        return {name: getattr(indicator, name) for name in names}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        least, most = data.get("minimum"), data.get("maximum")
        if least is not None and most is not None and least >= most:
            self.add_error("maximum", _("The largest value must lie above the smallest."))
        return data

    def refuse_to_uncover(self, field: str, others: int) -> None:
        not_of_people = ngettext(
            "%(number)d facility that you do not manage has figures. Only who manages it too can"
            " say that they are not about people.",
            "%(number)d facilities that you do not manage have figures. Only who manages them too"
            " can say that they are not about people.",
            others,
        )
        narrower = ngettext(
            "%(number)d facility that you do not manage has figures. Only who manages it too can"
            " make the range narrower.",
            "%(number)d facilities that you do not manage have figures. Only who manages them too"
            " can make the range narrower.",
            others,
        )
        message = not_of_people if field == "about" else narrower
        self.add_error(field, message % {"number": others})

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

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        unit = "%" if self.kind == IndicatorKind.SHARE else data.get("unit", "")
        log = self.kind == IndicatorKind.LOG
        return {
            "kind": self.kind,
            "unit": unit,
            "about": data.get("about", FigureAbout.PEOPLE),
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
