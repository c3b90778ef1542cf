"""Taking words away from everywhere at a place; that it was done, by whom and why is kept."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ...audit.actions import record as keep
from ...danish.names import NameKeyField
from ...danish.normal_form import look_alike_key
from ...enums import AuditKind
from ...history.models import Kept, Versioned
from ...history.registry import TAKEN_AWAY, Registration
from ...models import User
from ...people.sessions import SessionStore
from ...web.unsent_forms import KEPT
from ..places import authority_of
from ..queries.hits import Hit, Reach, hits, reach_of
from ..queries.log import seen_places
from ..words import pattern_of, without


@dataclass(frozen=True)
class Places:
    """How often words stand where: by what people call the things, now and in earlier versions."""

    now: list[tuple[str, int]]
    earlier: list[tuple[str, int]]

    @property
    def number(self) -> int:
        return sum(count for _called, count in (*self.now, *self.earlier))


def find_places(*, registration: Registration, pk: int, words: str, by: User) -> Places:
    """Raises ``PermissionDenied`` for who does not answer for the place of the object."""
    now: Counter[str] = Counter()
    earlier: Counter[str] = Counter()
    for hit in hits(_reach(registration, pk, by), words, pattern_of(words)):
        called = capfirst(str(hit.model._meta.verbose_name_plural))
        (earlier if hit.is_version else now)[called] += hit.number
    return Places(sorted(now.items()), sorted(earlier.items()))


def _reach(registration: Registration, pk: int, by: User) -> Reach:
    reach = reach_of(registration, pk, by=by)
    if reach is None:
        raise PermissionDenied
    return reach


@transaction.atomic
def redact(*, registration: Registration, pk: int, words: str, reason: str, by: User) -> int:
    """Take the words out of all that belongs to the place of an object; returns from how many
    places.

    What is there counts up its version, so that a form that is open still cannot bring them back.
    Each object that held them says in its history who took them away, when, why and from which
    fields. Forms that wait for somebody to log in again lose them too. Raises
    ``PermissionDenied``; ``IntegrityError`` where two names would become one.
    """
    reach, pattern = _reach(registration, pk, by), pattern_of(words)
    found = list(hits(reach, words, pattern, locks=True))
    fields: dict[tuple[type[models.Model], int], set[str]] = defaultdict(set)
    for hit in found:
        values = {
            one.attname: without(getattr(hit.row, one.attname), pattern) for one in hit.fields
        }
        key = hit.row.id if hit.is_version else hit.row.pk
        fields[hit.model, key] |= {_name(one) for one in hit.fields}
        if hit.rewrite and not hit.is_version:
            hit.rewrite(row=hit.row, values=values, by=by, reason=reason)
        else:
            _write(hit, values)
        if hit.counts_up and not hit.is_version:
            for covering in hit.counts_up(hit.row):
                fields[type(covering), covering.pk] |= set()
                _count_up(covering)
    for (model, key), names in fields.items():
        if issubclass(model, Kept):
            _tell(model, key, names, reason, by)
    _from_unsent_forms(reach, pattern)
    number = sum(hit.number for hit in found)
    record = registration.model.history.filter(id=pk).latest()  # type: ignore[attr-defined]
    authority = authority_of(registration, record)
    keep(
        AuditKind.REDACTED,
        actor=by,
        about=f"{registration.key}:{pk}",
        authority=authority,
        places=number,
        fields=sorted(
            {f"{model.__name__}: {name}" for (model, _), ns in fields.items() for name in ns}
        ),
    )
    return number


def _from_unsent_forms(reach: Reach, pattern: re.Pattern[str]) -> None:
    """Of whoever sees the place: nobody else could send them to it."""
    sees: dict[int, bool] = {}

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        # What fields are called is nobody's text: "dag" may be a name.
        fields = [[name, without(value, pattern)] for name, value in kept["fields"]]
        clean = {**kept, "fields": fields}
        if clean == kept:
            return kept
        person = kept["person"]
        if person not in sees:
            user = User.objects.filter(pk=person).first()
            sees[person] = user is not None and all(
                seen_places(name, user).filter(pk=key).exists()
                for name, key in reach.lookups.items()
            )
        return clean if sees[person] else kept

    SessionStore.rewrite(KEPT, change)


def _count_up(row: Versioned) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(version=models.F("version") + 1)


def _name(one: Any) -> str:
    return str(one.verbose_name)


def _write(hit: Hit, values: dict[str, Any]) -> None:
    """By ``update``: a version of a row is written by nothing else, and the search hears of it."""
    if hit.is_version:
        type(hit.row)._base_manager.filter(pk=hit.row.pk).update(**values)
        return
    for one in hit.model._meta.concrete_fields:
        if isinstance(one, NameKeyField) and one.of in values:
            values[one.attname] = look_alike_key(values[one.of])
    if issubclass(hit.model, Versioned):
        values["version"] = models.F("version") + 1
    hit.model._default_manager.filter(pk=hit.row.pk).update(**values)


def _tell(model: type[Kept], key: int, names: set[str], reason: str, by: User) -> None:
    """An entry of its own in the history of what is still there."""
    row = model._default_manager.filter(pk=key).first()
    if row is not None:
        text = _("A text was taken away: %(reason)s")
        if names:
            text = _("A text was taken away (%(fields)s): %(reason)s")
        text %= {"fields": ", ".join(sorted(names)), "reason": reason}
        [made] = model.history.bulk_history_create(
            [row], update=True, default_user=by, default_change_reason=text
        )
        newest = model.history.filter(id=key).order_by("-history_date", "-history_id")
        model.history.filter(pk=(made.pk or newest[0].pk)).update(history_type=TAKEN_AWAY)
