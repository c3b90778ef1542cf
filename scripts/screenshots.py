#!/usr/bin/env python3
"""Make the pictures of README and help from the demo: ``docs/images`` and ``static/help``.

Needs Chromium, and LibreOffice and poppler for the matrix in Word.

Runs the demo on a database of its own that is thrown away.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES, HELP = ROOT / "docs" / "images", ROOT / "static" / "help"
PASSWORD = "krams-demo-2026"
DEPARTMENT = "socialpsykiatrien-omraadet-for-udsatte-grupper"
# File, who, address.
PICTURES = [
    (IMAGES / "today.png", "medarbejder", "/botilbud/mosbjerghus/i-dag/"),
    (IMAGES / "overview.png", "leder", f"/afdelinger/{DEPARTMENT}/overblik/"),
    (IMAGES / "matrix.png", "koordinator", "/klynger/syd/"),
    (HELP / "import.png", "koordinator", "/klynger/syd/indlaesning/1/"),
]
WINDOW = {"width": 1280, "height": 860}
# The demo's matrix as LibreOffice shows it, in dots an inch of paper.
IN_WORD, DOTS = HELP / "word.png", 80


@contextmanager
def demo():
    """Serve the demo on a free port; gives its address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {**os.environ, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}
        server = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(360):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            if server.poll() is not None:
                raise SystemExit("The demo does not start: try manage.py demo.") from None
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The demo does not answer.")


def picture(browser, address: str, file: Path, who: str, path: str) -> None:
    page = browser.new_context(base_url=address, viewport=WINDOW, locale="da-DK").new_page()
    page.goto(path)
    page.fill("#id_login", f"{who}@demo.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    # The log-in's own address ends with the path too, as where to go next.
    page.wait_for_url(lambda url: urlsplit(url).path == path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, animations="disabled")
    if file.stem == "matrix":
        picture_in_word(page.request.get(f"{path}matrix.docx").body())


def picture_in_word(document: bytes) -> None:
    """The first page."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "matrix.docx").write_bytes(document)
        convert = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        convert += ["--convert-to", "pdf", "--outdir", folder, f"{folder}/matrix.docx"]
        subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
        draw = ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS)]
        subprocess.run([*draw, f"{folder}/matrix.pdf", IN_WORD.with_suffix("")], check=True)


def main() -> None:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        raise SystemExit("Chromium is missing.")
    for folder in (IMAGES, HELP):
        folder.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for wanted in PICTURES:
            picture(browser, address, *wanted)
        browser.close()


if __name__ == "__main__":
    main()
