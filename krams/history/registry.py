"""What people changed: one page for the history of any object that keeps one.

An app says in its ``AppConfig.ready()`` which of its models can be read back, and for whom::

    from krams import history

    history.register(
        Activity,
        key="registrering",                      # /historik/registrering/<pk>/
        visible=lambda user: Activity.objects.visible_to(user),
        without={"facility": history.PARENT},               # what is not told, and why
        names={"started_at": _("time")},                    # where the model gives no name
        show={"factors": lambda letters: ...},              # optional: how a value reads
        lines=Lines(PolicyGoal, of="policy", text="text"),  # optional: a list that belongs to it
    )

All fields of the model are told but those in ``without``: a new field is never forgotten. A
template links to it with ``{% url "history" "registrering" activity.pk %}``. ``visible`` is a
QuerySet of the model; what is not in it answers 404. Fields that hold choices show their labels,
relations ``str()`` of what the reader may see (one query per relation that is told on the page).
The page's "back" link is the object's ``get_absolute_url``, where it has one. ``lines`` are rows of
their own that are saved together with the object: a change shows the whole list before and after
it. A save that changed nothing that is told is no entry.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import BooleanField, Exists, OuterRef, Value
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..danish import collation
from ..danish.names import NameKeyField

# Why a field is not told.
PARENT = "A row never moves; the head of the page says where it belongs."
BY_WHOM = "Each entry says who saved it."
ORIGIN = "Where a copy came from may be closed to the reader."
# The keeping of the rows themselves, in all models.
INTERNAL = {
    "id": "The address of the page.",
    "version": "Each entry is a version.",
    "updated_at": "Each entry has its time.",
    "submission_id": "Set once, by the form.",
}
# Names of fields that several models have without naming them: a name in the model is a migration.
NAMES = {
    "position": gettext_lazy("place in the order"),
    "removed_at": gettext_lazy("removed"),
    "slug": gettext_lazy("address"),
}


@dataclass(frozen=True)
class Lines:
    """Rows of ``model`` that belong to an object by ``of``, in their ``position``."""

    model: type[models.Model]
    of: str
    text: str

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    def changes(self, subject) -> list:
        """All that was ever saved of those of a record, oldest first."""
        rows = self.model.history.filter(**{f"{self.of}_id": subject.id})
        return list(rows.order_by("history_date", "history_id"))

    def standing(self, changes: list, before: datetime | None) -> str:
        """The list as it was until ``before`` (None: as it is), numbered."""
        rows = standing_rows(changes, before).values()
        ordered = sorted(rows, key=lambda row: (row.position, row.id))
        return numbered(getattr(row, self.text) for row in ordered)


def standing_rows(changes: list, before: datetime | None) -> dict[int, models.Model]:
    """The newest record of each row that stood until ``before``, by the row's key."""
    rows: dict[int, models.Model] = {}
    for change in changes:
        if before is not None and change.history_date >= before:
            break
        rows.pop(change.id, None)
        if change.history_type != "-":
            rows[change.id] = change
    return rows


def numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


@dataclass(frozen=True)
class Registration:
    model: type[models.Model]
    key: str
    visible: Callable[..., models.QuerySet]
    without: dict[str, str]
    names: dict[str, str | Promise]
    show: dict[str, Callable[..., str]]
    lines: Lines | None
    called: str | Promise

    @property
    def fields(self) -> list[models.Field]:
        """What is told, in the order of the model."""
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.name not in INTERNAL | self.without.keys() and not isinstance(one, NameKeyField)
        ]

    def name_of(self, one: models.Field) -> str | Promise | None:
        """What people call a field; None where nobody has said so in words that are translated."""
        if name := self.names.get(one.name):
            return name
        if isinstance(one.verbose_name, Promise):
            return one.verbose_name
        if one.name in NAMES:
            return NAMES[one.name]
        name = one.related_model._meta.verbose_name if one.is_relation else None
        return name if isinstance(name, Promise) else None


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
    changes: list[Change] = field(default_factory=list)


REGISTRY: dict[str, Registration] = {}


def register(
    model,
    *,
    key: str,
    visible,
    without: dict[str, str] | None = None,
    names=None,
    show=None,
    lines=None,
    called: str | Promise = "",
) -> None:
    """Let the history of ``model`` be read at ``/historik/<key>/<pk>/``.

    ``called`` is what people call such an object, unless the model says so; ``show`` gives a
    function from a field's value to text. Raises ``ValueError`` for a key that another model has,
    and for a field or a model without a name; ``FieldDoesNotExist`` for a field that there is not.
    """
    if key in REGISTRY and REGISTRY[key].model is not model:
        raise ValueError(f"The history key {key!r} is taken by {REGISTRY[key].model.__name__}.")
    found = Registration(
        model,
        key,
        visible,
        without or {},
        names or {},
        show or {},
        lines,
        called or model._meta.verbose_name,
    )
    for name in (*found.without, *found.names, *found.show):
        model._meta.get_field(name)
    unnamed = [one.name for one in found.fields if found.name_of(one) is None]
    if unnamed or not isinstance(found.called, Promise):
        raise ValueError(f"{model.__name__}: give names to {unnamed or 'the model'}.")
    REGISTRY[key] = found


def events(registration: Registration, records: list, older, newer=None, *, reader) -> list[Event]:
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
            changes=[change for one in shown if (change := one.change(record, before))],
        )
        for record, before in pairs
    ]
    if registration.lines:
        _tell_lines(registration.lines, found, records, newer)
    return [event for event in found if event.kind != "~" or event.changes or event.reason]


def _tell_lines(lines: Lines, found: list[Event], records: list, newer) -> None:
    """Add to each save what became of the lines: what was saved from it until the next one."""
    changes = lines.changes(records[0])
    ends = [newer.history_date if newer else None, *(record.history_date for record in records)]
    for event, record, end in zip(found, records, ends[:-1], strict=True):
        old, new = (lines.standing(changes, day) for day in (record.history_date, end))
        if old != new:
            event.changes.append(Change(lines.label, old, new))


def _roles(user) -> str:
    if user is None:
        return ""
    return ", ".join(
        dict.fromkeys(membership.get_role_display() for membership in user.memberships.all())
    )


def _values(record, before, attname: str) -> tuple:
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

    def __init__(self, registration: Registration, one: models.Field, pairs: list, reader):
        self.field, self.show = one, registration.show.get(one.name)
        self.label = capfirst(str(registration.name_of(one)))
        self.names = {}
        if one.is_relation:
            told = (_values(*pair, one.attname) for pair in pairs)
            keys = {key for old, new in told if old != new for key in (old, new)} - {None}
            self.names = _names(one.related_model, keys, reader) if keys else {}

    def change(self, record, before) -> Change | None:
        old, new = _values(record, before, self.field.attname)
        if old is None and new is False:
            # What is not ticked when something is made tells nothing.
            return None
        change = Change(self.label, self._text(old), self._text(new))
        return change if change.old != change.new else None

    def _text(self, value) -> str:
        if value is None or value == "":
            return ""
        if self.show:
            return str(self.show(value))
        if self.field.is_relation:
            return self.names.get(value, _("(removed)"))
        if self.field.choices:
            return str(dict(self.field.flatchoices).get(value, value))
        return _plain(value)


def _names(model: type[models.Model], keys: set, reader) -> dict:
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


def _plain(value) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return collation.format_decimal(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(str(item) for item in value)
    return str(formats.localize(value))
