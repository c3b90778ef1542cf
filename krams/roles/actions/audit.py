"""What the audit log keeps of roles and invitations: who gave what to whom, and where."""

from typing import Any

from django.utils import timezone
from simple_history.signals import post_create_historical_record

from ...audit.actions import record
from ...enums import AuditKind
from ...models import Authority, Invitation, Membership, User


def connect() -> None:
    """Roles are told by their history, whatever gave them: a page, a table, the administration."""
    post_create_historical_record.connect(
        _role_saved, sender=Membership.history.model, dispatch_uid="krams.roles.audit"
    )


def _role_saved(sender: object, instance: Membership, history_instance: Any, **_more: Any) -> None:
    kind = history_instance.history_type
    what = {"+": "given", "-": "ended"}.get(kind) or _what(instance, history_instance)
    # An authority that is deleted takes its roles with it: an entry must not point there.
    is_going = kind == "-" and instance.authority_id
    is_by_claims = instance.by_claims and history_instance.history_user is None
    record(
        AuditKind.GRANT,
        actor=history_instance.history_user,
        about=str(instance),
        authority=None if is_going else _authority(instance),
        what=what,
        account=instance.user_id,
        role=instance.role,
        **({"reason": "organisation"} if is_by_claims else {}),
    )


def _what(role: Membership, saved: Any) -> str:
    """A role ends by its last day."""
    before = Membership.history.filter(id=role.pk, history_id__lt=saved.history_id)
    last = before.order_by("-history_id").first()
    has_ended = role.valid_until is not None and role.valid_until <= timezone.localdate()
    return (
        "ended" if has_ended and (not last or last.valid_until != role.valid_until) else "changed"
    )


def note(invitation: Invitation, what: str, *, by: User | None) -> None:
    """``what`` is a word of the code: "invited", "withdrawn", "accepted"."""
    record(
        AuditKind.INVITATION,
        actor=by,
        about=str(invitation),
        authority=_authority(invitation),
        what=what,
        account=invitation.user_id,
        role=invitation.role,
    )


def _authority(role: Membership | Invitation) -> Authority | None:
    """Whose place it is; a cluster is nobody's alone."""
    if role.facility:
        return role.facility.department.municipality
    return role.department.municipality if role.department else role.authority
