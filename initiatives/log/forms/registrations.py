"""The forms of a registration: planned, unplanned, corrected; counts and dates, never a name."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Facility
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
    TimeOfDayField,
    TodayField,
)
from krams.web.page_day import TypedDay, choices

from ...enums import CancellationReason, Factor, Outcome
from ...models import Activity
from ...plans.activity_types import Kind, OfferedType
from ...plans.models import MOST_MINUTES
from ..models import MOST_PARTICIPANTS

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import StrPromise

K = TypeVar("K", bound=Kind)
NO_NAMES = _("Never write names, initials or CPR numbers.")
ABOUT_CANCELLING = ("cancellation_reason", "cancellation_text")
ABOUT_HOLDING = ("participant_count", "duration_minutes")


def by_first_factor(types: Iterable[K]) -> list[tuple[Factor, list[K]]]:
    """The types by the first factor that they serve."""
    groups: dict[str, list[K]] = {factor.value: [] for factor in Factor}
    for kind in types:
        groups[kind.factors[0]].append(kind)
    return [(factor, groups[factor.value]) for factor in Factor]


class CountedForm(PortalForm):
    """What all registrations have in common: how many took part, and on which day."""

    participant_count = CountField(
        label=_("Participants"),
        least=0,
        most=MOST_PARTICIPANTS,
        error_messages={"required": _("Write how many took part.")},
    )
    held_on = TodayField(label=_("Date"), not_future=True, shortcuts=True)

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility

    def clean_held_on(self) -> dt.date:
        day, closed = self.cleaned_data["held_on"], self.facility.closed_on
        if closed and day > closed:
            raise forms.ValidationError(_("The facility was closed then."), code="closed")
        return day


class OutcomeForm(CountedForm):
    """Held with a number of participants, or cancelled for a reason."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Outcome,
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
        error_messages={"required": _("Choose whether it was held or cancelled.")},
    )
    cancellation_reason = forms.ChoiceField(
        label=_("Why was it cancelled?"),
        choices=CancellationReason,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
    )
    cancellation_text = LineField(
        label=_("Other reason"), max_length=200, required=False, help_text=NO_NAMES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant_count"].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        match values.get("outcome"):
            case Outcome.HELD:
                self._forget(ABOUT_CANCELLING)
                self._need("participant_count", _("Write how many took part."))
            case Outcome.CANCELLED:
                self._forget(ABOUT_HOLDING)
                self._need("cancellation_reason", _("Choose why it was cancelled."))
                if values.get("cancellation_reason") == CancellationReason.OTHER:
                    self._need("cancellation_text", _("Write the other reason."))
                else:
                    self._forget(["cancellation_text"])
        return values

    def _forget(self, names: Iterable[str]) -> None:
        """What belongs to the other outcome does not count, so it cannot be wrong either."""
        for name in names:
            self.errors.pop(name, None)
            if name in self.fields:
                self.cleaned_data[name] = self.fields[name].to_python(None)

    def _need(self, name: str, message: "str | StrPromise") -> None:
        if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
            self.add_error(name, message)


class PlannedForm(OutcomeForm):
    """One row of today's page. ``start_time`` is when the plan has it.

    Whoever says that it was held before that time is asked once: ``early`` is the answer.
    """

    early = forms.BooleanField(required=False)
    submission_id = SubmissionField()

    def __init__(self, *args: Any, start_time: dt.time | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start_time = start_time

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        said = values.pop("early", False)
        if self.start_time and self._is_early(values) and not said:
            message = _("It is planned for %(time)s. Has it been held already?")
            time = time_format(self.start_time, "TIME_FORMAT")
            self.add_error(
                None, forms.ValidationError(message, code="early", params={"time": time})
            )
        return values

    @property
    def is_cancelling(self) -> bool:
        """Whether what is wrong is in the part about cancelling, which is folded away else."""
        return any(name in self.errors for name in ABOUT_CANCELLING)

    @property
    def is_early(self) -> bool:
        """Said to be held before its time: that is asked about."""
        return self.has_error("__all__", code="early")

    @property
    def kept_day(self) -> str:
        """The day as sent, where it is understood or is asked about."""
        return self._sent_day if self.which_day or "held_on" not in self.errors else ""

    @property
    def page_day(self) -> dt.date:
        return self._sent_day.page_day or timezone.localdate()

    @property
    def which_day(self) -> list[tuple[str, str]]:
        """The days to choose from, where the page is from another day."""
        asked = self.has_error("held_on", code="which_day")
        return choices(self._sent_day.days) if asked else []

    @property
    def _sent_day(self) -> TypedDay:
        sent = self["held_on"].value()
        return sent if isinstance(sent, TypedDay) else TypedDay()

    @property
    def general_errors(self) -> list[str]:
        """About the fields that nobody sees."""
        names = ("held_on", "outcome", "submission_id", "__all__")
        return [str(message) for name in names for message in self.errors.get(name, [])]

    def _is_early(self, values: dict[str, Any]) -> bool:
        now = timezone.localtime()
        return (
            values.get("outcome") == Outcome.HELD
            and values.get("held_on") == now.date()
            and self.start_time is not None
            and self.start_time > now.time()
        )


class UnplannedForm(CountedForm):
    """Something that was held without being planned.

    ``types`` are those offered here; ``uses`` of each is how often it was registered lately.
    """

    MOST_USED = 6

    activity_type = forms.TypedChoiceField(
        label=_("Activity"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an activity.")},
    )
    duration_minutes = CountField(label=_("Minutes"), least=1, most=MOST_MINUTES, required=False)
    note = FreeTextField(
        label=_("Remark (may be left out)"),
        max_length=1000,
        rows=2,
        required=False,
        help_text=NO_NAMES,
    )
    submission_id = SubmissionField()
    field_order = ["activity_type", "held_on", "duration_minutes", "participant_count", "note"]

    def __init__(self, *args: Any, types: Sequence[OfferedType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = {kind.pk: kind for kind in types}
        self.field("activity_type", forms.ChoiceField).choices = [
            (kind.pk, kind.name) for kind in types
        ]

    @property
    def chosen_type(self) -> OfferedType | None:
        """As chosen, if it can be chosen."""
        typed = str(self["activity_type"].value() or "")
        return self.types.get(int(typed)) if typed.isdecimal() and len(typed) < 19 else None

    @property
    def first_type(self) -> OfferedType | None:
        """The first as shown: where an error leads to."""
        return next((kind for _factor, kinds in self.most_used for kind in kinds), None)

    @cached_property
    def _at_hand(self) -> set[int]:
        used = sorted(self.types.values(), key=lambda kind: -kind.uses)
        return {kind.pk for kind in used[: self.MOST_USED]}

    @cached_property
    def most_used(self) -> list[tuple[Factor, list[OfferedType]]]:
        """The few that are used most here; where nothing is, the first of the list."""
        return by_first_factor(kind for kind in self.types.values() if kind.pk in self._at_hand)

    @cached_property
    def others(self) -> list[tuple[Factor, list[OfferedType]]]:
        return by_first_factor(kind for kind in self.types.values() if kind.pk not in self._at_hand)

    @property
    def other_count(self) -> int:
        return len(self.types) - len(self._at_hand)

    @property
    def shows_others(self) -> bool:
        """What is chosen is seen."""
        chosen = self.chosen_type
        return chosen is not None and chosen.pk not in self._at_hand

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["activity_type"] = self.types[values["activity_type"]]
        return values


class CorrectionForm(OutcomeForm):
    """Everything of a registration that may turn out to be wrong.

    ``types`` are what a free registration may have been; what came from a plan has the plan's
    type, and none are given.
    """

    activity_type = forms.TypedChoiceField(
        label=_("Activity"),
        coerce=int,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": _("Choose an activity.")},
    )
    duration_minutes = CountField(label=_("Minutes"), least=1, most=MOST_MINUTES, required=False)
    # The day that stands, whenever the page was opened: no field that begins with today.
    held_on = DanishDateField(label=_("Date"), not_future=True)  # type: ignore[assignment]
    started_at = TimeOfDayField(label=_("Time"), required=False)
    note = FreeTextField(
        label=_("Remark"), max_length=1000, rows=2, required=False, help_text=NO_NAMES
    )
    version = VersionField()
    field_order = [
        "activity_type",
        "outcome",
        "participant_count",
        "duration_minutes",
        "cancellation_reason",
        "cancellation_text",
        "held_on",
        "started_at",
        "note",
        "version",
    ]

    def __init__(self, *args: Any, types: Iterable[Kind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = {kind.pk: kind for kind in types}
        if self.types:
            self.field("activity_type", forms.ChoiceField).choices = [
                (factor.label, [(kind.pk, kind.name) for kind in kinds])
                for factor, kinds in by_first_factor(self.types.values())
                if kinds
            ]
        else:
            del self.fields["activity_type"]
        # Where the cursor goes when the form opens in a row: to what is most often wrong.
        held = self["outcome"].value() == Outcome.HELD
        first = self.fields["participant_count" if held else "outcome"]
        first.widget.attrs["data-focus"] = True

    @classmethod
    def initial_of(cls, activity: Activity) -> dict[str, Any]:
        """Also what it said before of the other outcome: "held after all" is no new beginning."""
        values = {name: getattr(activity, name) for name in cls.field_order[1:]}
        values |= activity.said_before()
        return {"activity_type": activity.activity_type_id, **values}

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if self.types:
            values["activity_type"] = self.types[values["activity_type"]]
        return values
