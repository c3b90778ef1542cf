"""A place at which somebody has a role, as pages and addresses name it. Pure."""

import re
from dataclasses import dataclass
from typing import Any

from .rules import Kind

WORDS = {
    Kind.FACILITY: "botilbud",
    Kind.DEPARTMENT: "afdeling",
    Kind.AUTHORITY: "myndighed",
    Kind.CLUSTER: "klynge",
    Kind.COLUMN: "felter",
}
_WRITTEN = re.compile(r"(\w+?)-([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?")


@dataclass(frozen=True)
class Place:
    """``pk`` is the row's; of a column it is its authority's, and ``within`` is the cluster's."""

    kind: Kind
    pk: int
    within: int | None = None

    def __str__(self) -> str:
        """As an address says it: ``botilbud-12``, ``felter-4-2``."""
        tail = f"-{self.within}" if self.within else ""
        return f"{WORDS[self.kind]}-{self.pk}{tail}"

    @property
    def field(self) -> str:
        """Which column of a role's row holds it."""
        return Kind.AUTHORITY.value if self.kind is Kind.COLUMN else self.kind.value

    @property
    def columns(self) -> dict[str, int | None]:
        """What a role's row holds for the place, also where it is empty."""
        scopes = (Kind.FACILITY, Kind.DEPARTMENT, Kind.AUTHORITY, Kind.CLUSTER)
        found: dict[str, int | None] = {f"{scope}_id": None for scope in scopes}
        return found | {f"{self.field}_id": self.pk, "within_id": self.within}


def read(text: str) -> Place:
    """The reverse of ``str``. Raises ``ValueError`` for anything else."""
    found = _WRITTEN.fullmatch(text)
    kinds = {word: kind for kind, word in WORDS.items()}
    if found is None or found[1] not in kinds:
        raise ValueError("no place")
    kind = kinds[found[1]]
    if (kind is Kind.COLUMN) != (found[3] is not None):
        raise ValueError("no place")
    return Place(kind, int(found[2]), int(found[3]) if found[3] else None)


def of(row: Any) -> Place:
    """The place of a role or an invitation."""
    if row.within_id:
        return Place(Kind.COLUMN, row.authority_id, row.within_id)
    for kind in (Kind.FACILITY, Kind.DEPARTMENT, Kind.AUTHORITY, Kind.CLUSTER):
        if pk := getattr(row, f"{kind}_id"):
            return Place(kind, pk)
    raise ValueError("a role without a place")
