#!/usr/bin/env python3
"""Compare ways to compress the pages: bytes, and processor time a page.

    .venv/bin/python scripts/compression.py [further.html …]

Takes every page of ``tests/pages.py`` from the demo as ``lighthouse.py`` serves it; a file that is
named is a group of its own. A time is the least of many, so that what else the machine does counts
little. Prints a table for docs/frontend.md; ``krams/web/compression.py`` says what was chosen.
"""

import argparse
import gzip
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from urllib.parse import quote

import brotli
from lighthouse import portal

ROUNDS = 40
# By size of the page, in bytes.
GROUPS = {"short": range(12_000), "middle": range(12_000, 40_000), "long": range(40_000, 10**9)}
Way = Callable[[bytes], bytes]


def brotli_at(quality: int, window_bits: int) -> Way:
    """As the portal does it: flushed, so that padding may follow."""

    def compress(page: bytes) -> bytes:
        made = brotli.Compressor(mode=brotli.MODE_TEXT, quality=quality, lgwin=window_bits)
        return made.process(page) + made.flush() + made.finish()

    return compress


WAYS: dict[str, Way] = {
    "gzip 4": lambda page: gzip.compress(page, 4, mtime=0),
    "gzip 6": lambda page: gzip.compress(page, 6, mtime=0),
    "Brotli 3": brotli_at(3, 16),
    "Brotli 4": brotli_at(4, 16),
    "Brotli 5": brotli_at(5, 16),
    "Brotli 5, window of 4 MB": brotli_at(5, 22),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="pages that were saved, plain")
    given = parser.parse_args()
    pages = pages_of_demo()
    groups = {
        name: [page for page in pages if len(page) in sizes] for name, sizes in GROUPS.items()
    } | {file.stem: [file.read_bytes()] for file in given.files}
    groups = {name: group for name, group in groups.items() if group}
    print(f"| | {' | '.join(title(name, group) for name, group in groups.items())} |")
    print(f"|---|{'---:|' * len(groups)}")
    least: dict[tuple[str, str], float] = {}
    for _round in range(ROUNDS):
        for way, compress in WAYS.items():
            for name, group in groups.items():
                spent = time_of(compress, group)
                least[way, name] = min(spent, least.get((way, name), spent))
    for way, compress in WAYS.items():
        cells = [
            f"{mean(len(compress(page)) for page in group):,.0f} B, {least[way, name]:.2f} ms"
            for name, group in groups.items()
        ]
        print(f"| {way} | {' | '.join(cells)} |")


def title(name: str, group: list[bytes]) -> str:
    return f"{name}: {len(group)}, {mean(map(len, group)) / 1000:.0f} kB"


def time_of(compress: Way, group: list[bytes]) -> float:
    """Milliseconds a page."""
    started = time.process_time()
    for page in group:
        compress(page)
    return (time.process_time() - started) / len(group) * 1000


def pages_of_demo() -> list[bytes]:
    pages = []
    with portal() as (address, facts):
        for name, path in facts["paths"].items():
            session = facts["sessions"].get(name.split()[0], "")
            headers = {"Cookie": f"sessionid={session}"} if session else {}
            # A query stands there as people write it.
            escaped = quote(path, safe="/?&=%")
            request = urllib.request.Request(address + escaped, headers=headers)
            try:
                with urllib.request.urlopen(request) as answer:
                    pages.append(answer.read())
            except urllib.error.HTTPError as refusal:
                pages.append(refusal.read())
    return pages


if __name__ == "__main__":
    main()
