"""Somebody logged out everywhere by who answers for them: a telephone is lost, a page left open."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ...models import User
from ...people.actions import end_sessions
from ..queries.log_outs import may_log_out


@transaction.atomic
def log_out_everywhere(*, person_id: int, by: User) -> User:
    """End the person's log-ins. Raises ``DoesNotExist``, and ``PermissionDenied`` where a role of
    theirs is not for ``by`` to change.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    # Asked once the account is locked: roles are given under that lock.
    if not may_log_out(by).filter(pk=person_id).exists():
        raise PermissionDenied
    return end_sessions(person, by=by)
