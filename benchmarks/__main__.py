"""``python -m benchmarks``: what each page costs beside the floor; see ``--help``."""

import argparse
import os
import sys

from . import report
from .bench import Bench, NoSuchPage, Options
from .compare import compare


def main() -> int:
    arguments = _parser().parse_args()
    database = arguments.database or os.environ.get("DATABASE_URL", "")
    if not database:
        print("Say which database: DATABASE_URL or --database.", file=sys.stderr)
        return 2
    keys = [key for key in arguments.pages.split(",") if key]
    if arguments.profile:
        from .profile_page import profile

        return profile(database, arguments.profile, arguments.requests)
    options = Options(database, keys, arguments.encoding)
    try:
        with Bench(options, _say) as bench:
            found = compare(bench, arguments.rounds, arguments.requests)
            print(report.compared(found))
    except NoSuchPage as error:
        print(f"No such page: {error}", file=sys.stderr)
        return 2
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--database", help="instead of DATABASE_URL")
    parser.add_argument("--pages", default="", help="keys with commas between; all unless told")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=40, help="to the portal, a page and round")
    parser.add_argument("--encoding", default="identity", choices=["identity", "gzip"])
    parser.add_argument("--profile", metavar="PAGE", help="where the time of one page goes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
