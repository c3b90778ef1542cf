"""Servers that all tests share; each module has a database of its own on them."""

import hashlib
from itertools import count
from pathlib import Path

import pytest

from tests.databases import FOLDER, fingerprint

from .browsers import PASSWORD
from .servers import Postgres, call, python

_numbers = count(1)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "scale":
            item.add_marker(pytest.mark.scale)


@pytest.fixture(scope="session")
def primary():
    """A server with a database ``portal``: migrated, with a facility and its people."""
    with Postgres() as server:
        server.start()
        server.ask("CREATE DATABASE portal")
        _fill(server)
        yield server


def _fill(server: Postgres) -> None:
    """Migrating takes half a minute, so what came of it is kept for the next run."""
    prepare = Path(__file__).with_name("prepare.py").read_bytes()
    key = f"{fingerprint()}_{hashlib.sha256(prepare).hexdigest()[:8]}"
    kept = FOLDER / f"krams_scale_{key}.dump"
    if kept.exists():
        call("pg_restore", "--no-owner", f"--dbname={server.url()}", str(kept))
        return
    python(server.url(), "-m", "tests.scale.prepare", PASSWORD)
    making = kept.with_suffix(".making")
    call("pg_dump", "--format=custom", f"--file={making}", server.url())
    making.rename(kept)


@pytest.fixture(scope="module")
def database(primary):
    """A copy of that database for one module: its address."""
    name = f"portal_{next(_numbers)}"
    primary.ask(f"CREATE DATABASE {name} TEMPLATE portal")
    yield primary.url(name)
    primary.ask(f"DROP DATABASE {name} WITH (FORCE)")
