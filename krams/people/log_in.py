"""Who is logged in, as every page asks."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from ..models import User


class Backend(AuthenticationBackend):
    """allauth's, but whoever is logged in is read together with their roles: one query."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """No password opens anything where ``PASSWORD_LOGIN`` is off."""
        return super().authenticate(request, **credentials) if settings.PASSWORD_LOGIN else None

    def get_user(self, user_id: int) -> User | None:
        try:
            user = User.objects.get_with_scopes(user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
