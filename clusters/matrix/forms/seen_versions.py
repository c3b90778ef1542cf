"""The versions of answers that somebody saw before confirming them, or undoing a save."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krams.history.actions.locking import LARGEST_VERSION
from krams.web.forms import PortalForm

# More than any column holds; a request with more is no form of ours.
MOST_ANSWERS = 500
PAIR = re.compile(r"([1-9]\d{0,17}):([1-9]\d{0,9})", re.ASCII)


class VersionsField(forms.CharField):
    """``proposal:version`` pairs with spaces between them, as a dict."""

    default_error_messages = {"invalid": _("The page is out of date. Load it again, then confirm.")}

    # What is typed is text; what it becomes is none.
    def to_python(self, value: Any) -> dict[int, int]:  # type: ignore[override]
        pairs = (super().to_python(value) or "").split()
        found = [match for pair in pairs if (match := PAIR.fullmatch(pair))]
        if not pairs or len(found) < len(pairs) or len(pairs) > MOST_ANSWERS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        versions = {int(match[1]): int(match[2]) for match in found}
        if max(versions.values()) > LARGEST_VERSION:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return versions


class SeenVersionsForm(PortalForm):
    v = VersionsField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["v"]
        field.error_messages["required"] = field.error_messages["invalid"]
