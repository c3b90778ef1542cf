"""The table of who may do what, as documentation.

    .venv/bin/python scripts/access.py            writes docs/access.md
    .venv/bin/python scripts/access.py --check    exits with 1 where the document says otherwise

It is made of ``krams/roles/permissions.py`` and the ``addresses.py`` of each room;
``tests/access/test_sweep.py`` proves that the portal does so.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krams.settings")
os.environ.setdefault("DEBUG", "1")

import django  # noqa: E402

django.setup()

from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402
from django.utils import translation  # noqa: E402

from clusters.addresses import ADDRESSES as CLUSTERS  # noqa: E402
from initiatives.addresses import ADDRESSES as INITIATIVES  # noqa: E402
from krams.addresses import ADDRESSES as KERNEL  # noqa: E402
from krams.enums import Role  # noqa: E402
from krams.roles.permissions import PERMISSIONS, Permission, Rule  # noqa: E402
from krams.roles.rules import GRANTS, Held, Kind  # noqa: E402
from scripts.documents import write_or_check  # noqa: E402

DOCUMENT = ROOT / "docs" / "access.md"
HEAD = (
    "# Who may do what\n\n<!-- made by scripts/access.py; do not edit -->\n\n"
    "A person has roles, each at one place: a facility, a department, an authority (a municipality"
    " or a region), a cluster, or an authority's column in one cluster. A role counts there and at"
    " the places below, from its first to its last day. Roles add up. Whoever is deactivated, or"
    " whose role has ended, is out at the next request.\n\n"
    "Access is decided in the queries that read and write, not by this table. It is held to the"
    " truth by `tests/access/test_sweep.py`, which asks every address as everybody: each role at"
    " each kind of place, there, beside it and elsewhere; roles that have ended; accounts that are"
    " deactivated; nobody. What one may not see is 404, what one may only read 403. Without a"
    " log-in every page but the public ones leads to the log-in (to what htmx asks: 401).\n\n"
)
PLACES = {kind: f"a {kind}" for kind in Kind} | {Kind.AUTHORITY: "an authority"}


def routes() -> dict[str, str]:
    """Every address by name, or without one by its route: its route."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else route), route
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)


def roles_table() -> Iterator[str]:
    """Permission × role: the kinds of places at which a role gives it."""
    yield "| permission | " + " | ".join(role.value for role in Role) + " | without it |"
    yield "|---|" + "---|" * (len(Role) + 1)
    for one in PERMISSIONS:
        cells = [_places(one, role) for role in Role]
        yield f"| {one.name} | " + " | ".join(cells) + f" | {_without(one)} |"


def _places(one: Permission, role: Role) -> str:
    if one.for_strangers or one.for_everybody:
        return "yes"
    held = [kind.value for kind in Kind if Held(role, kind) in one.holders]
    return ", ".join(held) + (" (any)" if held and one.about is None else "")


def _without(one: Permission) -> str:
    if one.for_strangers:
        return ""
    if one.for_everybody:
        return "log-in"
    outer = f"; without “{one.within.name}” {one.within.refused}" if one.within else ""
    return f"{one.refused}{outer}"


def grants_table() -> Iterator[str]:
    """Who gives which role where, from ``krams.roles.rules``."""
    yield "| who | gives |"
    yield "|---|---|"
    for own, given in GRANTS.items():
        told = sorted(f"{one.role} of {PLACES[one.kind]}" for one in given)
        yield f"| {own.role} of {PLACES[own.kind]} | {', '.join(told)} |"


def addresses_table(rules: dict[str, Rule]) -> Iterator[str]:
    """Address × permission to read and to write."""
    known = routes()
    yield "| address | read | write | remark |"
    yield "|---|---|---|---|"
    for key, rule in rules.items():
        name, _, about = key.partition("#")
        route = known.get(name, "admin/…" if name == "admin:*" else name)
        shown = "/" + route.replace("|", "\\|") + (f" ({about})" if about else "")
        read, write = (one.name if one else "–" for one in (rule.read, rule.write))
        yield f"| `{shown}` | {read} | {write} | {rule.why} |"


def document() -> str:
    with translation.override("en"):
        parts = [
            HEAD,
            "## Permissions\n\nIn the columns of the roles: at which kinds of places the role gives"
            " the permission. Superusers have all but those of one's own: changing what oneself has"
            " written, and speaking in a cell for a column or a cluster.\n\n",
            _lines(roles_table()),
            "\n## Who gives roles\n\n",
            _lines(grants_table()),
        ]
        for title, rules in (
            ("The kernel", KERNEL),
            ("The KRAMS half", INITIATIVES),
            ("The cluster half", CLUSTERS),
        ):
            parts += [f"\n## Addresses: {title}\n\n", _lines(addresses_table(rules))]
    return "".join(parts)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def main(arguments: list[str]) -> int:
    return write_or_check({DOCUMENT: document()}, arguments, by="scripts/access.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
