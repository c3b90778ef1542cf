#!/usr/bin/env python3
"""Compare every page of ``tests/pages.py`` with an earlier state, pixel by pixel. Needs Chromium.

    git worktree add ../before <commit>
    .venv/bin/python scripts/compare_pictures.py shoot build/before --tree ../before
    .venv/bin/python scripts/compare_pictures.py shoot build/after
    .venv/bin/python scripts/compare_pictures.py compare build/before build/after build/pictures

``shoot`` loads the demo of a tree into a database of its own, always on the same day, and takes
each page wide and narrow, light and dark. ``compare`` lists what differs, the most first, and
draws it: before, after, and the difference in red. It ends with 1 where something differs.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
WIDTHS, HEIGHT = (1280, 360), 900
# Each time the same pixels: what is half drawn is not shown, and nothing is drawn in parts.
STILL = [
    "--disable-lcd-text",
    "--disable-partial-raster",
    "--disable-checker-imaging",
    "--disable-threaded-animation",
    "--disable-threaded-scrolling",
    "--run-all-compositor-stages-before-draw",
    "--num-raster-threads=1",
]
SCHEMES = ("light", "dark")
ADDRESS = "http://localhost"
CONTENTS = "pictures.json"
# The browser reads, compares and writes pictures itself: no package for that.
COMPARE = """async (sources) => {
  const load = async (data) =>
    createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const images = await Promise.all(sources.map(load));
  const width = Math.max(...images.map((one) => one.width));
  const height = Math.max(...images.map((one) => one.height));
  const canvas = new OffscreenCanvas(3 * width, height);
  const paper = canvas.getContext('2d', { willReadFrequently: true });
  images.forEach((one, place) => paper.drawImage(one, place * width, 0));
  const pixels = (place) => paper.getImageData(place * width, 0, width, height);
  const [before, after] = [0, 1].map((place) => new Uint32Array(pixels(place).data.buffer));
  const drawn = pixels(1), shown = new Uint32Array(drawn.data.buffer);
  let count = 0, left = width, top = height, right = 0, bottom = 0;
  for (let at = 0; at < before.length; at += 1) {
    if (before[at] === after[at]) {
      // What is the same stays as a shade.
      drawn.data[4 * at + 3] = 60;
      continue;
    }
    const x = at % width, y = (at - x) / width;
    count += 1;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    shown[at] = 0xff0000ff;
  }
  paper.putImageData(drawn, 2 * width, 0);
  paper.globalCompositeOperation = 'destination-over';
  paper.fillStyle = 'white';
  paper.fillRect(0, 0, 3 * width, height);
  const reader = new FileReader();
  const read = new Promise((resolve) => { reader.onload = resolve; });
  reader.readAsDataURL(await canvas.convertToBlob());
  await read;
  const picture = reader.result.split(',')[1];
  return { share: count / before.length, box: [left, top, right, bottom], picture };
}"""


@contextmanager
def chromium(*more: str):
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if not executable:
        raise SystemExit("Chromium is missing.")
    flags = ["--no-sandbox", "--disable-gpu", *more]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Demo:
    """What ``frozen_demo.py`` serves."""

    port: int
    sessions: dict[str, str]
    pages: list[dict[str, str]]

    @property
    def flags(self) -> list[str]:
        """Some pages tell the portal's address, so it must not hold the port."""
        return [f"--host-resolver-rules=MAP localhost:80 127.0.0.1:{self.port}"]


@contextmanager
def frozen_demo(tree: Path):
    # An older tree may need packages that this one does not have.
    own = tree / ".venv" / "bin" / "python"
    python = own if own.exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [python, HERE / "frozen_demo.py", folder],
            cwd=tree,
            # Sets and what depends on them have the same order each time.
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            told = server.stdout.readline()
            if not told:
                raise SystemExit(f"The demo of {tree} does not start; the reason stands above.")
            yield Demo(**json.loads(told))
        finally:
            server.terminate()
            server.wait(timeout=30)


