"""Which activity types a municipality offers, of those that it could. Pure."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar


class Kind(Protocol):
    """An activity type as it is chosen: a row of its model, or an ``OfferedType``."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def factors(self) -> str: ...


class OfferedType(NamedTuple):
    """A type that can be chosen; ``uses`` is how often it was registered lately, where asked."""

    pk: int
    name: str
    factors: str
    municipality_id: int | None
    name_key: str
    copied_from_id: int | None
    uses: int = 0


class OfMunicipality(Protocol):
    """``municipality_id`` is None for the common ones."""

    @property
    def municipality_id(self) -> int | None: ...


T = TypeVar("T", bound=OfMunicipality)


def own_or_common(kinds: Iterable[T]) -> list[T]:
    """The municipality's own; before it has made any, the common Danish defaults."""
    kinds = list(kinds)
    return [kind for kind in kinds if kind.municipality_id] or kinds
