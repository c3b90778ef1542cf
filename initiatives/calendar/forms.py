"""The buttons of a calendar's address."""

from django import forms

from krams.web.forms import PortalForm


class LinkForm(PortalForm):
    """``version`` is that of the address there was, 0 where there was none."""

    version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
