"""Where words stand in all that belongs to a place: in what is there, and in every version."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ...danish.names import AddressField, NameKeyField
from ...enums import Role
from ...history.models import Kept
from ...history.registry import REGISTRY, TEXTS, AnyField, Registration, Texts
from ...models import Authority, Cluster, Department, Facility, User
from ...people.permissions import MANAGING
from ...people.queries import memberships
from ..places import paths_of
from ..words import count_in, longest_of


@dataclass(frozen=True)
class Reach:
    """The place whose texts a person may take words out of: lookups that all must lead to it.

    Who answers for one authority's column reaches, of what the whole cluster has, its copies alone.
    """

    lookups: dict[str, int]
    whole: bool = True


@dataclass(frozen=True)
class Hit:
    """One row, or one version of a row, that holds the words in ``fields``."""

    model: type[models.Model]
    row: Any
    is_version: bool
    fields: tuple[AnyField, ...]
    number: int
    rewrite: Callable[..., None] | None = None
    counts_up: Callable[..., Any] | None = None


def reach_of(registration: Registration, pk: int, *, by: User) -> Reach | None:
    """What the person answers for of the place of an object; None where that is nothing.

    Managers of a facility or department; in a matrix who coordinates the cluster, or administers
    the authority; of an authority's own its administrators.
    """
    return _reach(_places(registration, pk), by)


def _reach(places: dict[str, int | None], by: User) -> Reach | None:
    if key := places.get("facility"):
        mine = Facility.objects.managed_by(by).filter(pk=key).exists()
        return Reach({"facility": key}) if mine else None
    if key := places.get("department"):
        mine = Department.objects.managed_by(by).filter(pk=key).exists()
        return Reach({"department": key}) if mine else None
    authority, cluster = places.get("authority"), places.get("cluster")
    if cluster and Cluster.objects.coordinated_by(by).filter(pk=cluster).exists():
        return Reach({"cluster": cluster})
    if authority and _administered(by).filter(pk=authority).exists():
        if cluster:
            return Reach({"cluster": cluster, "authority": authority}, whole=False)
        return Reach({"authority": authority})
    return None


def may_redact(registration: Registration, subject: Kept, *, by: User) -> bool:
    """Without a query for who answers for nothing, nor for a place that the row itself names."""
    if not by.may_have_people:
        return False
    places = {name: _key(subject, path) for name, path in registration.places.items()}
    if by.is_superuser:
        return any(places.values())
    # A role at the very place is among those that are read already.
    for one in by.scopes:
        held = one.facility_id, one.department_id
        named = places.get("facility"), places.get("department")
        if one.role in MANAGING and any(a and a == b for a, b in zip(held, named, strict=True)):
            return True
    return _reach(places, by) is not None


def _key(subject: Any, path: str) -> int | None:
    """What a lookup of ``places`` leads to from a row."""
    *steps, last = path.split("__")
    for step in steps:
        subject = getattr(subject, step)
    key: int | None = subject.pk if last == "id" else getattr(subject, f"{last}_id")
    return key


def _administered(user: User) -> models.QuerySet[Authority]:
    if user.is_superuser:
        return Authority.objects.all()
    mine = memberships(user, [Role.ADMINISTRATOR]).filter(authority=OuterRef("pk"))
    return Authority.objects.filter(Exists(mine))


def _places(registration: Registration, pk: int) -> dict[str, int | None]:
    names, paths = list(registration.places), list(registration.places.values())
    versions = registration.model.history.filter(id=pk)  # type: ignore[attr-defined]
    found = versions.order_by("-history_date", "-history_id").values_list(*paths).first()
    return dict(zip(names, found or (), strict=False))


def hits(
    reach: Reach, words: str, pattern: re.Pattern[str], *, locks: bool = False
) -> Iterator[Hit]:
    """Every row and version of the place that holds them; with ``locks`` nobody saves the row
    meanwhile, whose whole text is going to be written."""
    every: list[Registration | Texts] = [*REGISTRY.values(), *TEXTS]
    seen = set()
    for one in every:
        which = _reached(one, reach)
        if which is None:
            continue
        now = one.model._default_manager.all()
        sources = [now.select_for_update(of=("self",)) if locks else now]
        if issubclass(one.model, Kept):
            sources.append(one.model.history.all())
        for rows in sources:
            for hit in _in(one, rows.filter(which), words, pattern):
                # One that belongs to the place in two ways.
                if (key := (type(hit.row), hit.row.pk)) not in seen:
                    seen.add(key)
                    yield hit


def _reached(one: Registration | Texts, reach: Reach) -> Q | None:
    """Which rows belong to the place; None where none of the kind do."""
    found = one.where if isinstance(one, Texts) else Q()
    paths = list(paths_of(one))
    for name, key in reach.lookups.items():
        mine = [path for kind, path in paths if kind == name]
        if mine:
            found &= Q(*[(path, key) for path in mine], _connector=Q.OR)
        elif reach.whole or name == "cluster" or not (isinstance(one, Texts) and one.copies):
            return None
    return found | one.nobodys if isinstance(one, Texts) and one.nobodys else found


def _in(
    one_kind: Registration | Texts,
    rows: models.QuerySet[Any],
    words: str,
    pattern: re.Pattern[str],
) -> Iterator[Hit]:
    model = one_kind.model
    is_version = rows.model is not model
    rewrite = one_kind.rewrite if isinstance(one_kind, Texts) else None
    fields = texts_of(rows.model)
    token = longest_of(words)
    maybe = Q()
    for one in fields:
        if isinstance(one, models.JSONField):
            # How a database writes it down is its own affair.
            maybe |= Q(**{f"{one.name}__isnull": False})
            continue
        # SQLite folds the case of the letters a to z alone.
        for spelt in {token, token.lower(), token.upper(), token.capitalize()}:
            maybe |= Q(**{f"{one.name}__icontains": spelt})
    if not fields:
        return
    for row in rows.filter(maybe).order_by("pk").iterator(chunk_size=500):
        found = {one: count_in(getattr(row, one.attname), pattern) for one in fields}
        if number := sum(found.values()):
            touched = tuple(one for one, count in found.items() if count)
            yield Hit(model, row, is_version, touched, number, rewrite, one_kind.counts_up)


def texts_of(model: type[models.Model]) -> list[AnyField]:
    """The fields that hold what somebody has written."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.JSONField)
        or (
            isinstance(one, models.CharField | models.TextField)
            and not one.choices
            and not isinstance(one, models.SlugField | NameKeyField | AddressField)
            and one.name not in ("history_type", "token_hash", "secret_hash", "digest")
        )
    ]
