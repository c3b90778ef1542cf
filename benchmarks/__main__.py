"""What each page of the portal costs beside the floor, on the database of DATABASE_URL.

Starts the portal and the floor under gunicorn, asks both in turn, and prints a table. A run of all
pages writes it into docs/benchmark.md too. Forms are sent: name a database that is yours to write.
"""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from typing import NoReturn

from . import report
from .bench import Bench, NoSuchPage, Options
from .clerk import Facts
from .compare import compare
from .growth import grow
from .load import Failed, Order, put_under_load
from .memory import watch
from .profile_page import profile


def main() -> int:
    # Whoever is told to end ends the servers too.
    signal.signal(signal.SIGTERM, _end)
    arguments = _parser().parse_args()
    try:
        if arguments.command == "growth":
            return _growth(arguments)
        if not arguments.database:
            print("Say which database: DATABASE_URL or --database.", file=sys.stderr)
            return 2
        if arguments.command == "memory":
            return _memory(arguments)
        if arguments.command == "load":
            return _load(arguments)
        if arguments.profile:
            return profile(arguments.database, arguments.profile, arguments.requests)
        return _pages(arguments)
    except NoSuchPage as error:
        print(f"No such page: {error}", file=sys.stderr)
        return 2
    except Failed as error:
        print(error, file=sys.stderr)
        return 1


def _pages(arguments: argparse.Namespace) -> int:
    options = Options(arguments.database, arguments.pages, arguments.encoding)
    with Bench(options, _say) as bench:
        found = compare(bench, arguments.rounds, arguments.requests)
        facts = bench.clerks["portal"].facts()
    _tell(arguments, f"Pages on {facts.database.split()[0]}", facts, report.compared(found))
    return 0


def _growth(arguments: argparse.Namespace) -> int:
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(Bench(Options(url, arguments.pages, with_floor=False), _say))
            for url in (arguments.small, arguments.large)
        )
        found = grow(one, other, arguments.rounds, arguments.requests)
        small, large = (bench.clerks["portal"].facts() for bench in (one, other))
    text = f"From {small.activities:,} registrations to {large.activities:,}."
    _tell(arguments, "Growth", large, f"{text}\n\n{report.grown(found)}")
    return 0


def _memory(arguments: argparse.Namespace) -> int:
    options = Options(arguments.database, arguments.pages, with_floor=False)
    with Bench(options, _say) as bench:
        readings = watch(bench, arguments.requests)
        facts = bench.clerks["portal"].facts()
    _tell(arguments, "Memory", facts, report.remembered(readings))
    return 0


def _load(arguments: argparse.Namespace) -> int:
    options = Options(
        # What browsers ask for; the pages are chosen otherwise than by their floors.
        arguments.database,
        ["today"],
        encoding="br",
        with_floor=False,
        workers=arguments.workers,
    )
    order = Order(arguments.facilities, arguments.people, arguments.seconds, arguments.rate)
    with Bench(options, _say) as bench:
        found = put_under_load(bench, order)
        facts = bench.clerks["portal"].facts()
    print(f"{report.machine(facts)}\n\n{report.loaded(found)}")
    return 0


def _tell(arguments: argparse.Namespace, heading: str, facts: Facts, text: str) -> None:
    """Print it; a whole run is kept."""
    text = f"{report.machine(facts)}\n\n{text}"
    print(text)
    if not arguments.pages and not arguments.no_write:
        report.write_section(heading, text)
        _say(f"written: docs/benchmark.md, {heading}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _end(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(143)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    _add_options(parser, requests=40)
    parser.add_argument("--encoding", default="identity", choices=["identity", "gzip"])
    parser.add_argument("--profile", metavar="PAGE", help="where the time of one page goes")
    commands = parser.add_subparsers(dest="command")
    growth = commands.add_parser("growth", help="the same pages on two databases")
    growth.add_argument("--small", required=True, metavar="URL")
    growth.add_argument("--large", required=True, metavar="URL")
    _add_options(growth, requests=40)
    _add_options(commands.add_parser("memory", help="does a worker grow?"), requests=10_000)
    _add_load(commands.add_parser("load", help="how much a portal carries"))
    return parser


def _add_load(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--workers", type=int, default=2, help="of gunicorn: %(default)s")
    parser.add_argument("--people", type=int, default=8, help="who ask at once: %(default)s")
    parser.add_argument("--facilities", type=int, default=200, help="where they are: %(default)s")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--rate", type=float, default=0, help="requests that begin a second; as many as can be"
    )
    parser.set_defaults(profile="")


def _add_options(parser: argparse.ArgumentParser, *, requests: int) -> None:
    database = os.environ.get("DATABASE_URL", "")
    parser.add_argument("--database", default=database, help="instead of DATABASE_URL")
    parser.add_argument(
        "--pages", default=[], type=_keys, help="keys with commas between; all unless told"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=requests, help="at most, a page and round")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmark.md alone")


def _keys(text: str) -> list[str]:
    return [key for key in text.split(",") if key]


if __name__ == "__main__":
    sys.exit(main())