def page_of(browser: Browser, demo: Demo, who: str) -> Page:
    context = browser.new_context(
        base_url=ADDRESS,
        locale="da-DK",
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    if who:
        cookie = {"name": "sessionid", "value": demo.sessions[who], "url": ADDRESS}
        context.add_cookies([cookie])
    return context.new_page()


def file_name(who: str, path: str, width: int, scheme: str) -> str:
    """By who and address, which outlive the names of views."""
    words = re.sub(r"[^\w.-]+", "-", f"{who or 'nobody'} {path}").strip("-")
    return f"{words[:120]}-{width}-{scheme}.png"


def shoot(folder: Path, tree: Path, only: str) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty.")
    folder.mkdir(parents=True, exist_ok=True)
    taken, pages = {}, {}
    with frozen_demo(tree) as demo, chromium(*STILL, *demo.flags) as browser:
        for subject in (one for one in demo.pages if only in one["name"]):
            who, path = subject["who"], subject["path"]
            page = pages.get(who) or pages.setdefault(who, page_of(browser, demo, who))
            for width, scheme in product(WIDTHS, SCHEMES):
                name = file_name(who, path, width, scheme)
                if name in taken:
                    raise SystemExit(f"Two pages share the picture {name}.")
                taken[name] = f"{subject['name']}, {width} {scheme}"
                # Loaded each time: a page that was wider a moment ago is drawn a shade otherwise.
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.emulate_media(color_scheme=scheme)
                page.goto(path)
                page.screenshot(path=folder / name, full_page=True, animations="disabled")
    (folder / CONTENTS).write_text(json.dumps(taken, indent=1, ensure_ascii=False))
    print(f"{len(taken)} pictures in {folder}.")


def compare(before: Path, after: Path, out: Path) -> int:
    """How many pictures differ or stand in one set alone."""
    earlier, later = (json.loads((one / CONTENTS).read_text()) for one in (before, after))
    out.mkdir(parents=True, exist_ok=True)
    found = []
    with chromium() as browser:
        page = browser.new_page()
        for name in sorted(earlier.keys() & later.keys()):
            pictures = [(one / name).read_bytes() for one in (before, after)]
            # The same pixels are the same file: one browser wrote both.
            if pictures[0] == pictures[1]:
                continue
            sources = [base64.b64encode(one).decode() for one in pictures]
            told = page.evaluate(COMPARE, sources)
            if told["share"]:
                (out / name).write_bytes(base64.b64decode(told["picture"]))
                found.append((told["share"], told["box"], later[name], name))
    for share, (left, top, right, bottom), title, name in sorted(found, reverse=True):
        print(f"{share:8.3%}  {left},{top} to {right},{bottom}  {title}  {out / name}")
    alone = sorted(
        [f"before alone: {earlier[name]}" for name in earlier.keys() - later.keys()]
        + [f"after alone: {later[name]}" for name in later.keys() - earlier.keys()]
    )
    print(*alone, sep="\n" if alone else "")
    same = len(earlier.keys() & later.keys()) - len(found)
    print(f"{same} the same, {len(found)} different, {len(alone)} in one set alone.")
    return len(found) + len(alone)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    shooting = commands.add_parser("shoot", help="take all pictures of a tree")
    shooting.add_argument("folder", type=Path)
    shooting.add_argument("--tree", type=Path, default=HERE.parent, help="default: this one")
    shooting.add_argument("--only", default="", help="pages whose name holds this")
    comparing = commands.add_parser("compare", help="list and draw what differs")
    for name in ("before", "after", "out"):
        comparing.add_argument(name, type=Path)
    given = parser.parse_args()
    if given.command == "shoot":
        shoot(given.folder, given.tree.resolve(), given.only)
    else:
        sys.exit(1 if compare(given.before, given.after, given.out) else 0)


if __name__ == "__main__":
    main()
