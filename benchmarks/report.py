"""What was measured as tables: on the screen, and as a part of docs/benchmark.md."""

import datetime as dt
import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from .compare import Comparison, Measured
from .figures import number, ratio

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmark.md"
MOST_QUERIES = 8
KB, KB_LARGE = 10, 30
PEER = "peer"
COLUMNS = (
    *("page", "CPU ×", "goal", "CPU ms", "floor ms", "p50 ×", "p50 ms", "p99 ×", "p99 ms"),
    *("SQL", "kB", "gzip", "brotli"),
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table whose columns also line up as plain text; the first is left-aligned."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(3, *(len(line[place]) for line in lines)) for place in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def padded(line: Sequence[str]) -> str:
        first, *others = zip(line, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
        return f"| {' | '.join(cells)} |"

    return "\n".join(map(padded, [lines[0], rule, *lines[1:]]))


def compared(found: Comparison) -> str:
    """The table of the pages, and what stands below it."""
    parts = [table(COLUMNS, map(_row, found.pages)), ""]
    parts += [f"Missing here: {', '.join(found.missing)}."] if found.missing else []
    memory = found.portal_memory / found.floor_memory
    parts.append(
        f"Memory of the worker afterwards: {found.portal_memory:.0f} MB,"
        f" {number(memory)} × the floor's {found.floor_memory:.0f} MB."
    )
    parts += _beside_the_peer(found.pages)
    return "\n".join(parts)


def _row(one: Measured) -> list[str]:
    page = one.exchange.page
    cpu, half, most = one.cpu, one.percentile(50), one.percentile(99)
    return [
        page.title,
        str(cpu),
        f"≤ {page.goal:g}{_mark(cpu.value <= page.goal)}" if page.goal else "",
        number(median(one.portal.cpu)),
        number(median(one.floor.cpu)),
        str(half),
        number(median(one.portal.percentiles(50))),
        str(most),
        number(median(one.portal.percentiles(99))),
        f"{one.exchange.queries}{_mark(one.exchange.queries <= MOST_QUERIES)}",
        *(_kilobytes(one, weight) for weight in (one.plain, one.gzip, one.brotli)),
    ]


def _mark(reached: bool) -> str:
    return "" if reached else " ✗"


def _kilobytes(one: Measured, weight: int | None) -> str:
    if weight is None:
        return "–"
    most = KB_LARGE if one.exchange.page.key == "matrix_large" else KB
    is_compressed = weight != one.plain
    return f"{weight / 1000:.1f}{_mark(weight <= most * 1000 or not is_compressed)}"


def _beside_the_peer(pages: list[Measured]) -> list[str]:
    by_key = {one.exchange.page.key: one for one in pages}
    if PEER not in by_key:
        return []
    peer = by_key[PEER].portal.percentiles(50)
    lines = ["", "Beside Django's admin list of the same registrations (p50):", ""]
    for key in ("log", "today"):
        if key in by_key:
            beside = ratio(by_key[key].portal.percentiles(50), peer)
            lines.append(f"- {by_key[key].exchange.page.title}: {beside} ×")
    return lines


def machine(database: str, activities: int) -> str:
    """Where and when it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "gunicorn"))
    return (
        f"{dt.date.today():%d.%m.%Y}; {os.cpu_count()} cores ({platform.machine()}),"
        f" {memory:.0f} GB of memory; Python {platform.python_version()}, {packages}, {database};"
        f" {activities:,} registrations."
    )


def write_section(heading: str, text: str, file: Path = DOCUMENT) -> None:
    """Put a section in the document in place of the one with its heading, or at the end.

    Raises ``FileNotFoundError`` where there is no document: its introduction is written by hand.
    """
    whole = file.read_text()
    section = f"## {heading}\n\n{text.strip()}\n"
    found = re.search(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", whole, re.MULTILINE | re.DOTALL)
    if found:
        whole = whole[: found.start()] + section + "\n" + whole[found.end() :]
    else:
        whole = f"{whole.rstrip()}\n\n{section}"
    file.write_text(whole.rstrip() + "\n")
