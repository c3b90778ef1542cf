"""What happens when something dies while people write: workers, the database, the disk, the power.

    .venv/bin/python scripts/drill.py               all of it, a quarter of an hour
    .venv/bin/python scripts/drill.py --quick       each part briefly
    .venv/bin/python scripts/drill.py full-disk-sqlite power-sqlite    some of it
    .venv/bin/python scripts/drill.py --list        what there is

Prints a table (Markdown), and below it what was lost or broken, if anything was; the exit code is 1
then. Figures of one run stand in docs/drill.md. Needs PostgreSQL's own programs, and the right to
mount for the parts about the disk and the power.
"""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krams.settings")
os.environ.setdefault("DEBUG", "1")

import django  # noqa: E402

django.setup()

from tests.scale.drill import parts  # noqa: E402
from tests.scale.drill.parts import Result  # noqa: E402

HEAD = (
    "| what | requests | acknowledged | lost | broken | no answer | refused (503) | a second away |"
    " half of them within | slowest | bare 500 | lock errors | |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"
)
# Each in full, and briefly.
PARTS: dict[str, tuple[Callable[[], Result], Callable[[], Result]]] = {
    "workers-postgresql": (
        parts.workers_on_postgresql,
        partial(parts.workers_on_postgresql, times=3),
    ),
    "workers-sqlite": (parts.workers_on_sqlite, partial(parts.workers_on_sqlite, times=3)),
    "restart-fast": (parts.restarts_fast, partial(parts.restarts_fast, times=1)),
    "restart-immediate": (parts.restarts_immediate, partial(parts.restarts_immediate, times=1)),
    "writers-sqlite": (parts.writers_on_sqlite, partial(parts.writers_on_sqlite, seconds=5)),
    "writers-sqlite-normal": (
        partial(parts.writers_on_sqlite, synchronous="NORMAL"),
        partial(parts.writers_on_sqlite, synchronous="NORMAL", seconds=5),
    ),
    "full-disk-sqlite": (parts.full_disk_of_sqlite, partial(parts.full_disk_of_sqlite, seconds=4)),
    "full-disk-postgresql": (
        parts.full_disk_of_postgresql,
        partial(parts.full_disk_of_postgresql, seconds=4),
    ),
    "power-sqlite": (parts.power_of_sqlite, partial(parts.power_of_sqlite, seconds=5)),
    "power-postgresql": (parts.power_of_postgresql, partial(parts.power_of_postgresql, seconds=5)),
    # What the portal would lose with the setting that it had: no part of the drill.
    "power-sqlite-normal": (
        partial(parts.power_of_sqlite, synchronous="NORMAL"),
        partial(parts.power_of_sqlite, synchronous="NORMAL", seconds=5),
    ),
}
FOR_COMPARISON = {"power-sqlite-normal", "writers-sqlite-normal"}


def line(result: Result) -> str:
    tally = result.tally
    cells = [
        tally.requests,
        tally.acknowledged,
        len(result.found.lost),
        len(result.found.broken),
        tally.cut,
        tally.refused,
        f"{result.refused_a_second:.1f}" if result.down else "",
        f"{tally.half_within:.2f} s" if tally.refused else "",
        f"{tally.slowest:.2f} s" if tally.refused else "",
        len(tally.bare),
        result.locks,
        ", ".join(f"{name}: {value}" for name, value in result.more.items()),
    ]
    return f"| {result.name} | {' | '.join(map(str, cells))} |"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help="all where none is named")
    parser.add_argument("--quick", action="store_true", help="each part briefly")
    parser.add_argument("--list", action="store_true", help="the names of the parts")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if options.list:
        print("\n".join(PARTS))
        return 0
    print(HEAD, flush=True)
    wrong = []
    for name in options.parts or PARTS:
        result = PARTS[name][options.quick]()
        print(line(result), flush=True)
        if name not in FOR_COMPARISON:
            wrong += [f"{name}: {one}" for one in result.wrong()]
    print("\n".join(["", *wrong]) if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
