"""The forms of a line of the weekly plan: the activity with its rhythm, and its last day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BaseForm
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from krams.danish.weeks import Week
from krams.history.forms import VersionField
from krams.models import Facility
from krams.web.forms import (
    CountField,
    DanishDateField,
    LineField,
    PortalForm,
    SubmissionField,
    TimeOfDayField,
    TodayField,
)

from ...cycle import has_turn
from ...enums import Repeats, Weekday
from ...form_fields import FactorsField
from ...models import PlannedActivity
from ..activity_types import Kind
from ..models import MOST_MINUTES, MOST_TIMES_A_WEEK

OPTIONAL = _("May be left out.")
NEITHER = _("Choose the weekdays, or write how many times a week.")
BOTH = _("Choose either weekdays or a number of times a week, not both.")


class PlanForm(PortalForm):
    """One line of the weekly plan.

    ``planned`` is the plan that is edited, ``last_registered_on`` the last day that it has a
    registration of: it cannot end before that. Of a plan that has run, the start is fixed and a
    new rhythm needs a day from which it goes; both stay out of the form where they mean nothing.
    """

    activity_type = forms.TypedChoiceField(
        label=_("Activity type"),
        coerce=int,
        error_messages={"required": _("Choose an activity type.")},
    )
    title = LineField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Only if it is called something else than its type. Never a resident's name."),
    )
    factors = FactorsField(
        label=_("KRAMS factors"),
        required=False,
        help_text=_("None ticked means those of the activity type."),
    )
    initiative = forms.TypedChoiceField(
        label=_("Initiative"), coerce=int, empty_value=None, required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Fixed weekdays"),
        coerce=int,
        choices=Weekday,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips chips--plain"}),
    )
    repeats = forms.ChoiceField(label=_("How often?"), choices=Repeats, required=False)
    anchor = DanishDateField(
        label=_("Every other week, counted from"),
        required=False,
        help_text=_("A day in a week that has it. Empty means from the first day."),
    )
    on_holidays = forms.BooleanField(
        label=_("Also on public holidays"),
        required=False,
        help_text=_("Without a tick, public holidays are not counted as planned days."),
    )
    start_time = TimeOfDayField(label=_("Time"), required=False, help_text=_("Such as 14.00"))
    times_per_week = CountField(
        label=_("Or: times a week"),
        least=1,
        most=MOST_TIMES_A_WEEK,
        required=False,
        help_text=_("On no fixed day"),
    )
    changes_on = DanishDateField(
        label=_("A new rhythm goes from"),
        required=False,
        help_text=_("Weeks before that day are still judged by the old rhythm."),
    )
    duration_minutes = CountField(
        label=_("Minutes"), least=1, most=MOST_MINUTES, required=False, help_text=OPTIONAL
    )
    responsible_role = LineField(
        label=_("Responsible"),
        max_length=80,
        required=False,
        help_text=_("A role, never a name. Such as: duty staff"),
    )
    starts_on = TodayField(label=_("First day"))
    ends_on = DanishDateField(label=_("Last day"), required=False, help_text=OPTIONAL)
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(
        self,
        *args: Any,
        facility: Facility,
        types: Sequence[Kind],
        initiatives: Iterable[tuple[int, str]],
        planned: PlannedActivity | None = None,
        last_registered_on: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        self.today = timezone.localdate()
        self.facility, self.planned = facility, planned
        self.last_registered_on = last_registered_on
        self.types = {kind.pk: kind for kind in types}
        if planned is None:
            kwargs["initial"] = {"starts_on": self.today} | kwargs.get("initial", {})
        else:
            kwargs["initial"] = initial_of(planned) | {
                "changes_on": (Week.of(self.today) + 1).monday
            }
        super().__init__(*args, **kwargs)
        self.field("activity_type", forms.ChoiceField).choices = [
            ("", _("Choose …")),
            *((kind.pk, kind.name) for kind in types),
        ]
        self.field("initiative", forms.ChoiceField).choices = [
            ("", _("None")),
            *initiatives,
        ]
        self.fields["version" if planned else "submission_id"].required = True
        if self.has_run:
            del self.fields["starts_on"]
        else:
            del self.fields["changes_on"]

    @property
    def has_run(self) -> bool:
        """Whether days have passed on which it was expected."""
        return self.planned is not None and self.planned.starts_on < self.today

    @cached_property
    def rhythm_changes(self) -> bool:
        values = self.cleaned_data
        return self.planned is not None and (
            _digits(values.get("weekdays")) != self.planned.weekdays
            or values.get("times_per_week") != self.planned.times_per_week
            or values.get("repeats") != self.planned.repeats
            or values.get("on_holidays") != self.planned.on_holidays
            or self._other_weeks()
        )

    def _other_weeks(self) -> bool:
        """Whether it has moved to the weeks between."""
        given = self.cleaned_data.get("anchor")
        stands = self.planned.anchor if self.planned else None
        if given is None or stands is None:
            return False
        return not has_turn(Repeats.FORTNIGHTLY, stands, given)

    def clean_repeats(self) -> str:
        return self.cleaned_data["repeats"] or Repeats.WEEKLY

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._check_rhythm(values)
        starts_on = (
            self.planned.starts_on if self.planned and self.has_run else values.get("starts_on")
        )
        check_end(self, values.get("ends_on"), starts_on, self.last_registered_on)
        self._check_reopening(values.get("ends_on"))
        if self.has_run:
            self._check_change(values)
        return values

    def _check_reopening(self, ends_on: dt.date | None) -> None:
        """Weeks in which it had ended must not become weeks in which it was expected."""
        plan = self.planned
        ended = plan.ends_on if plan and not hasattr(plan, "replacement") else None
        if ended is None or ended >= self.today or "ends_on" in self.errors:
            return
        if ends_on is None or ends_on > ended:
            self.add_error("ends_on", _("It has ended. Begin it again as a new activity."))

    def _check_rhythm(self, values: dict[str, Any]) -> None:
        if "weekdays" in self.errors or "times_per_week" in self.errors:
            return
        days, times = values.get("weekdays"), values.get("times_per_week")
        if not days and times is None:
            self.add_error("weekdays", NEITHER)
        elif days and times is not None:
            self.add_error("times_per_week", BOTH)
        elif times is not None and values.get("start_time"):
            self.add_error("start_time", _("A time needs a weekday. Leave it out, or choose days."))
        elif times is not None and values.get("repeats", Repeats.WEEKLY) != Repeats.WEEKLY:
            self.add_error("repeats", _("Choose the weekdays: times a week are for every week."))

    def _check_change(self, values: dict[str, Any]) -> None:
        """From which day the new rhythm goes; without a new rhythm the field means nothing."""
        if not self.rhythm_changes:
            self.errors.pop("changes_on", None)
            return
        if "changes_on" in self.errors:
            return
        day, end = values.get("changes_on"), values.get("ends_on")
        if day is None:
            self.add_error("changes_on", _("Write from which day the new rhythm goes."))
        elif day < self.today:
            self.add_error(
                "changes_on", _("Choose today or later: what has been planned stays as it was.")
            )
        elif end and day > end:
            self.add_error("changes_on", _("That is after the last day of the plan."))

    def values(self) -> dict[str, Any]:
        """What to save, by the names of the model's fields."""
        given = self.cleaned_data
        kind = self.types[given["activity_type"]]
        values = {
            "activity_type_id": kind.pk,
            "title": "" if given["title"] == kind.name else given["title"],
            "factors": given["factors"] or kind.factors,
            "initiative_id": given["initiative"],
            "weekdays": _digits(given["weekdays"]),
            "times_per_week": given["times_per_week"],
            "repeats": given["repeats"],
            "anchor": self._anchor(),
            "on_holidays": given["on_holidays"],
            "start_time": given["start_time"],
            "duration_minutes": given["duration_minutes"],
            "responsible_role": given["responsible_role"],
            "ends_on": given["ends_on"],
        }
        return values if self.has_run else values | {"starts_on": given["starts_on"]}

    def _anchor(self) -> dt.date | None:
        """As it stands where the weeks are the same, so that nothing seems to change."""
        given = self.cleaned_data
        if given["repeats"] != Repeats.FORTNIGHTLY:
            return None
        if self.planned and self.planned.anchor and not self._other_weeks():
            return self.planned.anchor
        anchor: dt.date = given["anchor"] or given.get("changes_on") or given["starts_on"]
        return anchor


