"""Who can be asked for something in a cluster, and who of those that were asked still can."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.enums import Role
from krams.models import Authority, ClusterMembership, Membership, User

from ...access import Sheet, editors_in, open_columns
from ...models import AskedEditor, AskedField


@dataclass(frozen=True)
class Askable:
    """A column that can be filled in today, and its editors with active accounts."""

    column: ClusterMembership
    editors: list[User]

    @property
    def authority(self) -> Authority:
        return self.column.authority


def is_open_to_asks(column: ClusterMembership, sheet: Sheet) -> bool:
    """Closed are columns that are not in force today, or whose authority has not agreed."""
    ends = sheet.cluster.valid_until
    return (
        not column.awaits_consent
        and column.is_valid_on(sheet.today)
        and (ends is None or ends >= sheet.today)
    )


def askable_columns(sheet: Sheet) -> list[Askable]:
    """The columns with somebody to ask, in the order of the matrix (one query)."""
    columns = [column for column in sheet.columns if is_open_to_asks(column, sheet)]
    roles = (
        editors_in(sheet.cluster.pk, sheet.today)
        .filter(authority__in=[column.authority_id for column in columns], user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user")
    )
    editors: defaultdict[int | None, dict[int, User]] = defaultdict(dict)
    for role in roles:
        editors[role.authority_id][role.user_id] = role.user
    return [
        Askable(column, list(editors[column.authority_id].values()))
        for column in columns
        if editors[column.authority_id]
    ]


def waited_for(today: dt.date) -> QuerySet[AskedEditor]:
    """Those who can still do what they were asked: the role, the column and the ask in force, and
    a proposal of it not retired."""
    columns = open_columns(today).filter(
        cluster=OuterRef("column__ask__cluster"),
        authority=OuterRef("column__authority"),
        awaits_consent=False,
    )
    roles = (
        Membership.objects.valid_on(today)
        .filter(Q(within=None) | Q(within=OuterRef("column__ask__cluster")))
        .filter(role=Role.EDITOR, authority=OuterRef("column__authority"), user=OuterRef("editor"))
    )
    fields = AskedField.objects.filter(column=OuterRef("column"), proposal__retired_on=None)
    return AskedEditor.objects.filter(
        Exists(columns),
        Exists(roles),
        Exists(fields),
        editor__is_active=True,
        column__handed_in_at=None,
        column__ask__withdrawn_at=None,
    ).select_related("column__ask__cluster", "column__authority", "editor")


def without_anybody(sheet: Sheet, found: Iterable[Askable]) -> list[ClusterMembership]:
    """The columns that cannot be asked: closed, or without an editor."""
    asked = {one.column.pk for one in found}
    return [column for column in sheet.columns if column.pk not in asked]
