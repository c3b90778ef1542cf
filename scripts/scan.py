"""A scanner of others (wapiti) looks at a portal that is served for it, logged in.

    python scripts/scan.py WAPITI [--seconds 1800]

WAPITI is the program, in an environment of its own: its packages are not the portal's. The portal
is that of the demo, in a database that is gone afterwards; its limits are off, or the scanner would
be told to wait. Nothing leaves the machine: where the portal is made to fetch something, it fetches
it here. Exits with 1 where the scanner has found anything, or has seen next to nothing.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG_IN, PASSWORD = "/konto/login/", "krams-demo-2026"
# It has all the roles: whoever sees most is attacked at most places.
PERSON = "admin@demo.example"
# What ends the session of the scanner. The pages of the administration, which are Django's: they
# have a way out on each page, and lists whose every order and filter is one address more. And the
# switch of the language, which stands on every page with the page's own address in it.
LEFT_OUT = (
    *("/konto/logout/", "/konto/log-ins/", "/konto/password/", "/konto/2fa/", "/konto/login/"),
    *("/admin/", "/sprog/", "/static/"),
)
OWN_FIELDS = ("csrfmiddlewaretoken", "submission_id")
# Not csrf: it sends Content-Type twice, which gunicorn refuses, and takes that for a defence;
# tests/test_urls.py asks every address without the token. Not ssl: TLS ends at the proxy. Not
# log4shell: what it looks for is Java's.
MODULES = "crlf,exec,file,redirect,sql,ssrf,timesql,xss,permanentxss,xxe,ldap"
LEAST_PAGES = 200


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
            with endpoint() as (lure, fetched):
                address = f"http://localhost:{port}"
                report = scan(given.wapiti, address, lure, Path(folder), given.seconds)
            return told(report, fetched)
        finally:
            server.terminate()
            server.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def endpoint() -> Iterator[tuple[str, list[str]]]:
    """An address that nothing but a weakness leads to, and what was fetched there.

    The one that the scanner has by default belongs to its authors.
    """
    fetched: list[str] = []

    class Lure(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # The scanner asks at the end for what it should be told of: the list tells it.
            if not self.path.startswith(("/get_ssrf.php", "/get_xxe.php")):
                fetched.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET

        def log_message(self, format: str, *values: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Lure) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", fetched
        server.shutdown()


def scan(wapiti: str, address: str, lure: str, folder: Path, seconds: int) -> dict:
    """What wapiti reports. Its --drop-set-cookie takes the cookies of the log-in away as well."""
    report, cookies = folder / "report.json", log_in(address)
    command = [
        *(wapiti, "--url", f"{address}/", "--scope", "folder", "--cookie-value", cookies),
        *("--module", MODULES, "--format", "json", "--output", str(report), "--no-bugreport"),
        *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
        *("--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 3)),
        *("--endpoint", lure, "--dns-endpoint", "localhost", "--timeout", "30"),
        *("--flush-session", "--verbose", "0"),
        *("--detailed-report", "1"),
    ]
    for path in LEFT_OUT:
        command += ["--exclude", f"{address}{path}*"]
    for name in OWN_FIELDS:
        command += ["--skip", name]
    subprocess.run(command, check=True, env=os.environ | {"HOME": str(folder)})
    asked = urllib.request.Request(f"{address}/", headers={"Cookie": cookies})
    if LOG_IN in urllib.request.urlopen(asked, timeout=30).url:
        raise SystemExit("The scanner was logged out on its way: it saw what a stranger sees.")
    found: dict = json.loads(report.read_text())
    return found


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


def told(report: dict, fetched: list[str]) -> int:
    """Prints every finding; 1 where there is one, or where next to nothing was looked at."""
    asked = [one["request"] for one in report["infos"]["crawled_pages"]]
    pages = len({urllib.parse.urlsplit(one["url"]).path for one in asked})
    print(f"{report['infos']['version']} sent {len(asked)} requests to {pages} addresses.")
    found = len(fetched)
    for path in fetched:
        print(f"The portal was made to fetch {path}")
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
