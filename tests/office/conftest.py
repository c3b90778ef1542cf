"""What LibreOffice and poppler make of files. Both must be installed: nothing is skipped."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.office)


def run(*command) -> str:
    """What the program prints; raises where it fails."""
    done = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, timeout=300
    )
    return done.stdout


@pytest.fixture(scope="session")
def convert(tmp_path_factory):
    """``convert(folder, "pdf", *files)`` has LibreOffice write what it makes of them."""
    profile = tmp_path_factory.mktemp("profile")

    def make(folder: Path, kind: str, *files: Path) -> None:
        run(
            *("soffice", "--headless", f"-env:UserInstallation=file://{profile}"),
            *("--convert-to", kind, "--outdir", folder, *files),
        )

    return make
