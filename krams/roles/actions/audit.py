"""What the audit log keeps of roles and invitations: who gave what to whom, and where."""

from ...audit.actions import record
from ...enums import AuditKind
from ...models import Authority, Invitation, Membership, User


def note(role: Membership | Invitation, what: str, *, by: User | None) -> None:
    """``what`` is a word of the code: "given", "changed", "ended", "invited", "withdrawn" …"""
    is_invitation = isinstance(role, Invitation)
    record(
        AuditKind.INVITATION if is_invitation else AuditKind.GRANT,
        actor=by,
        about=str(role),
        authority=_authority(role),
        what=what,
        account=role.user_id,
        role=role.role,
    )


def _authority(role: Membership | Invitation) -> Authority | None:
    """Whose place it is; a cluster is nobody's alone."""
    if role.facility:
        return role.facility.department.municipality
    return role.department.municipality if role.department else role.authority
