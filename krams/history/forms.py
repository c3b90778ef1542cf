"""The hidden field by which a form names the version that it is based on."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import HiddenInput, IntegerField
from django.utils.translation import gettext_lazy as _

from .actions.locking import LARGEST_VERSION


class VersionField(IntegerField):
    """The hidden field that carries the version (0: not saved yet); without it, load again."""

    widget = HiddenInput
    default_error_messages = {
        name: _("The page is out of date. Load it again; what you have written is kept below.")
        for name in ("required", "invalid", "min_value", "max_value")
    }

    def __init__(self, **options: Any):
        super().__init__(**options)
        message = self.default_error_messages["invalid"]
        self.validators += [
            MinValueValidator(0, message),
            MaxValueValidator(LARGEST_VERSION, message),
        ]
