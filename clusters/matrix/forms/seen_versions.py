"""The versions of answers that somebody saw before confirming them, or undoing a save."""

import re

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

    def to_python(self, value):
        pairs = super().to_python(value).split()
        found = [PAIR.fullmatch(pair) for pair in pairs]
        if not pairs or None in found or len(pairs) > MOST_ANSWERS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        versions = {int(match[1]): int(match[2]) for match in found}
        if max(versions.values()) > LARGEST_VERSION:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return versions


class SeenVersionsForm(PortalForm):
    v = VersionsField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["v"]
        field.error_messages["required"] = field.error_messages["invalid"]
