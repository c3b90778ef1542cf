"""What one may choose about the e-mail."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..enums import DigestFrequency
from ..web.forms import PortalForm


class DigestForm(PortalForm):
    """How often a person wants the e-mail about what needs them, and in which language."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=DigestFrequency.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
