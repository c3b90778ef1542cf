"""Form fields that several pages share: Danish dates, counts, and text without names or CPR.

A template writes ``{{ error_summary(form) }}`` above the form and its fields as
``{{ field_groups(form.name) }}``: label, hint, error and control, tied for screen readers.
"""

import datetime as dt
import re
import unicodedata
import uuid

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..danish.danish import format_decimal, parse_decimal
from ..danish.typed import Unclear, parse_date, parse_time, tidy
from ..enums import DigestFrequency
from ..history.locking import VersionField
from ..history.models import EARLIEST_DATE, LATEST_DATE
from ..privacy.privacy import refuse_cpr, validate_free_text, validate_line, validate_link
from .submissions import submission_id


class PortalForm(forms.Form):
    """A form in the portal's markup: ``{{ form.name.as_field_group }}`` gives label to error."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class FilterForm(PortalForm):
    """What a page shows (GET). It is folded away, so its summary says how much is chosen."""

    # Fields that stand elsewhere on the page.
    beside: tuple[str, ...] = ()

    @property
    def folded(self) -> list:
        return [self[name] for name in self.fields if name not in self.beside]

    @property
    def chosen_count(self) -> int:
        """As typed, right or wrong."""
        return sum(bool((field.value() or "").strip()) for field in self.folded)

    @property
    def is_wrong(self) -> bool:
        """What must be corrected is seen."""
        return any(field.errors for field in self.folded)


class RoomyMixin:
    """A text that is too long stays in the field whole, and the server says how much is too much.

    A browser would cut a paste at ``maxlength`` without a word.
    """

    def __init__(self, *, max_length: int, **options):
        super().__init__(max_length=max_length, **options)
        limit = next(one for one in self.validators if isinstance(one, MaxLengthValidator))
        self.validators[self.validators.index(limit)] = MostLettersValidator(max_length)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value):
        # Before anything is tidied away, and once more after it, as a validator.
        refuse_cpr(value or "")
        return super().to_python(value)


class MostLettersValidator(MaxLengthValidator):
    message = _(
        "There is room for at most %(limit_value)s characters; this is %(show_value)s. Shorten it."
    )


class LineField(RoomyMixin, forms.CharField):
    """One line of text in normal form: what cannot be seen is left out."""

    def __init__(self, *, max_length: int, **options):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_line)
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value):
        return tidy(super().to_python(value)) or self.empty_value


class FreeTextField(RoomyMixin, forms.CharField):
    """Text of several lines; line ends become "\\n". Invisible signs alone are no text."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, rows: int = 4, **options):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_free_text)
        self.widget.attrs.update({"class": "in", "rows": rows})

    def to_python(self, value):
        value = super().to_python(value)
        if not value or not tidy(value):
            return self.empty_value
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")


class LinkField(RoomyMixin, forms.CharField):
    """A web address, also of an intranet whose name has no dot; https where none is written."""

    def __init__(self, *, max_length: int, **options):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_link)
        self.widget.input_type = "url"
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value):
        link = tidy(super().to_python(value))
        has_scheme = re.match(r"[A-Za-z][\w+.-]*:(?!\d)", link)
        return f"https://{link}" if link and not has_scheme else link


class EmailField(RoomyMixin, forms.EmailField):
    """An e-mail address in small letters, as accounts hold it."""

    def __init__(self, *, max_length: int = 254, **options):
        super().__init__(max_length=max_length, **options)
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value):
        return tidy(super().to_python(value)).lower()


class SlugField(RoomyMixin, forms.SlugField):
    """Part of an address."""

    def __init__(self, *, max_length: int, **options):
        super().__init__(max_length=max_length, **options)
        self.widget.attrs |= {"class": "in", "autocapitalize": "none"}

    def to_python(self, value):
        return tidy(super().to_python(value))


class CountField(forms.IntegerField):
    """A whole number in a range. A text field: the mouse wheel would change a number field."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a whole number."),
        "unclear": _("This can mean %(one)s or %(other)s. Write the number without signs."),
    }

    def __init__(self, *, least: int, most: int, **options):
        super().__init__(**options)
        text = _("Write a whole number from %(least)s to %(most)s.")
        # A field is made when its module is read; the language is known only when it complains.
        message = lazy(lambda: text % {"least": least, "most": most}, str)()
        self.validators += [MinValueValidator(least, message), MaxValueValidator(most, message)]
        self.widget.attrs.update(
            {
                "class": "in",
                "inputmode": "numeric",
                "autocomplete": "off",
                "data-least": least,
                "data-most": most,
            }
        )

    def to_python(self, value):
        if isinstance(value, int) or value is None:
            return value
        typed = tidy(str(value))
        if not typed:
            return None
        if match := re.fullmatch(r"([1-9]\d{0,2}),(\d{3})", typed, re.ASCII):
            other = format_decimal(int(match[1] + match[2]))
            params = {"one": format_decimal(parse_decimal(typed)), "other": other}
            raise forms.ValidationError(self.error_messages["unclear"], "unclear", params)
        try:
            number = parse_decimal(typed)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        is_grouped = re.fullmatch(r"[+-]?\d{1,3}(?:[. ]\d{3})*|[+-]?\d+", typed, re.ASCII)
        if number != number.to_integral_value() or not is_grouped:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


class ModelCountField(CountField):
    """A count in the administration; its model knows the narrower range."""

    def __init__(self, *, min_value: int = 0, max_value: int = 32_767, **options):
        super().__init__(least=min_value, most=max_value, **options)


class SeveralField(forms.ModelMultipleChoiceField):
    """Rows to choose several of; a key that no database can hold is one that is not there."""

    def _check_values(self, value):
        try:
            return super()._check_values(value)
        except OverflowError as error:
            message = self.error_messages["invalid_choice"]
            largest = max(value, key=len)
            raise forms.ValidationError(
                message, code="invalid_choice", params={"value": largest}
            ) from error


class DateInput(forms.DateInput):
    """Shown day first in both languages; the month is a word in English (3 Dec 2026).

    ``has_shortcuts``: today and yesterday in one press.
    """

    template_name = "krams/web/_date_input.html"
    has_shortcuts = False

    def get_context(self, name, value, attrs):
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

    def format_value(self, value):
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

    def __init__(self, *, earliest: dt.date = EARLIEST_DATE, not_future: bool = False, **options):
        self.earliest, self.not_future = earliest, not_future
        super().__init__(**options)
        # Figures, signs and names of months: no keypad of a phone holds all of them.
        self.widget.attrs.update({"class": "in", "autocomplete": "off"})

    def to_python(self, value):
        if value is None or isinstance(value, dt.date):
            return value
        if not tidy(str(value)):
            return None
        return read(self, parse_date, str(value), timezone.localdate())

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True

    def validate(self, value):
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

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.format = "%H.%M"
        self.widget.attrs.update({"class": "in", "inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        if value is None or isinstance(value, dt.time):
            return value
        return read(self, parse_time, str(value)) if tidy(str(value)) else None


def read(field: forms.Field, reader, *arguments):
    """What ``reader`` makes of it, or the field's own message that says what is wrong."""
    try:
        return reader(*arguments)
    except Unclear as unclear:
        readings = gettext(" or ").join(unclear.readings)
        message = field.error_messages["unclear"]
        raise forms.ValidationError(message, "unclear", {"readings": readings}) from unclear
    except ValueError as error:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid") from error


class SubmissionInput(forms.HiddenInput):
    """Gives the id of what was sent with it: ``krams.web.submissions`` says why."""

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
