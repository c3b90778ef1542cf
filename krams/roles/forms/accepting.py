"""The form on which an invitation is accepted: the password of a new account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ...log_in.idle import SHARED_COMPUTER
from ...models import User
from ...web.forms import PortalForm


class PasswordForm(PortalForm):
    """Typed twice; as a password always is, it is taken as it was typed."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("Three or four words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields[SHARED_COMPUTER] = forms.BooleanField(
            label=_("Others use this computer too"),
            help_text=_("You are then logged out after %(minutes)s minutes without use.")
            % {"minutes": settings.SHARED_COMPUTER_MINUTES},
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first:
            try:
                validate_password(first, self.account)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned
