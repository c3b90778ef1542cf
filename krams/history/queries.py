"""Who changed what on one object and when, field by field, as the reader may see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import BooleanField, Exists, OuterRef, Value
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..danish.numbers import format_decimal
from ..database.keyset import Keyset, Page, Place
from .models import Kept
from .registry import AnyField, Record, Registration, SavedWith

# As a request has it; the middleware lets nobody through without an account.
Reader: TypeAlias = AbstractBaseUser | AnonymousUser
PER_PAGE = 50
SAVES = Keyset(history_date=datetime, history_id=int)


@dataclass
class Change:
    """One field: what it was and what it became, as the reader sees them."""

    label: str
    old: str
    new: str


@dataclass
class Event:
    """One save: ``kind`` is "+" (created), "~" (changed) or "-" (removed)."""

    kind: str
    at: datetime
    who: str
    roles: str
    reason: str
    history_id: int = 0
    changes: list[Change] = field(default_factory=list)


def seen(registration: Registration, pk: int, *, reader: Reader) -> tuple[Kept, bool]:
    """The object as the reader may see it, and whether it is still there.

    Raises ``ObjectDoesNotExist``.
    """
    restoring = registration.restoring
    found = registration.visible(reader).filter(pk=pk).first()
    if found is None and restoring and restoring.gone:
        is_there = registration.model._base_manager.filter(pk=pk).exists()
        versions = restoring.gone(reader).filter(id=pk).order_by("-history_date", "-history_id")
        last = None if is_there else versions.first()
        if last is not None:
            return last.instance, False
    if found is None:
        raise ObjectDoesNotExist
    return found, True


def may_restore(registration: Registration, subject: Kept, *, reader: Reader) -> bool:
    """Whether to offer it; who restores asks again."""
    restoring = registration.restoring
    return restoring is not None and restoring.editable(reader).filter(pk=subject.pk).exists()


def page_of(
    registration: Registration, subject: Kept, place: Place, *, reader: Reader
) -> tuple[Page[Record], list[Event]]:
    """Some of the saves of an object, newest first, and what they told."""
    records = subject.history.select_related("history_user").prefetch_related(
        "history_user__memberships"
    )
    page = SAVES.read(
        place, PER_PAGE, lambda way, *edge: list(SAVES.cut(records, way, edge, PER_PAGE))
    )
    # A change needs what stood before and after it.
    return page, events(registration, list(page), page.after, page.before, reader=reader)


def events(
    registration: Registration,
    records: list[Record],
    older: Record | None,
    newer: Record | None = None,
    *,
    reader: Reader,
) -> list[Event]:
    """The saves of one object that told something, newest first.

    ``records`` are its historical records, newest first, with ``history_user`` and the user's
    memberships fetched; ``older`` is the record before the last of them, ``newer`` the one after
    the first, or None. Names that ``reader`` may not see are not told.
    """
    if not records:
        return []
    pairs = list(zip(records, [*records[1:], older], strict=True))
    shown = [_Shown(registration, one, pairs, reader) for one in registration.fields]
    found = [
        Event(
            kind=record.history_type,
            at=record.history_date,
            who=str(record.history_user) if record.history_user else _("The system"),
            roles=_roles(record.history_user),
            reason=record.history_change_reason or "",
            history_id=record.history_id,
            changes=[change for one in shown if (change := one.change(record, before))],
        )
        for record, before in pairs
    ]
    if registration.lines:
        _tell_lines(registration.lines, found, records, newer)
    if registration.beside:
        for event, told in zip(found, registration.beside(records), strict=True):
            event.changes.extend([Change(*told)] if told else [])
    return [event for event in found if event.kind != "~" or event.changes or event.reason]


def _tell_lines(
    lines: SavedWith, found: list[Event], records: list[Record], newer: Record | None
) -> None:
    """Add to each save what became of the lines: what was saved from it until the next one."""
    changes = lines.changes(records[0])
    ends = [newer.history_date if newer else None, *(record.history_date for record in records)]
    for event, record, end in zip(found, records, ends[:-1], strict=True):
        old, new = (lines.standing(changes, day) for day in (record.history_date, end))
        if old != new:
            event.changes.append(Change(lines.label, old, new))


def _roles(user: Any) -> str:
    """Those of today."""
    if user is None:
        return ""
    return ", ".join(
        dict.fromkeys(
            membership.get_role_display()
            for membership in user.memberships.all()
            if membership.is_valid_on(timezone.localdate())
        )
    )


def _values(record: Record, before: Record | None, attname: str) -> tuple[Any, Any]:
    """What a save made of a field: the value before it and the one after."""
    value = getattr(record, attname)
    if record.history_type == "+":
        return None, value
    if record.history_type == "-":
        return value, None
    # Without the record before it nobody knows what changed.
    return (getattr(before, attname) if before else value), value


class _Shown:
    """How one field is shown; looks up the names of related objects for all records at once."""

    def __init__(
        self,
        registration: Registration,
        one: AnyField,
        pairs: list[tuple[Record, Record | None]],
        reader: Reader,
    ):
        self.field, self.show = one, registration.show.get(one.name)
        self.label = label_of(registration, one)
        self.names: dict[Any, str] = {}
        if related := one.related_model:
            told = (_values(record, before, one.attname) for record, before in pairs)
            keys = {key for old, new in told if old != new for key in (old, new)} - {None}
            self.names = _names(related, keys, reader) if keys else {}

    def change(self, record: Record, before: Record | None) -> Change | None:
        old, new = _values(record, before, self.field.attname)
        if old is None and new is False:
            # What is not ticked when something is made tells nothing.
            return None
        change = Change(self.label, self._text(old), self._text(new))
        return change if change.old != change.new else None

    def _text(self, value: Any) -> str:
        if self.field.is_relation and not self.show and value is not None:
            return self.names.get(value, _("(removed)"))
        return text_of(self.field, self.show, value)


def label_of(registration: Registration, one: AnyField) -> str:
    return capfirst(str(registration.name_of(one)))


def _names(model: type[models.Model], keys: set[Any], reader: Reader) -> dict[Any, str]:
    """``str()`` of the rows; of those that the reader may not see, only that they are there."""
    rows = model._base_manager.filter(pk__in=keys).select_related()
    visible_to = getattr(model._default_manager.all(), "visible_to", None)
    mine = (
        Exists(visible_to(reader).filter(pk=OuterRef("pk")))
        if visible_to
        else Value(True, BooleanField())
    )
    return {
        row.pk: str(row) if row.may_see else _("(not shown to you)")
        for row in rows.annotate(may_see=mine)
    }


def text_of(one: AnyField, show: Callable[..., str] | None, value: Any) -> str:
    """How a field's value reads; that of a relation is its key."""
    if value is None or value == "":
        return ""
    if show:
        return str(show(value))
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(str(item) for item in value)
    return str(formats.localize(value))


@dataclass(frozen=True)
class Lines:
    """Rows of ``model`` that belong to an object by ``of``, in their ``position``."""

    model: type[Kept]
    of: str
    text: str

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    def changes(self, subject: Record) -> list[Record]:
        """All that was ever saved of those of a record, oldest first."""
        rows = self.model.history.filter(**{f"{self.of}_id": subject.id})
        return list(rows.order_by("history_date", "history_id"))

    def standing(self, changes: list[Record], before: datetime | None) -> str:
        """The list as it was until ``before`` (None: as it is), numbered."""
        rows = standing_rows(changes, before).values()
        ordered = sorted(rows, key=lambda row: (row.position, row.id))
        return numbered(getattr(row, self.text) for row in ordered)


def standing_rows(changes: list[Record], before: datetime | None) -> dict[int, Record]:
    """The newest record of each row that stood until ``before``, by the row's key."""
    rows: dict[int, Record] = {}
    for change in changes:
        if before is not None and change.history_date >= before:
            break
        rows.pop(change.id, None)
        if change.history_type != "-":
            rows[change.id] = change
    return rows


def numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))
