#!/usr/bin/env python
"""A software bill of materials (CycloneDX 1.6, JSON) of what the lock files pin.

    .venv/bin/python scripts/sbom.py                        of what the portal runs on
    .venv/bin/python scripts/sbom.py requirements-pdf.lock  with what writes PDF

It goes to standard output, and is the same each time. What a package brings along in itself, such
as htmx in django-htmx, has no entry of its own. Needs the packages of ``dev``.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMAT = ["--sv", "1.6", "--of", "JSON", "--output-reproducible", "--validate"]


def bill_of(lock: str) -> str:
    """The bill of one lock file, with the hashes of each file that may be installed.

    Raises ``CalledProcessError`` where the file cannot be read.
    """
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(ROOT / lock)]
    project = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
    made = subprocess.run([*command, *project, *FORMAT], stdout=subprocess.PIPE, check=True)
    bill = json.loads(made.stdout)
    for component in bill["components"]:
        # The line of the lock file once more, with all its hashes.
        del component["description"]
    return json.dumps(bill, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    [lock] = sys.argv[1:] or ["requirements.lock"]
    sys.stdout.write(bill_of(lock))
