"""The form by which the name of somebody who has left is replaced."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..web.forms import PortalForm


class LeavingForm(PortalForm):
    sure = forms.BooleanField(
        label=_("The person has left, and the name is to be replaced for good"),
        error_messages={"required": _("Set the tick if the name is to be replaced for good.")},
    )
