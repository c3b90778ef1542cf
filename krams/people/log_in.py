"""Who is logged in, as every page asks."""

from allauth.account.auth_backends import AuthenticationBackend

from ..models import User


class Backend(AuthenticationBackend):
    """allauth's, but whoever is logged in is read together with their roles: one query."""

    def get_user(self, user_id: int) -> User | None:
        try:
            user = User.objects.get_with_scopes(user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
