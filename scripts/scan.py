"""A scanner of others (wapiti) looks at a portal that is served for it, logged in.

    python scripts/scan.py WAPITI [--seconds 1800]

WAPITI is the program, in an environment of its own: its packages are not the portal's. The portal
is that of the demo, in a database that is gone afterwards; its limits are off, or the scanner would
be told to wait. Exits with 1 where the scanner has found anything, or has seen next to nothing.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG_IN, PASSWORD = "/konto/login/", "krams-demo-2026"
# It has all the roles: whoever sees most is attacked at most places.
PERSON = "admin@demo.example"
# What ends the session of the scanner, and what it must not look for the weakness of.
LEFT_OUT = ("/konto/logout/", "/konto/log-ins/", "/konto/password/")
OWN_FIELDS = ("csrfmiddlewaretoken", "submission_id")
MODULES = "crlf,csrf,exec,file,redirect,sql,ssl,ssrf,timesql,xss,permanentxss,xxe,ldap,log4shell"
LEAST_PAGES = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wapiti")
    parser.add_argument("--seconds", type=int, default=1800, help="of the crawl; attacks as long")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database, port = Path(folder) / "portal.sqlite3", free_port()
        own = os.environ | {
            "DATABASE_URL": f"sqlite:///{database}",
            "SECRET_KEY": "of-a-scan-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "0",
            "RATE_LIMITS": "0",
            "LOG_LEVEL": "ERROR",
            "BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
        }
        subprocess.run(
            [sys.executable, "manage.py", "demo", "--no-serve"],
            cwd=ROOT,
            env=own | {"DEBUG": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "krams.wsgi"],
            cwd=ROOT,
            env=own | {"DEBUG": "0"},
        )
        try:
            return scan(given.wapiti, f"http://localhost:{port}", Path(folder), given.seconds)
        finally:
            server.terminate()
            server.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scan(wapiti: str, address: str, folder: Path, seconds: int) -> int:
    report = folder / "report.json"
    command = [
        *(wapiti, "--url", f"{address}/", "--scope", "folder", "--cookie-value", log_in(address)),
        *("--module", MODULES, "--format", "json", "--output", str(report), "--no-bugreport"),
        *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
        *("--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 3)),
        *("--drop-set-cookie", "--flush-session", "--verbose", "0", "--timeout", "30"),
    ]
    for path in LEFT_OUT:
        command += ["--exclude", f"{address}{path}*"]
    for name in OWN_FIELDS:
        command += ["--skip", name]
    subprocess.run(command, check=True, env=os.environ | {"HOME": str(folder)})
    return told(json.loads(report.read_text()))


def log_in(address: str) -> str:
    """The cookies of somebody who has logged in by the form."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    for _attempt in range(120):
        try:
            page = browser.open(f"{address}{LOG_IN}", timeout=30).read().decode()
            break
        except OSError:
            time.sleep(1)
    else:
        raise SystemExit("The portal does not answer.")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    sent = {"login": PERSON, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = browser.open(f"{address}{LOG_IN}", urllib.parse.urlencode(sent).encode(), timeout=30)
    cookies = {cookie.name: cookie.value for cookie in jar}
    if "sessionid" not in cookies or LOG_IN in answer.url:
        raise SystemExit("The log-in failed: what a stranger sees is scanned by nobody.")
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def told(report: dict) -> int:
    """Prints every finding; 1 where there is one, or where next to nothing was looked at."""
    pages = report["infos"].get("crawled_pages_nbr", 0)
    print(f"wapiti {report['infos']['version']} looked at {pages} addresses.")
    found = 0
    for part in ("vulnerabilities", "anomalies"):
        for category, findings in report[part].items():
            for one in findings:
                found += 1
                print(f"{category}, level {one['level']}: {one['method']} {one['path']}")
                print(f"  {one['info']} {one.get('parameter') or ''}")
    print(f"{found} findings.")
    if pages < LEAST_PAGES:
        print(f"Fewer than {LEAST_PAGES} addresses: it was not let in, or got lost.")
    return int(found > 0 or pages < LEAST_PAGES)


if __name__ == "__main__":
    sys.exit(main())
