"""Which roles an organisation's claims give, by the file that ``LOGIN_ROLES`` names. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..enums import Role

PLACES = ("facility", "department", "municipality", "region", "cluster")


@dataclass(frozen=True)
class Mapped:
    """Who has ``value`` in the claim has ``role`` at a place, named by what identifies it.

    ``cluster`` beside an authority is the column that it has there.
    """

    value: str
    role: Role
    facility: str = ""
    department: str = ""
    municipality: str = ""
    region: str = ""
    cluster: str = ""

    def __str__(self) -> str:
        where = ", ".join(f"{name} {found}" for name in PLACES if (found := getattr(self, name)))
        return f"{self.role} at {where}"


def mapping(entries: Iterable[Mapping[str, str]]) -> list[Mapped]:
    """Of the entries that ``Env.claim_roles`` has let through."""
    return [
        Mapped(
            value=one["value"],
            role=Role(one["role"]),
            **{name: one[name] for name in PLACES if name in one},
        )
        for one in entries
    ]


def values(claims: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """What the claim holds; nothing where it is missing. "realm_access.roles" is one within one.

    None where the provider says that it left the values out because they were too many (Entra ID:
    above 200 groups): then nobody knows what they are.
    """
    if name not in claims and _left_out(claims, name):
        return None
    found: Any = claims.get(name)
    if name not in claims:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list | tuple):
        return frozenset()
    return frozenset(str(one) for one in found if isinstance(one, str | int))


def _left_out(claims: Mapping[str, Any], name: str) -> bool:
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, Mapping) and name in elsewhere
    return is_elsewhere or (name == "groups" and claims.get("hasgroups") in (True, "true"))


def given(entries: Iterable[Mapped], held: frozenset[str]) -> list[Mapped]:
    return [one for one in entries if one.value in held]
