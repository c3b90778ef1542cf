"""Form fields that several pages share: Danish dates, counts, and text without names or CPR.

A template writes ``{% include "krams/_error_summary.html" %}`` above the form and for each field
``{{ form.name.as_field_group }}``: label, hint, error and control, tied for screen readers.
"""

import datetime as dt
import uuid

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from .enums import DigestFrequency
from .formats.da.formats import DATE_INPUT_FORMATS
from .locking import VersionField
from .models.base import EARLIEST_DATE, LATEST_DATE
from .privacy import validate_free_text, validate_line
from .submissions import submission_id


class PortalForm(forms.Form):
    """A form in the portal's markup: ``{{ form.name.as_field_group }}`` gives label to error."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int, **options):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_line)
        self.widget.attrs.setdefault("class", "in")


class FreeTextField(forms.CharField):
    """Text of several lines; line ends become "\\n"."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, rows: int = 4, **options):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_free_text)
        self.widget.attrs.update({"class": "in", "rows": rows})

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace("\r\n", "\n").replace("\r", "\n") if value else value


class CountField(forms.IntegerField):
    """A whole number in a range, typed or stepped."""

    default_error_messages = {"invalid": _("Write a whole number.")}

    def __init__(self, *, least: int, most: int, **options):
        super().__init__(**options)
        text = _("Write a whole number from %(least)s to %(most)s.")
        # A field is made when its module is read; the language is known only when it complains.
        message = lazy(lambda: text % {"least": least, "most": most}, str)()
        self.validators += [MinValueValidator(least, message), MaxValueValidator(most, message)]
        self.widget.attrs.update({"class": "in", "inputmode": "numeric", "min": least, "max": most})


class DanishDateField(forms.DateField):
    """dd.mm.yyyy, in a plausible year; ``not_future`` refuses what has not been yet."""

    widget = forms.DateInput
    default_error_messages = {
        "invalid": _("There is no such date. Write it as day.month.year, such as 21.11.2026.")
    }

    def __init__(self, *, earliest: dt.date = EARLIEST_DATE, not_future: bool = False, **options):
        self.earliest, self.not_future = earliest, not_future
        # Written the Danish way in English too: the page says so, and 05.12. means one day only.
        super().__init__(input_formats=DATE_INPUT_FORMATS, **options)
        self.widget.format = "%d.%m.%Y"
        self.widget.attrs.update({"class": "in", "inputmode": "numeric", "autocomplete": "off"})

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if not self.earliest <= value <= LATEST_DATE:
            raise forms.ValidationError(_("The year cannot be right."), code="year")
        if self.not_future and value > timezone.localdate():
            raise forms.ValidationError(_("The date lies in the future."), code="future")


class TimeOfDayField(forms.TimeField):
    """14.30, also 14:30 or 14."""

    default_error_messages = {
        "invalid": _("Write the time as hours.minutes, such as 14.30."),
    }

    def __init__(self, **options):
        super().__init__(input_formats=["%H.%M", "%H:%M", "%H"], **options)
        self.widget.format = "%H.%M"
        self.widget.attrs.update({"class": "in", "inputmode": "decimal", "autocomplete": "off"})


class SubmissionInput(forms.HiddenInput):
    """Gives the id of what was sent with it: ``krams.submissions`` says why."""

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        try:
            form_id = uuid.UUID(str(typed))
        except ValueError:
            return typed
        sent = data.lists() if hasattr(data, "lists") else ((key, [data[key]]) for key in data)
        mine = {name, "csrfmiddlewaretoken"}
        content = ((key, str(one)) for key, many in sent if key not in mine for one in many)
        return str(submission_id(form_id, content))


class SubmissionField(forms.UUIDField):
    """A hidden id made with the form: the same content sent twice is stored once."""

    widget = SubmissionInput
    default_error_messages = {
        name: _("The form is out of date. Send it once more.") for name in ("required", "invalid")
    }

    def __init__(self, **options):
        super().__init__(initial=uuid.uuid4, **options)


class VersionForm(PortalForm):
    """A button that changes one thing: nothing but the version that was read."""

    version = VersionField()


class DigestForm(PortalForm):
    """How often a person wants the e-mail about what needs them, and in which language."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=DigestFrequency.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
