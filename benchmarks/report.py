"""What was measured as tables: on the screen, and as a part of docs/benchmark.md."""

import datetime as dt
import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from .clerk import Facts
from .compare import Comparison, Measured
from .figures import number, ratio
from .growth import Grown
from .load import MIX, Load
from .memory import Reading, growth_of_second_half

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmark.md"
MOST_QUERIES = 8
KB, KB_LARGE = 10, 30
MOST_GROWTH = 1.15
MOST_MEMORY = 120
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
        number(median(one.portal.rounds.cpu)),
        number(median(one.floor.rounds.cpu)),
        str(half),
        number(median(one.portal.rounds.percentiles(50))),
        str(most),
        number(median(one.portal.rounds.percentiles(99))),
        f"{one.exchange.queries}{_mark(one.exchange.queries <= MOST_QUERIES)}",
        *(_kilobytes(one, encoding) for encoding in one.weights),
    ]


def _mark(reached: bool) -> str:
    return "" if reached else " ✗"


def _kilobytes(one: Measured, encoding: str) -> str:
    weight = one.weights[encoding]
    if weight is None:
        return "–"
    most = KB_LARGE if one.exchange.page.key == "matrix_large" else KB
    has_goal = encoding != "identity" and one.exchange.page.goal
    return f"{weight / 1000:.1f}{_mark(not has_goal or weight <= most * 1000)}"


def _beside_the_peer(pages: list[Measured]) -> list[str]:
    by_key = {one.exchange.page.key: one for one in pages}
    if PEER not in by_key:
        return []
    peer = by_key[PEER].portal.rounds.percentiles(50)
    lines = ["", "Beside Django's admin list of the same registrations (p50):", ""]
    for key in ("log", "today"):
        if key in by_key:
            beside = ratio(by_key[key].portal.rounds.percentiles(50), peer)
            lines.append(f"- {by_key[key].exchange.page.title}: {beside} ×")
    return lines


def grown(found: list[Grown]) -> str:
    """The table of the pages on the small and the large database."""
    head = ("page", "CPU ×", "p50 ×", "goal", "CPU ms, small", "large", "p50 ms, small", "large")
    rows = [
        [
            one.title + ("" if one.is_same_place else " (other place)"),
            str(one.cpu),
            str(one.half),
            _goal_of(one),
            *(number(median(side.rounds.cpu)) for side in (one.small, one.large)),
            *(number(median(side.rounds.percentiles(50))) for side in (one.small, one.large)),
        ]
        for one in found
    ]
    return table(head, rows)


def loaded(found: Load) -> str:
    """What a portal carried: requests, and how long each kind of them took."""
    order = found.order
    way = f"{order.rate:g} requests a second begun" if order.rate else "as many as were answered"
    database = "" if found.database is None else f", of PostgreSQL {number(found.database)} ms"
    rows = [
        [
            key,
            f"{len(found.latencies[key]) / found.requests:.0%}",
            *(number(found.percentile(percent, key)) for percent in (50, 95, 99)),
        ]
        for key in MIX
    ]
    everything = ["all", "100%", *(number(found.percentile(percent)) for percent in (50, 95, 99))]
    return "\n".join(
        [
            f"{found.requests} requests in {found.seconds:.0f} s:"
            f" **{number(found.rate)} a second** ({order.people} people at {order.facilities}"
            f" facilities, {way}).",
            f"CPU a request: of the workers {number(found.workers)} ms{database}.",
            "",
            table(("request", "share", "p50 ms", "p95 ms", "p99 ms"), [*rows, everything]),
        ]
    )


def _goal_of(one: Grown) -> str:
    if not one.small.exchange.page.goal:
        return ""
    return f"≤ {MOST_GROWTH}{_mark(max(one.cpu.value, one.half.value) <= MOST_GROWTH)}"


def remembered(readings: list[Reading]) -> str:
    """The table of the memory after so many requests."""
    rows = [[f"{one.requests:,}", f"{one.megabytes:.1f}"] for one in readings]
    last, more = readings[-1].megabytes, growth_of_second_half(readings)
    said = (
        f"{last:.0f} MB (≤ {MOST_MEMORY}{_mark(last <= MOST_MEMORY)});"
        f" {more:+.1f} MB in the second half of the requests."
    )
    return f"{table(('requests', 'MB'), rows)}\n\n{said}"


def machine(facts: Facts) -> str:
    """Where and when it was measured, and how busy the machine was with other things."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "gunicorn"))
    return (
        f"{dt.date.today():%Y-%m-%d}; {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of"
        f" memory, load average {os.getloadavg()[2]:.1f} at the end; {platform.system()},"
        f" Python {platform.python_version()}, {packages}, {facts.database};"
        f" {facts.facilities:,} facilities, {facts.activities:,} registrations."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


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
