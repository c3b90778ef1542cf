#!/usr/bin/env python3
"""Have Lighthouse judge the main pages and write its figures: ``docs/lighthouse.md``.

    .venv/bin/python scripts/lighthouse.py [--only matrix] [--runs 3] [--no-write]

Serves the demo under gunicorn with the settings of production on a database of its own, and opens
each page as a phone does for the first time (Lighthouse's mobile profile: a slow line and a slow
processor, simulated). A figure is the median of the runs. Ends with 1 where a goal is missed.

Needs Node 18.16 or newer with npm, which put Lighthouse under ``build/``, and Chromium.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "lighthouse.md"
# The newest that runs on Node 20; the next one needs Node 22.
VERSION = "12.8.2"
FOLDER = ROOT / "build" / f"lighthouse-{VERSION}"
# Name, and the page as ``tests/pages.py`` calls it.
PAGES = {
    "Log-in": "nobody account_login",
    "Help": "nobody help",
    "Today": "medarbejder initiatives:today",
    "Week grid": "medarbejder initiatives:grid",
    "Log": "medarbejder initiatives:log",
    "Rhythm": "medarbejder initiatives:rhythm",
    "Weekly plan": "leder initiatives:plan",
    "Initiative": "leder initiatives:initiative",
    "Overview": "leder initiatives:overview",
    "Criterion": "leder initiatives:criterion",
    "Comparison of facilities": "leder initiatives:compare",
    "Matrix": "koordinator clusters:matrix",
    "Comparison of authorities": "laeser clusters:compare",
    "Search": "leder search?q=gåtur",
}
CATEGORIES = ("performance", "accessibility", "best-practices")
ATTEMPTS = 3
# Always the same afternoon, on which today's page has something to show.
NOW = "2026-11-29T15:00+01:00"
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


@dataclass(frozen=True)
class Figure:
    """A column of the table; ``goal`` is the most that may be, or the least where ``least``."""

    title: str
    goal: float | None
    digits: int = 0
    least: bool = False

    def is_reached(self, value: float) -> bool:
        if self.goal is None:
            return True
        return value >= self.goal if self.least else value <= self.goal


FIGURES = {
    "performance": Figure("Performance", 98, least=True),
    "accessibility": Figure("Accessibility", 100, least=True),
    "best-practices": Figure("Best practices", 100, least=True),
    "largest-contentful-paint": Figure("LCP, s", 1.5, digits=2),
    "total-blocking-time": Figure("TBT, ms", 150),
    "cumulative-layout-shift": Figure("CLS", 0.02, digits=3),
    "requests": Figure("Requests", None),
    "bytes": Figure("kB", None, digits=1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--runs", type=int, default=3, help="of each page; default: 3")
    parser.add_argument("--no-write", action="store_true", help="print, and write no file")
    parser.add_argument("--keep", type=Path, help="folder for the whole reports (JSON)")
    given = parser.parse_args()
    lighthouse, chromium = install(), find_chromium()
    found = {}
    with portal() as (address, facts):
        for name, page in PAGES.items():
            if given.only.lower() not in name.lower():
                continue
            session = facts["sessions"].get(page.split()[0])
            reports = [
                report(lighthouse, chromium, address + facts["paths"][page], session)
                for _run in range(given.runs)
            ]
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{name}.json").write_text(json.dumps(reports[-1]))
            found[name] = middle([figures(one) for one in reports])
            print(row(name, found[name]), *complaints(reports[-1]), sep="\n", flush=True)
    if not found:
        raise SystemExit("No page has such a name.")
    if not given.no_write and not given.only:
        OUT.write_text(page_of(found, given.runs, chromium))
    sys.exit(any(missed(one) for one in found.values()))


def install() -> Path:
    """The command, at the pinned version; no lock file is left behind."""
    command = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.exists():
        if not shutil.which("npm"):
            raise SystemExit("Node with npm is missing.")
        FOLDER.mkdir(parents=True, exist_ok=True)
        flags = ["--no-package-lock", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
        package = f"lighthouse@{VERSION}"
        subprocess.run(["npm", "install", *flags, "--prefix", FOLDER, package], check=True)
    return command


def find_chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if not found:
        raise SystemExit("Chromium is missing.")
    return found


@contextmanager
def portal() -> Iterator[tuple[str, dict]]:
    """The demo on a free port: its address, log-ins and pages."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "BROWSER_TESTS_STATIC": f"{folder}/static",
            "BROWSER_TESTS_NOW": NOW,
            "SECRET_KEY": "lighthouse-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DEBUG": "0",
            # Lighthouse asks this machine; everything else is as in production.
            "HTTPS": "0",
            "LOG_LEVEL": "WARNING",
            "BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": "1",
        }
        run([sys.executable, "manage.py", "collectstatic", "--noinput"], env)
        facts = json.loads(run([sys.executable, "-m", "tests.browser.prepare"], env))
        server = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        process = subprocess.Popen([*server, "krams.wsgi"], cwd=ROOT, env=env)
        try:
            address = f"http://localhost:{port}"
            wait_for(f"{address}/healthz", process)
            yield address, facts
        finally:
            process.terminate()
            process.wait(timeout=30)


