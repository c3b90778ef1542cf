"""What was changed at a place, or by one person: all kinds of objects in one list.

Two queries, however many kinds there are: one finds which versions stand on a page, the other reads
them with those before them. Names of related objects are not looked up: the history of each object
tells them.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ...database.keyset import Keyset, Page, Place, Way
from ...history.queries import label_of, text_of
from ...history.registry import REGISTRY, AnyField, Registration
from ...history.word_differences import excerpt, replaced
from ...models import Authority, Cluster, Department, Facility, User
from ...people.permissions import READING_FACILITIES
from ...people.queries import in_one_cluster, memberships
from ..places import paths_of

PER_PAGE = 25
# ``log_kind`` numbers the registered models: two of them may be saved at one moment.
SAVES = Keyset(history_date=dt.datetime, log_kind=int, history_id=int)


class Found(NamedTuple):
    """Where a version stands."""

    history_date: dt.datetime
    log_kind: int
    history_id: int


@dataclass
class Entry:
    """One save of one object: ``sign`` is "+" (created), "~" (changed) or "-" (removed)."""

    registration: Registration
    pk: int
    sign: str
    at: dt.datetime
    who: str
    reason: str
    title: str
    is_there: bool
    changes: list[tuple[str, SafeString]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def called(self) -> str:
        return capfirst(str(self.registration.called))


def seen_authorities(user: User) -> models.QuerySet[Authority]:
    """Those in which the person has a role, at whatever level, and those of a matrix they see."""
    if user.is_superuser:
        return Authority.objects.all()
    here = Q(authority=OuterRef("pk")) | Q(department__municipality=OuterRef("pk"))
    here |= Q(facility__department__municipality=OuterRef("pk"))
    clusters = Cluster.objects.visible_to(user).filter(memberships__authority=OuterRef("pk"))
    within = in_one_cluster(user).filter(authority=OuterRef("pk"))
    return Authority.objects.filter(
        Exists(memberships(user).filter(here)) | Exists(clusters) | Exists(within)
    )


def at_place(kind: str, pk: int, place: Place, *, reader: User) -> tuple[Page[Found], list[Entry]]:
    """A page of what was changed at a "facility", "authority" or "cluster", newest first.

    The reader sees the place; each row is told as far as they may see it.
    """
    return _read(place, _under(kind, pk), reader=reader)


def by_oneself(place: Place, *, reader: User) -> tuple[Page[Found], list[Entry]]:
    """A page of what the reader has changed, as far as they may still see it."""
    return _read(place, {kind: Q(history_user=reader) for kind in _kinds()}, reader=reader)


def _kinds() -> list[str]:
    return sorted(REGISTRY)


def _under(kind: str, pk: int) -> dict[str, Q]:
    """For each registered model, which of its versions belong to the place."""
    found = {}
    for key in _kinds():
        paths = [path for name, path in paths_of(REGISTRY[key]) if name == kind]
        if paths:
            found[key] = Q(*[(path, pk) for path in paths], _connector=Q.OR)
    return found


def _read(place: Place, which: dict[str, Q], *, reader: User) -> tuple[Page[Found], list[Entry]]:
    def rows(way: Way, *edge: Any) -> Sequence[Found]:
        parts = [
            _cut(number, REGISTRY[key], which[key], reader, way, edge)
            for number, key in enumerate(_kinds())
            if key in which
        ]
        signs = "" if way is Way.NEWER else "-"
        order = [f"{signs}{name}" for name in SAVES.columns]
        every = parts[0].union(*parts[1:], all=True).order_by(*order)
        return [Found(*row) for row in every[: PER_PAGE + 2]]

    page = SAVES.read(place, PER_PAGE, rows)
    return page, _entries(list(page))


def _cut(
    number: int, registration: Registration, which: Q, reader: User, way: Way, edge: tuple[Any, ...]
) -> models.QuerySet[Any, Any]:
    """Of one kind what may stand on the page. A list in a union has no limit of its own in SQLite:
    the keys of what is cut are looked up."""
    versions = _seen(registration, reader).filter(which)
    versions = versions.annotate(log_kind=Value(number, IntegerField()))
    keys = SAVES.cut(versions, way, edge, PER_PAGE).values("history_id")
    rows = _history(registration).annotate(log_kind=Value(number, IntegerField()))
    found: models.QuerySet[Any, Any]
    found = rows.filter(history_id__in=keys).order_by().values_list(*SAVES.columns)
    return found


def _history(registration: Registration) -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = registration.model.history.all()  # type: ignore[attr-defined]
    return found


def _seen(registration: Registration, reader: User) -> models.QuerySet[Any]:
    """Versions of rows that the reader may see; of those that are gone, by their place."""
    versions = _history(registration)
    if reader.is_superuser:
        return versions
    here = Exists(registration.visible(reader).filter(pk=OuterRef("id")))
    if registration.own_rules:
        return versions.filter(here)
    gone = ~Exists(registration.model._base_manager.filter(pk=OuterRef("id")))
    places = Q()
    for name, path in registration.places.items():
        places |= Q(Exists(seen_places(name, reader).filter(pk=OuterRef(path))))
    return versions.filter(Q(here) | Q(gone) & places)


def seen_places(name: str, reader: User) -> models.QuerySet[Any]:
    """The facilities, departments, clusters or authorities that somebody sees."""
    if name == "facility":
        return Facility.objects.visible_to(reader)
    if name == "department":
        return Department.objects.reached_by(reader, READING_FACILITIES)
    return Cluster.objects.visible_to(reader) if name == "cluster" else seen_authorities(reader)


def _entries(found: list[Found]) -> list[Entry]:
    """What the versions tell, in their order."""
    by_kind = defaultdict(list)
    for one in found:
        by_kind[one.log_kind].append(one.history_id)
    if not by_kind:
        return []
    keys = _kinds()
    parts = [_told(number, REGISTRY[keys[number]], ids) for number, ids in by_kind.items()]
    rows = {(row[0], row[1]): row for row in parts[0].union(*parts[1:], all=True)}
    return [
        _entry(REGISTRY[keys[one.log_kind]], rows[one.log_kind, one.history_id]) for one in found
    ]


def can_come_back(registration: Registration) -> bool:
    """Whether what is gone still has a page of its history."""
    return bool(registration.restoring and registration.restoring.gone)


def _told(
    number: int, registration: Registration, history_ids: list[int]
) -> models.QuerySet[Any, Any]:
    versions = _history(registration)
    told = JSONObject(**{one.attname: F(one.attname) for one in registration.fields})
    before = (
        versions.filter(id=OuterRef("id"))
        .filter(
            Q(history_date__lt=OuterRef("history_date"))
            | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
        )
        .order_by("-history_date", "-history_id")
        .annotate(log_told=told)
    )
    title = Cast(registration.titled, CharField()) if registration.titled else Value("")
    name = NullIf("history_user__name", Value(""))
    found: models.QuerySet[Any, Any] = (
        versions.filter(history_id__in=history_ids)
        .order_by()
        .annotate(
            log_kind=Value(number, IntegerField()),
            log_who=Coalesce(name, "history_user__email", Value(""), output_field=CharField()),
            log_reason=Coalesce("history_change_reason", Value(""), output_field=CharField()),
            log_named=Coalesce(title, Value(""), output_field=CharField()),
            log_is_there=Value(True)
            if can_come_back(registration)
            else Exists(registration.model._base_manager.filter(pk=OuterRef("id"))),
            log_now=told,
            log_before=Subquery(before.values("log_told")[:1]),
        )
        .values_list(
            *("log_kind", "history_id", "id", "history_type", "history_date"),
            *("log_who", "log_reason", "log_named", "log_is_there", "log_now", "log_before"),
        )
    )
    return found


def _entry(registration: Registration, row: tuple[Any, ...]) -> Entry:
    _kind, _history_id, pk, sign, at, who, reason, title, is_there, now, before = row
    who = who or _("The system")
    entry = Entry(registration, pk, sign, at, who, reason, _day(title), is_there)
    if sign != "~" or before is None:
        return entry
    for one in registration.fields:
        if now[one.attname] == before[one.attname]:
            continue
        show, label = registration.show.get(one.name), label_of(registration, one)
        if one.is_relation and not show:
            entry.others.append(label)
            continue
        texts = (text_of(one, show, _value(one, told[one.attname])) for told in (before, now))
        old, new = texts
        if old != new:
            is_text = isinstance(one, models.CharField | models.TextField) and not one.choices
            entry.changes.append((label, (excerpt if is_text else replaced)(old, new)))
    return entry


def _value(one: AnyField, told: Any) -> Any:
    """What a database has written as JSON."""
    if isinstance(one, models.JSONField):
        return json.loads(told) if isinstance(told, str) else told
    value = one.to_python(told)
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        # SQLite keeps them so.
        value = value.replace(tzinfo=dt.UTC)
    return value


def _day(title: str) -> str:
    """A meeting is named by its day."""
    try:
        return text_of(models.DateField(), None, dt.date.fromisoformat(title))
    except ValueError:
        return title
