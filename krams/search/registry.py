"""What can be found: each subject says so of its models, once for finding, showing and keeping.

A half registers its kinds in its ``AppConfig.ready()`` (``krams.search.actions.register``), and
the places that a person reaches (``register_scope``).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from ..people.models import User

Visible: TypeAlias = Callable[[User], QuerySet[Any]]
# A path from the row to a value, or an expression for it.
Column: TypeAlias = str | Combinable
# Whose an entry is that everybody may see.
PUBLIC = ""
# What has a name of its own, what is written about it, and what is written day by day.
NAMED, WRITTEN, LOGGED = range(3)
TIER = 1_000_000
LAST_DAY = dt.date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown of one row that was found; ``name`` is the field that holds the hit."""

    pk: int
    title: str
    place: str
    day: dt.date | None
    slug: str
    also_slug: str
    owner: int | None
    called: str
    name: str = ""


@dataclass(frozen=True)
class Kind:
    """Rows whose ``texts`` are found; the first is their title where they are ``named``.

    ``visible`` is what of it the person may see: nothing else is ever shown. ``scope`` leads to
    whose it is, by the name of a registered scope: the first that is not null; rows never move.
    ``standing`` are the rows that can be found at all. ``computed`` are texts and columns that are
    no field. ``follows`` names foreign keys to rows of which this kind has texts too, and these.

    The other columns lead to what a hit shows and where it leads: ``of`` is the key of what it
    belongs to, ``also`` stands for the place where that is empty, ``called`` is a code for what it
    is, which ``names`` gives words to. ``newest`` is
    the day by which candidates are taken, where it is not the ``day`` that is shown.
    """

    key: str
    model: type[Model]
    label: str | Promise
    visible: Visible
    texts: tuple[str, ...]
    url: Callable[[Row], str]
    title: Column
    scope: dict[str, str]
    tier: int = NAMED
    named: bool = True
    place: Column = ""
    also: Column = ""
    day: str = ""
    newest: str = ""
    slug: Column = ""
    also_slug: Column = ""
    of: str = ""
    called: str = ""
    names: Callable[[str], str | Promise] = str
    standing: Q = field(default_factory=Q)
    computed: "dict[str, Any]" = field(default_factory=dict)
    follows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Whether a new row may hold a text; asked without a query.
    may_hold: Callable[[Any], bool] | None = None

    @property
    def reads(self) -> frozenset[str]:
        """The fields of the model that decide what its entries say."""
        known = {one.name for one in self.model._meta.concrete_fields}
        paths = [*self.texts, *self.scope.values(), self.newest or self.day, *_asked(self.standing)]
        paths += [name for one in self.computed.values() for name in _named(one)]
        firsts = {path.split("__")[0] for path in paths if path} | set(self.follows)
        return frozenset(
            self.model._meta.get_field(one).name
            for one in firsts
            if one in known or one.removesuffix("_id") in known
        )

    def holds_text(self, row: Model) -> bool:
        if self.may_hold:
            return self.may_hold(row)
        return any(getattr(row, name) for name in self.texts)


def precedence_of(kind: Kind, day: dt.date | None) -> int:
    """What has a name first, what is logged last, and of one sort the newest first."""
    days = (LAST_DAY - day).days if day else 0
    return kind.tier * TIER + max(0, min(days, TIER - 1))


KINDS: dict[str, Kind] = {}
SCOPES: dict[str, Visible] = {}
# Found beside what the database holds: public, and few.
Page: TypeAlias = tuple[str, str, str]  # title, text, address
PAGES: list[tuple[str | Promise, Callable[[], list[Page]]]] = []


def add(kind: Kind) -> None:
    """Raises ``ValueError`` for a key that another model has, for one that is not small letters
    alone (which all databases put in one order), and for a scope that nobody knows."""
    if not (kind.key.isascii() and kind.key.isalpha() and kind.key.islower()):
        raise ValueError(f"{kind.key!r} is not small letters alone.")
    if kind.key in KINDS and KINDS[kind.key].model is not kind.model:
        raise ValueError(f"{kind.key!r} is found as {KINDS[kind.key].model.__name__} already.")
    if missing := kind.scope.keys() - SCOPES.keys():
        raise ValueError(f"{kind.key}: nobody knows who reaches {', '.join(missing)}.")
    KINDS[kind.key] = kind


def register_scope(name: str, visible: Visible) -> None:
    """``visible`` gives at least the places whose rows the person may see."""
    SCOPES[name] = visible


def register_pages(label: str | Promise, pages: Callable[[], list[Page]]) -> None:
    """Pages that everybody may read, in the language that is asked in."""
    PAGES.append((label, pages))


def _asked(condition: Q) -> list[str]:
    children: list[Any] = condition.children
    return [
        name
        for child in children
        for name in (_asked(child) if isinstance(child, Q) else [child[0]])
    ]


def _named(expression: Any) -> list[str]:
    """The paths that an expression reads."""
    if isinstance(expression, F):
        # The types of Django do not say so.
        name: str = expression.name  # type: ignore[attr-defined]
        return [name]
    if isinstance(expression, Q):
        return _asked(expression)
    return [
        name
        for one in getattr(expression, "get_source_expressions", list)()
        if one is not None
        for name in _named(one)
    ]
