"""What people changed: one page for the history of any object that keeps one.

An app says in its ``AppConfig.ready()`` which of its models can be read back, and for whom::

    from krams import history

    history.register(
        Activity,
        key="registrering",                      # /historik/registrering/<pk>/
        visible=lambda user: Activity.objects.visible_to(user),
        fields=["title", "held_on", "factors"],             # in the order of the page
        show={"factors": lambda letters: ...},              # optional: how a value reads
        lines=Lines(PolicyGoal, of="policy", text="text"),  # optional: a list that belongs to it
    )

A template links to it with ``{% url "history" "registrering" activity.pk %}``. ``visible`` is a
QuerySet of the model; what is not in it answers 404. Fields that hold choices show their labels,
relations show ``str()`` (one query per related model and page, whatever the number of rows), and
names come from ``verbose_name``. The page's "back" link is the object's ``get_absolute_url``, where
it has one. ``lines`` are rows of their own that are saved together with the object, after it: a
change shows the whole list before and after it (one more query).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Lines:
    """Rows of ``model`` that belong to an object by ``of``, in their ``position``."""

    model: type[models.Model]
    of: str
    text: str

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    def changes(self, subject_id: int) -> list:
        """All that was ever saved of them, oldest first."""
        rows = self.model.history.filter(**{f"{self.of}_id": subject_id})
        return list(rows.order_by("history_date", "history_id"))

    def standing(self, changes: list, before: datetime | None) -> str:
        """The list as it was until ``before`` (None: as it is), numbered."""
        rows: dict[int, models.Model] = {}
        for change in changes:
            if before is not None and change.history_date >= before:
                break
            rows.pop(change.id, None)
            if change.history_type != "-":
                rows[change.id] = change
        ordered = sorted(rows.values(), key=lambda row: (row.position, row.id))
        texts = (getattr(row, self.text) for row in ordered)
        return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


@dataclass(frozen=True)
class Registration:
    model: type[models.Model]
    key: str
    visible: Callable[..., models.QuerySet]
    fields: tuple[str, ...]
    show: dict[str, Callable[..., str]]
    lines: Lines | None


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


def register(model, *, key: str, visible, fields, show=None, lines: Lines | None = None) -> None:
    """Let the history of ``model`` be read at ``/historik/<key>/<pk>/``.

    Raises ``ValueError`` for a key that another model has, and ``FieldDoesNotExist`` for a field
    that the model has not. ``show`` gives a function from a field's value to text.
    """
    if key in REGISTRY and REGISTRY[key].model is not model:
        raise ValueError(f"The history key {key!r} is taken by {REGISTRY[key].model.__name__}.")
    for name in fields:
        model._meta.get_field(name)
    REGISTRY[key] = Registration(model, key, visible, tuple(fields), show or {}, lines)


def events(registration: Registration, records: list, older, newer=None) -> list[Event]:
    """The saves of one object, newest first.

    ``records`` are its historical records, newest first, with ``history_user`` and the user's
    memberships fetched; ``older`` is the record before the last of them, ``newer`` the one after
    the first, or None.
    """
    if not records:
        return []
    shown = {
        name: _Shown(records[0], name, [*records, older], registration.show.get(name))
        for name in registration.fields
    }
    following = [*records[1:], older]
    found = [
        Event(
            kind=record.history_type,
            at=record.history_date,
            who=str(record.history_user) if record.history_user else _("The system"),
            roles=_roles(record.history_user),
            reason=record.history_change_reason or "",
            changes=list(_changes(record, before, shown)),
        )
        for record, before in zip(records, following, strict=True)
    ]
    if registration.lines:
        _tell_lines(registration.lines, found, records, newer)
    return found


def _tell_lines(lines: Lines, found: list[Event], records: list, newer) -> None:
    """Add to each save what became of the lines: what was saved from it until the next one."""
    changes = lines.changes(records[0].id)
    ends = [newer.history_date if newer else None, *(record.history_date for record in records)]
    for event, record, end in zip(found, records, ends[:-1], strict=True):
        old, new = (lines.standing(changes, day) for day in (record.history_date, end))
        if old != new:
            event.changes.append(Change(lines.label, old, new))


def _changes(record, before, shown) -> Iterator[Change]:
    for name in shown:
        new = shown[name].text(record)
        if record.history_type == "~" and before is not None:
            old = shown[name].text(before)
            if old != new:
                yield Change(shown[name].label, old, new)
        elif new and record.history_type == "+":
            yield Change(shown[name].label, "", new)


def _roles(user) -> str:
    if user is None:
        return ""
    return ", ".join(
        dict.fromkeys(membership.get_role_display() for membership in user.memberships.all())
    )


class _Shown:
    """How one field is shown; looks up the names of related objects for all records at once."""

    def __init__(self, sample, name: str, records: list, show):
        self.field, self.show = sample._meta.get_field(name), show
        self.label = capfirst(str(self.field.verbose_name))
        self.names = {}
        if self.field.is_relation:
            keys = {getattr(record, self.field.attname) for record in records if record} - {None}
            related = self.field.related_model._base_manager
            self.names = {row.pk: str(row) for row in related.filter(pk__in=keys)} if keys else {}

    def text(self, record) -> str:
        value = getattr(record, self.field.attname)
        if value is None or value == "":
            return ""
        if self.show:
            return str(self.show(value))
        if self.field.is_relation:
            return self.names.get(value, _("(removed)"))
        if self.field.choices:
            return str(dict(self.field.flatchoices).get(value, value))
        return _plain(value)


def _plain(value) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list | tuple | set):
        return ", ".join(str(item) for item in value)
    return str(formats.localize(value))
