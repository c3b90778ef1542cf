"""Fields of text: what they leave out, how long it may be, and that no CPR number is in it."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from ...danish.names import AddressField, validate_address
from ...danish.normal_form import tidy
from ...privacy.cpr import refuse_cpr
from ...privacy.free_text import validate_free_text, validate_line, validate_link


class RoomyField(forms.CharField):
    """A text that is too long stays in the field whole, and the server says how much is too much.

    A browser would cut a paste at ``maxlength`` without a word.
    """

    def __init__(self, *, max_length: int, **options: Any):
        super().__init__(max_length=max_length, **options)
        limit = next(one for one in self.validators if isinstance(one, MaxLengthValidator))
        self.validators[self.validators.index(limit)] = MostLettersValidator(max_length)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> Any:
        # Before anything is tidied away, and once more after it, as a validator.
        refuse_cpr(value or "")
        return super().to_python(value)


class MostLettersValidator(MaxLengthValidator):
    message = _(
        "There is room for at most %(limit_value)s characters; this is %(show_value)s. Shorten it."
    )


class LineField(RoomyField):
    """One line of text in normal form: what cannot be seen is left out."""

    def __init__(self, *, max_length: int, **options: Any):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_line)
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value: Any) -> Any:
        return tidy(super().to_python(value)) or self.empty_value


class FreeTextField(RoomyField):
    """Text of several lines; line ends become "\\n". Invisible signs alone are no text."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, rows: int = 4, **options: Any):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_free_text)
        self.widget.attrs.update({"class": "in", "rows": rows})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value or not tidy(value):
            return self.empty_value
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")


class LinkField(RoomyField):
    """A web address, also of an intranet whose name has no dot; https where none is written."""

    def __init__(self, *, max_length: int, **options: Any):
        super().__init__(max_length=max_length, **options)
        self.validators.insert(0, validate_link)
        self.widget.input_type = "url"
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value: Any) -> Any:
        link = tidy(super().to_python(value))
        has_scheme = re.match(r"[A-Za-z][\w+.-]*:(?!\d)", link)
        return f"https://{link}" if link and not has_scheme else link


class EmailField(RoomyField, forms.EmailField):
    """An e-mail address in small letters, as accounts hold it."""

    default_validators = [validate_address]

    def __init__(self, *, max_length: int = 254, **options: Any):
        super().__init__(max_length=max_length, **options)
        self.widget.attrs.setdefault("class", "in")

    def to_python(self, value: Any) -> Any:
        return AddressField.normal(super().to_python(value))


class SlugField(RoomyField, forms.SlugField):
    """Part of an address."""

    def __init__(self, *, max_length: int, **options: Any):
        super().__init__(max_length=max_length, **options)
        self.widget.attrs |= {"class": "in", "autocapitalize": "none"}

    def to_python(self, value: Any) -> Any:
        return tidy(super().to_python(value))
