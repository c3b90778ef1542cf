"""Whom one may log out everywhere: those all of whose roles one may change, wherever they are held.

Otherwise a manager of one place could put out who works at another, too.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ...models import Membership, User
from .people import changeable


def may_log_out(by: User) -> QuerySet[User]:
    """The accounts; nobody's own, which is logged out under Settings."""
    others = User.objects.exclude(pk=by.pk)
    if by.is_superuser:
        return others
    today = timezone.localdate()
    standing = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), user=OuterRef("pk")
    )
    # By their keys: of a condition on places the opposite is not what is outside them, where a
    # role has no place of that kind.
    own = Membership.objects.filter(changeable(by)).values("pk")
    return others.filter(
        Exists(standing), ~Exists(standing.exclude(pk__in=own)), is_superuser=False
    )
