"""The forms of meetings, agenda items and decisions: roles and dates, never a name."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krams.history.forms import VersionField
from krams.web.forms import (
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
    TimeOfDayField,
    TodayField,
)

from ..enums import MeetingKind, MeetingRhythm

NO_NAMES = _("No names. Write roles, such as “staff on the evening shift”.")
NO_NAMES_OF_RESIDENTS = _("No names. Write what is wished for, not who wishes it.")
FARTHEST_AHEAD = dt.timedelta(days=2 * 366)


class MeetingForm(PortalForm):
    """When and where; a department has only one kind of meeting, so it is not asked."""

    kind = forms.ChoiceField(
        label=_("Kind of meeting"),
        choices=MeetingKind,
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
        error_messages={"required": _("Choose what kind of meeting it is.")},
    )
    held_on = DanishDateField(label=_("Date"), help_text=_("Such as 21.11.2026."))
    starts_at = TimeOfDayField(
        label=_("Time (may be left out)"), required=False, help_text=_("Such as 14.00.")
    )
    place = LineField(label=_("Place (may be left out)"), max_length=120, required=False)
    repeats = forms.ChoiceField(
        label=_("Does it repeat?"),
        choices=[("", _("No")), *MeetingRhythm.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
        help_text=_("The next meeting is planned when the minutes of this one are written."),
    )

    def __init__(
        self,
        *args: Any,
        kinds: Collection[MeetingKind] = tuple(MeetingKind),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only_kind = next(iter(kinds)) if len(kinds) == 1 else None
        if self.only_kind:
            del self.fields["kind"]

    def clean_held_on(self) -> dt.date:
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate() + FARTHEST_AHEAD:
            raise forms.ValidationError(_("The date lies more than two years ahead."), code="far")
        return day

    def values(self) -> dict[str, Any]:
        names = ("held_on", "starts_at", "place", "repeats")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"kind": self.only_kind or self.cleaned_data["kind"]}


class NewMeetingForm(MeetingForm):
    submission_id = SubmissionField()


class EditMeetingForm(MeetingForm):
    version = VersionField()


class WishesForm(PortalForm):
    wishes = FreeTextField(
        label=_("Residents' wishes"),
        max_length=5000,
        rows=5,
        required=False,
        help_text=NO_NAMES_OF_RESIDENTS,
    )
    version = VersionField()


class MinutesForm(PortalForm):
    minutes = FreeTextField(
        label=pgettext_lazy("of a meeting", "Minutes"),
        max_length=10_000,
        rows=8,
        required=False,
        help_text=NO_NAMES,
    )
    version = VersionField()


class ItemForm(PortalForm):
    text = LineField(
        label=_("What is it about?"),
        max_length=300,
        help_text=NO_NAMES,
        error_messages={"required": _("Write what it is about.")},
    )
    submission_id = SubmissionField()


class LaterPointForm(PortalForm):
    text = LineField(
        label=_("What is it about?"),
        max_length=300,
        help_text=NO_NAMES,
        error_messages={"required": _("Write what it is about.")},
    )
    submission_id = SubmissionField()


class EditItemForm(PortalForm):
    """The text beside an activity may be empty; an item without one may not."""

    text = LineField(label=_("What is it about?"), max_length=300, help_text=NO_NAMES)
    version = VersionField()

    def __init__(self, *args: Any, about_plan: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not about_plan


class DecisionForm(PortalForm):
    """``meeting_on`` is the day of the meeting; ``plans`` are pairs of id and name."""

    text = FreeTextField(
        label=_("What do we do?"),
        max_length=500,
        rows=2,
        help_text=NO_NAMES,
        error_messages={"required": _("Write what was decided.")},
    )
    responsible_role = LineField(
        label=_("Who (a role)"),
        max_length=80,
        error_messages={"required": _("Write which role sees to it.")},
    )
    due_on = DanishDateField(
        label=_("When"), error_messages={"required": _("Write by when, such as 21.11.2026.")}
    )
    plan = forms.TypedChoiceField(
        label=_("About an activity (may be left out)"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, meeting_on: dt.date, plans: Iterable[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting_on = meeting_on
        self.field("plan", forms.ChoiceField).choices = [("", _("None in particular")), *plans]

    def clean_due_on(self) -> dt.date:
        day = self.cleaned_data["due_on"]
        if day < self.meeting_on:
            raise forms.ValidationError(_("The date lies before the meeting."), code="before")
        return day

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "responsible_role", "due_on")}


class NewDecisionForm(DecisionForm):
    submission_id = SubmissionField()


class EditDecisionForm(DecisionForm):
    version = VersionField()


class HandledForm(PortalForm):
    """On which day a point was dealt with: today, but for a page from another day."""

    day = TodayField(label=_("Dealt with on"), not_future=True, required=False)


DONE, DROPPED, CARRIED_OVER = "done", "dropped", "carried_over"
# What must be said of a decision that is closed.
NOTES = {
    DONE: _("Write in a few words what came of it."),
    DROPPED: _("Write in a few words why it is dropped."),
}


class FollowUpForm(PortalForm):
    """What became of a decision: done or dropped, with a note, or carried over to a new date."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (DONE, _("Done")),
            (CARRIED_OVER, _("Carried over")),
            (DROPPED, pgettext_lazy("a decision", "Dropped")),
        ],
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
        error_messages={"required": _("Choose whether it is done, carried over or dropped.")},
    )
    note = LineField(
        label=_("What came of it, or why it is dropped"),
        max_length=500,
        required=False,
        help_text=NO_NAMES,
    )
    closed_on = TodayField(
        label=_("Date (if it is done or dropped)"),
        not_future=True,
        required=False,
        shortcuts=True,
    )
    due_on = DanishDateField(label=_("New date (if it is carried over)"), required=False)
    version = VersionField()

    def __init__(self, *args: Any, meeting_on: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"closed_on": timezone.localdate()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.meeting_on = meeting_on

    def clean_closed_on(self) -> dt.date | None:
        day = self.cleaned_data["closed_on"]
        if day and day < min(self.meeting_on, timezone.localdate()):
            raise forms.ValidationError(_("The date lies before the meeting."), code="before")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        outcome = values.get("outcome")
        if outcome in NOTES and not values.get("note") and "note" not in self.errors:
            self.add_error("note", NOTES[outcome])
        elif outcome == CARRIED_OVER:
            self.errors.pop("closed_on", None)
            values["closed_on"] = None
            if "due_on" not in self.errors:
                self._check_new_date(values.get("due_on"))
        return values

    def _check_new_date(self, day: dt.date | None) -> None:
        if day is None:
            self.add_error("due_on", _("Write the new date."))
        elif day < timezone.localdate():
            self.add_error("due_on", _("The new date has passed already."))

    @property
    def is_closed(self) -> bool:
        return self.cleaned_data["outcome"] != CARRIED_OVER

    @property
    def is_dropped(self) -> bool:
        return self.cleaned_data["outcome"] == DROPPED
