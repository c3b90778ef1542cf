"""Fields of whole numbers as people write them."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from ...danish.normal_form import tidy
from ...danish.numbers import format_decimal, parse_decimal


class CountField(forms.IntegerField):
    """A whole number in a range. A text field: the mouse wheel would change a number field."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a whole number."),
        "unclear": _("This can mean %(one)s or %(other)s. Write the number without signs."),
    }

    def __init__(self, *, least: int, most: int, **options: Any):
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

    def to_python(self, value: Any) -> Any:
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

    def __init__(self, *, min_value: int = 0, max_value: int = 32_767, **options: Any):
        super().__init__(least=min_value, most=max_value, **options)
