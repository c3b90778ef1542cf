"""What the audit log holds, as far as somebody may read it: of the authorities they administer."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from ...database.keyset import Keyset, Page, Place
from ...enums import AuditKind, Role
from ...models import AuditEntry, User

PER_PAGE = 50
ENTRIES = Keyset(at=dt.datetime, pk=int)


def may_read(user: User) -> bool:
    """By the roles already read."""
    return user.is_superuser or any(
        scope.role == Role.ADMINISTRATOR and scope.authority_id for scope in user.scopes
    )


def entries_for(user: User, chosen: dict[str, Any]) -> QuerySet[AuditEntry]:
    """``chosen`` is what the filter holds: a kind, words of a name, days from and until."""
    found = AuditEntry.objects.all()
    if not user.is_superuser:
        mine = [
            scope.authority_id
            for scope in user.scopes
            if scope.role == Role.ADMINISTRATOR and scope.authority_id
        ]
        found = found.filter(authority__in=mine)
    if kind := chosen.get("slags"):
        found = found.filter(kind=kind)
    if name := chosen.get("person"):
        found = found.filter(Q(actor_name__icontains=name) | Q(actor__email__iexact=name))
    if first := chosen.get("fra"):
        found = found.filter(at__gte=_begin(first))
    if last := chosen.get("til"):
        found = found.filter(at__lt=_begin(last + dt.timedelta(days=1)))
    return found


def _begin(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def page_of(entries: QuerySet[AuditEntry], place: Place) -> Page[AuditEntry]:
    return ENTRIES.read(
        place, PER_PAGE, lambda way, *edge: list(ENTRIES.cut(entries, way, edge, PER_PAGE))
    )


def labels() -> dict[str, str]:
    return {value: str(label) for value, label in AuditKind.choices}
