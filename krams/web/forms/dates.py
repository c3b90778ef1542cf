"""Fields of dates and times as people write them, and dates that are today unless told."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...danish.date_input import Unclear, parse_date, parse_time
from ...danish.normal_form import tidy
from ...history.models import EARLIEST_DATE, LATEST_DATE
from ..page_day import PAGE_DAY, WHICH_DAY, TypedDay, choices

T = TypeVar("T")


class DateInput(forms.DateInput):
    """Shown day first in both languages; the month is a word in English (3 Dec 2026).

    ``has_shortcuts``: today and yesterday in one press.
    """

    template_name = "krams/web/_date_input.html"
    has_shortcuts = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        today = timezone.localdate()
        days = [(today, _("Today")), (today - dt.timedelta(days=1), _("Yesterday"))]
        context["widget"]["shortcuts"] = [
            (date_format(day, "SHORT_DATE_FORMAT"), label)
            for day, label in days
            # What stands there already is one key press too many on the way to the next field.
            if self.has_shortcuts and self.format_value(day) != context["widget"]["value"]
        ]
        return context

    def format_value(self, value: Any) -> Any:
        if isinstance(value, dt.date):
            return date_format(value, "SHORT_DATE_FORMAT")
        return value


class DanishDateField(forms.DateField):
    """A date as people write it, in a plausible year; ``not_future`` refuses what has not been."""

    widget = DateInput
    default_error_messages = {
        "invalid": _("There is no such date. Write it as day.month.year, such as 21.11.2026."),
        "unclear": _("The day comes first. Do you mean %(readings)s?"),
    }

    def __init__(
        self, *, earliest: dt.date = EARLIEST_DATE, not_future: bool = False, **options: Any
    ):
        self.earliest, self.not_future = earliest, not_future
        super().__init__(**options)
        # Figures, signs and names of months: no keypad of a phone holds all of them.
        self.widget.attrs.update({"class": "in", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, dt.date):
            return value
        if not tidy(str(value)):
            return None
        return read(self, parse_date, str(value), timezone.localdate())

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if not self.earliest <= value <= LATEST_DATE:
            raise forms.ValidationError(_("The year cannot be right."), code="year")
        if self.not_future and value > timezone.localdate():
            raise forms.ValidationError(_("The date lies in the future."), code="future")


class TimeOfDayField(forms.TimeField):
    """14.30, also 14:30, 14,30, 1430 or 14; 14.3 is asked about."""

    default_error_messages = {
        "invalid": _("Write the time as hours.minutes, such as 14.30."),
        "unclear": _("Write four figures. Do you mean %(readings)s?"),
    }

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.format = "%H.%M"
        self.widget.attrs.update({"class": "in", "inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, dt.time):
            return value
        return read(self, parse_time, str(value)) if tidy(str(value)) else None


def read(field: forms.Field, reader: Callable[..., T], *arguments: Any) -> T:
    """What ``reader`` makes of it, or the field's own message that says what is wrong."""
    try:
        return reader(*arguments)
    except Unclear as unclear:
        readings = gettext(" or ").join(unclear.readings)
        message = field.error_messages["unclear"]
        raise forms.ValidationError(message, "unclear", {"readings": readings}) from unclear
    except ValueError as error:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid") from error


class TodayInput(DateInput):
    """Carries the day of its page, and shows the choice where that is another day."""

    is_today = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        typed = super().value_from_datadict(data, files, name)
        if typed is None or isinstance(typed, dt.date):
            return typed
        return TypedDay.of(typed, data.get(name + PAGE_DAY), data.get(name + WHICH_DAY))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        page_day = getattr(value, "page_day", None) or timezone.localdate()
        context["widget"] |= {
            "page_day": page_day.isoformat(),
            "which_day": choices(getattr(value, "days", [])),
        }
        return context


class TodayField(DanishDateField):
    """A date whose default is today: whoever sends it from a page of another day is asked.

    ``shortcuts``: "today" and "yesterday" in one press, for what has been held.
    """

    widget = TodayInput
    default_error_messages = {
        "which_day": _("This page is from another day. Which day do you mean?")
    }

    def __init__(self, *, shortcuts: bool = False, **options: Any):
        super().__init__(**options)
        self.widget.has_shortcuts = shortcuts

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is None or not isinstance(value, TypedDay):
            return day
        settled = value.settle(day)
        if settled is None:
            raise forms.ValidationError(self.error_messages["which_day"], code="which_day")
        return settled