def _digits(weekdays: Iterable[int] | None) -> str:
    return "".join(str(day) for day in sorted(set(weekdays or ())))


def initial_of(planned: PlannedActivity) -> dict[str, Any]:
    """A plan as the form shows it."""
    return {
        "activity_type": planned.activity_type_id,
        "title": planned.title,
        "factors": list(planned.factors),
        "initiative": planned.initiative_id,
        "weekdays": list(planned.weekday_list),
        "start_time": planned.start_time,
        "times_per_week": planned.times_per_week,
        "repeats": planned.repeats,
        "anchor": planned.anchor,
        "on_holidays": planned.on_holidays,
        "duration_minutes": planned.duration_minutes,
        "responsible_role": planned.responsible_role,
        "starts_on": planned.starts_on,
        "ends_on": planned.ends_on,
        "version": planned.version,
    }


def check_end(
    form: BaseForm,
    ends_on: dt.date | None,
    starts_on: dt.date | None,
    last_registered_on: dt.date | None,
) -> None:
    """Point at a last day before the first one, or before something that was registered."""
    if ends_on is None:
        return
    if starts_on and ends_on < starts_on:
        form.add_error("ends_on", _("The end lies before the start."))
    elif last_registered_on and ends_on < last_registered_on:
        form.add_error(
            "ends_on",
            _("It has a registration of %(day)s. Choose that day or later.")
            % {"day": formats.date_format(last_registered_on, "SHORT_DATE_FORMAT")},
        )


class EndForm(PortalForm):
    """When a plan stops; it stays readable, and so does its log."""

    ends_on = TodayField(label=_("Last day"))
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        planned: PlannedActivity,
        last_registered_on: dt.date | None,
        **kwargs: Any,
    ) -> None:
        self.planned, self.last_registered_on = planned, last_registered_on
        today = timezone.localdate()
        kwargs["initial"] = {
            "ends_on": max(planned.starts_on, planned.ends_on or today),
            "version": planned.version,
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        check_end(self, values.get("ends_on"), self.planned.starts_on, self.last_registered_on)
        return values
