"""The e-mail with a link through which a new account chooses its password."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from ..models import User


def invite(request: HttpRequest, user: User) -> bool:
    """Send the link; False for an account that is closed."""
    form = ResetPasswordForm({"email": user.email})
    if not (user.is_active and form.is_valid()):
        return False
    form.save(request)
    return True
