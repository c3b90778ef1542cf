"""How often one may ask for what costs much, as documentation.

    .venv/bin/python scripts/limits.py            writes docs/limits.md
    .venv/bin/python scripts/limits.py --check    exits with 1 where the document says otherwise

It is made of ``krams/limits/table.py``; ``tests/krams/limits`` proves that the portal does so.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from krams.limits.table import FORMS, LIMITS, NEVER, READ, WRITE, Limit  # noqa: E402
from scripts.access import routes  # noqa: E402 (sets Django up)
from scripts.documents import write_or_check  # noqa: E402

DOCUMENT = ROOT / "docs" / "limits.md"
HEAD = """# How often one may ask

<!-- made by scripts/limits.py of krams/limits/table.py; do not edit -->

What costs much is counted: by account, and where nobody is logged in by the address in the \
network (of IPv6 the first 64 bits), which is kept as a hash. Who is logged in is never counted \
with the others behind the same address, so a town hall is not told to wait for one of its people.

Each limit is a bucket: so many times at once, and they come back evenly, so that no minute begins \
at which everything is allowed again. What has the same limit is counted together. One too many is \
answered by a page with status 429, which says in how many seconds to try again (`Retry-After`); a \
form that was sent stands there, ready to be sent again. The log has a line with the name of the \
limit and the account, and nothing of what was asked.

The count stands in the table of the shared cache, so that it holds over all processes and \
machines, and is gone when the bucket is full. It is one statement of the database, of these \
addresses alone. \
`RATE_LIMITS=0` counts nothing. Log-ins and links to new passwords have limits of their own: \
[log-in.md](log-in.md). How large a file or a form may be: `krams/settings/trust.py` and \
`krams/uploads/`.

"""


def limits_table() -> Iterator[str]:
    yield "| limit | at once | one comes back every | why |"
    yield "|---|---|---|---|"
    for one in LIMITS:
        every = one.seconds / one.times
        yield f"| {one.name} | {one.times} | {every:g} s | {one.why} |"


def addresses_table(known: dict[str, str], of: Limit) -> Iterator[str]:
    for verb, table in (("read", READ), ("sent to", WRITE)):
        for name, limit in table.items():
            if limit is of:
                yield f"| `/{known[name]}` | {verb} |"


def document() -> str:
    known = routes()
    parts = [HEAD, *(f"{line}\n" for line in limits_table())]
    for one in LIMITS:
        parts.append(f"\n## {one.name.capitalize()}\n\n")
        if one is FORMS:
            out = ", ".join(f"`{name}`" for name in sorted(NEVER))
            parts.append(
                "Whatever somebody who is logged in sends to any other address, but for the ways"
                f" out and what keeps a log-in alive ({out}).\n"
            )
            continue
        parts.append("| address | |\n|---|---|\n")
        parts += [f"{line}\n" for line in addresses_table(known, one)]
    return "".join(parts)


def main(arguments: list[str]) -> int:
    return write_or_check({DOCUMENT: document()}, arguments, by="scripts/limits.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
