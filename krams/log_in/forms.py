"""The forms of log-in, passwords and passkeys, as fields of the portal."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..web.forms import EmailField, LineField
from .idle import SHARED_COMPUTER

LONGEST_KEY_NAME = 100


class LoginForm(AllauthLoginForm):
    """E-mail, password, and whether others use the computer (read by the middleware)."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, label_suffix="", **kwargs)
        self.use_required_attribute = False
        self.fields["login"] = EmailField(label=_("E-mail"))
        login, password = self.fields["login"], self.fields["password"]
        password.label = _("Password")
        login.widget.attrs = {"autocomplete": "username"}
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""
        self.fields[SHARED_COMPUTER] = forms.BooleanField(
            label=_("Others use this computer too"),
            help_text=_("You are then logged out after %(minutes)s minutes without use.")
            % {"minutes": settings.SHARED_COMPUTER_MINUTES},
            required=False,
        )


class ResetPasswordForm(AllauthResetPasswordForm):
    """The address is read as everywhere else."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        old = self.fields["email"]
        self.fields["email"] = EmailField(label=old.label, widget=old.widget)


class AddPasskeyForm(AddWebAuthnForm):
    """A key that opens the account alone, unless the person wants it as a second step only."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"] = LineField(
            label=_("Name of the key"),
            help_text=_("Such as: my phone"),
            max_length=LONGEST_KEY_NAME,
            required=False,
        )
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Log in with the key alone"), True
        alone.help_text = _("Without the tick it is a second step after the password.")


class EditPasskeyForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"] = LineField(label=_("Name of the key"), max_length=LONGEST_KEY_NAME)