def run(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE)
    if done.returncode:
        raise SystemExit(f"Failed: {' '.join(command)}")
    return done.stdout


def wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("The portal does not start; the reason stands above.")
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The portal does not answer.")


def report(lighthouse: Path, chromium: str, address: str, session: str | None) -> dict:
    """What Lighthouse says of a page, for somebody who is logged in or for nobody."""
    command = [
        *("node", str(lighthouse), address, "--quiet", "--output=json"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={CHROME}",
    ]
    if session:
        command.append(f"--extra-headers={json.dumps({'Cookie': f'sessionid={session}'})}")
    env = {**os.environ, "CHROME_PATH": chromium}
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(command, env=env, text=True, stdout=subprocess.PIPE)
        # On a busy machine the browser may be too late for Lighthouse.
        if done.returncode == 0 and "runtimeError" not in (told := json.loads(done.stdout)):
            return told
    raise SystemExit(f"Lighthouse gives up: {address}")


def figures(told: dict) -> dict[str, float]:
    audits = told["audits"]
    scores = {name: 100 * told["categories"][name]["score"] for name in CATEGORIES}
    loaded = audits["network-requests"]["details"]["items"]
    return {
        **{name: round(score) for name, score in scores.items()},
        "largest-contentful-paint": audits["largest-contentful-paint"]["numericValue"] / 1000,
        "total-blocking-time": audits["total-blocking-time"]["numericValue"],
        "cumulative-layout-shift": audits["cumulative-layout-shift"]["numericValue"],
        "requests": len(loaded),
        "bytes": sum(one["transferSize"] for one in loaded) / 1000,
    }


def complaints(told: dict) -> list[str]:
    """What costs points."""
    found = []
    for name in CATEGORIES:
        for one in told["categories"][name]["auditRefs"]:
            score = told["audits"][one["id"]]["score"]
            if (
                one["weight"]
                and score is not None
                and score < (0.9 if name == CATEGORIES[0] else 1)
            ):
                found.append(f"    {one['id']}: {score}")
    return found


def middle(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(one[name] for one in runs) for name in FIGURES}


def missed(found: dict[str, float]) -> list[str]:
    return [name for name, figure in FIGURES.items() if not figure.is_reached(found[name])]


def row(name: str, found: dict[str, float]) -> str:
    cells = []
    for key, figure in FIGURES.items():
        value = f"{found[key]:.{figure.digits}f}"
        cells.append(value if figure.is_reached(found[key]) else f"**{value}**")
    return f"| {name} | {' | '.join(cells)} |"


def goals() -> str:
    cells = []
    for figure in FIGURES.values():
        sign = "≥" if figure.least else "≤"
        cells.append("" if figure.goal is None else f"{sign} {figure.goal}")
    return f"| *goal* | {' | '.join(cells)} |"


def page_of(found: dict[str, dict[str, float]], runs: int, chromium: str) -> str:
    version = run([chromium, "--version"], dict(os.environ)).split()[1]
    titles = " | ".join(figure.title for figure in FIGURES.values())
    rows = "\n".join(row(name, one) for name, one in found.items())
    return f"""# What Lighthouse says of the pages

Made by `scripts/lighthouse.py` on {date.today().isoformat()}: Lighthouse {VERSION}, mobile \
profile (simulated: 1.6 Mbit/s, 150 ms there and back, a processor four times slower), \
Chromium {version}, an empty cache, median of {runs} runs. The demo ran on SQLite under gunicorn \
with one worker, on the same machine ({os.cpu_count()} cores, {platform.machine()}, shared with \
others). A figure in bold misses its goal.

| page | {titles} |
|---|{"---:|" * len(FIGURES)}
{goals()}
{rows}

LCP is when the largest part of the page is drawn, TBT how long the browser could not answer a tap \
while it loaded, CLS how far things moved. kB are all bytes that came over the line, with headers. \
[The front end](frontend.md) says why the pages are this light, and what holds them to it.
"""


if __name__ == "__main__":
    main()
