"""What one may choose about the e-mail."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..enums import DigestFrequency, ReminderDays
from ..web.forms import PortalForm


class DigestForm(PortalForm):
    """How often a person wants the e-mail about what needs them, and in which language."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=DigestFrequency.choices, widget=forms.RadioSelect
    )
    reminder_days = forms.TypedChoiceField(
        label=_("Reminder before something is due"),
        choices=ReminderDays.choices,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Decisions and attention points that you may close; each is told once."),
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
