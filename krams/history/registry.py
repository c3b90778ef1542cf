"""Whose history can be read, by whom, and which of their fields it tells.

A half says in its ``AppConfig.ready()`` which of its models can be read back, and for whom::

    from krams.history import queries, registry

    registry.register(
        Activity,
        key="registrering",                      # /historik/registrering/<pk>/
        visible=lambda user: Activity.objects.visible_to(user),
        without={"facility": registry.PARENT},              # what is not told, and why
        names={"started_at": _("time")},                    # where the model gives no name
        show={"factors": lambda letters: ...},              # optional: how a value reads
        lines=queries.Lines(PolicyGoal, of="policy", text="text"),  # optional: a list of its own
        places={"facility": "facility"},                    # in whose log of changes it stands
        titled="title",                                     # what names one of them there
        not_restored=_("Correct it in the log."),           # or restoring=Restoring(…)
    )

All fields of the model are told but those in ``without``: a new field is never forgotten. A
template links to it with ``url_for("history", "registrering", activity.pk)``. ``visible`` is a
QuerySet of the model; what is not in it answers 404. Fields that hold choices show their labels,
relations ``str()`` of what the reader may see (one query per relation that is told on the page).
The page's "back" link is the object's ``get_absolute_url``, where it has one. ``lines`` are rows of
their own that are saved together with the object: a change shows the whole list before and after
it. A save that changed nothing that is told is no entry (``krams.history.queries``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ..danish.names import NameKeyField

# What of a place a log of changes is about, as ``places`` names it.
PLACES = ("facility", "department", "authority", "cluster")
# Fields that name a row, the first of which a model has, unless ``titled`` says otherwise.
TITLES = ("title", "name", "heading", "text", "label")
# What was saved once: django-simple-history makes its models as it runs, and brings no types.
Record: TypeAlias = Any
AnyField: TypeAlias = "models.Field[Any, Any]"

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


class SavedWith(Protocol):
    """Rows of their own that are saved together with an object, and told as one list."""

    @property
    def label(self) -> str: ...

    def changes(self, subject: Record) -> Any:
        """What was saved of them, as :meth:`standing` takes it."""

    def standing(self, changes: Any, before: datetime | None) -> str:
        """The list as it was until ``before`` (None: as it is)."""


# What a save did beside the fields of an object: what it is called, what stood, what stands.
Beside = tuple[str, str, str]


@dataclass(frozen=True)
class Restored:
    """What was put back, and of what could not come along a sentence each, for the person."""

    row: Any
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restoring:
    """How an earlier version becomes a new change.

    ``fields`` are what is put back, ``editable`` the rows in which the person may do so. ``save``
    writes them where a row of its own is not all there is to it; it takes ``record`` (the earlier
    version), ``version`` (that of today which the person saw), ``values``, ``by`` and ``reason``,
    asks for the permission again and gives a :class:`Restored`. ``gone`` are the versions of rows
    that are no more that the person may read; where it is given, ``save`` brings those back too.
    """

    fields: tuple[str, ...]
    editable: Callable[..., models.QuerySet[Any]]
    save: Callable[..., Restored] | None = None
    gone: Callable[..., models.QuerySet[Any]] | None = None


@dataclass(frozen=True)
class Registration:
    model: type[models.Model]
    key: str
    visible: Callable[..., models.QuerySet[Any]]
    without: dict[str, str]
    names: dict[str, str | Promise]
    show: dict[str, Callable[..., str]]
    lines: SavedWith | None
    beside: Callable[[list[Record]], list[Beside | None]] | None
    called: str | Promise
    places: dict[str, str]
    titled: str
    own_rules: bool
    restoring: Restoring | None
    not_restored: Promise | None
    counts_up: Callable[..., Any] | None = None

    @property
    def fields(self) -> list[AnyField]:
        """What is told, in the order of the model."""
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.name not in INTERNAL | self.without.keys() and not isinstance(one, NameKeyField)
        ]

    def name_of(self, one: AnyField) -> str | Promise | None:
        """What people call a field; None where nobody has said so in words that are translated."""
        if name := self.names.get(one.name):
            return name
        if isinstance(one.verbose_name, Promise):
            return one.verbose_name
        if one.name in NAMES:
            return NAMES[one.name]
        related = one.related_model
        name = related._meta.verbose_name if related else None
        return name if isinstance(name, Promise) else None


REGISTRY: dict[str, Registration] = {}


def _nobody(registration: Registration, subject: Any, *, by: Any) -> bool:
    return False


# Who may take words out of an object: told by the subject that does so, which is above this one.
_may_take_away: list[Callable[..., bool]] = [_nobody]


def register_taking_away(may: Callable[..., bool]) -> None:
    """``may(registration, subject, by=user)`` says whether to offer it on the page of a history."""
    _may_take_away[:] = [may]


def may_take_away(registration: Registration, subject: Any, *, by: Any) -> bool:
    """Whether to offer it; who takes words away is asked again."""
    return _may_take_away[0](registration, subject, by=by)


# Beside "+", "~" and "-": a text was taken away from this and all earlier versions.
TAKEN_AWAY = "!"


@dataclass(frozen=True)
class Texts:
    """Texts that are told by no history of their own, such as the lines of a section.

    ``copies`` are of what others have written: a frozen edition, a document that was taken in.
    ``rewrite`` writes ``values`` into a row where an update is not all there is to it; it takes
    ``row``, ``values``, ``by`` and ``reason``. Only rows that are so as ``where`` says are meant;
    those that ``nobodys`` tells have lost their place, and go with any of the kind.
    """

    model: type[models.Model]
    places: dict[str, str]
    copies: bool = False
    rewrite: Callable[..., None] | None = None
    where: models.Q = field(default_factory=models.Q)
    counts_up: Callable[..., Any] | None = None
    nobodys: models.Q | None = None


TEXTS: list[Texts] = []


def register_texts(
    model: type[models.Model],
    *,
    places: dict[str, str],
    copies: bool = False,
    rewrite: Callable[..., None] | None = None,
    where: models.Q | None = None,
    counts_up: Callable[..., Any] | None = None,
    nobodys: models.Q | None = None,
) -> None:
    """Let texts of ``model`` be taken away together with those of the places that they belong to;
    ``places`` as of :func:`register`."""
    TEXTS.append(Texts(model, places, copies, rewrite, where or models.Q(), counts_up, nobodys))


def register(
    model: type[models.Model],
    *,
    key: str,
    visible: Callable[..., models.QuerySet[Any]],
    without: dict[str, str] | None = None,
    names: dict[str, str | Promise] | None = None,
    show: dict[str, Callable[..., str]] | None = None,
    lines: SavedWith | None = None,
    beside: Callable[[list[Record]], list[Beside | None]] | None = None,
    places: dict[str, str],
    titled: str = "",
    own_rules: bool = False,
    restoring: Restoring | None = None,
    not_restored: Promise | None = None,
    counts_up: Callable[..., Any] | None = None,
) -> None:
    """Let the history of ``model`` be read at ``/historik/<key>/<pk>/``.

    ``show`` gives a function from a field's value to text, ``beside`` what versions of one object
    did beside their fields. ``places`` leads from a saved version to the facility, department,
    authority and cluster that it belongs to ("id" for those of places themselves), ``titled`` to
    what names it. Earlier versions are put back as ``restoring`` says, or the page says why not:
    ``not_restored``, a sentence. ``counts_up`` gives the rows whose version covers a row, too. With
    ``own_rules`` fewer may see such a row than its place: once it is gone, nobody can be asked, and
    no log tells it. Raises ``ValueError`` for a key that another model has, a field or a model
    without a name, and where nothing or both is said of restoring; ``FieldDoesNotExist`` for an
    unknown field.
    """
    has = {one.name for one in model._meta.concrete_fields}
    found = Registration(
        model,
        key,
        visible,
        without or {},
        names or {},
        show or {},
        lines,
        beside,
        model._meta.verbose_name or "",
        places,
        titled or next(filter(has.__contains__, TITLES), ""),
        own_rules,
        restoring,
        not_restored,
        counts_up,
    )
    _check(found)
    REGISTRY[key] = found


def _check(found: Registration) -> None:
    model, restoring = found.model, found.restoring
    if (taken := REGISTRY.get(found.key)) and taken.model is not model:
        raise ValueError(f"The history key {found.key!r} is taken by {taken.model.__name__}.")
    if unknown := found.places.keys() - set(PLACES):
        raise ValueError(f"{model.__name__}: no place is called {unknown}.")
    restored = restoring.fields if restoring else ()
    for name in (*found.without, *found.names, *found.show, *restored):
        model._meta.get_field(name)
    if (restoring is None) == (found.not_restored is None):
        raise ValueError(f"{model.__name__}: say how it is restored, or why it is not.")
    unnamed = [one.name for one in found.fields if found.name_of(one) is None]
    if unnamed or not isinstance(found.called, Promise):
        raise ValueError(f"{model.__name__}: give names to {unnamed or 'the model'}.")
