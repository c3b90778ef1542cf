"""Which version is put back, and what the person saw as the newest."""

from django import forms

from ..database.keyset import LARGEST
from ..history.forms import VersionField
from ..web.forms import PortalForm


class RestoreForm(PortalForm):
    saved = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    version = VersionField()
