"""Several processes count together, and those that ended still count."""

import subprocess
import sys

import pytest

from krams.operation.processes import ENDED, ended

COUNTS = """
import os, sys
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
own = CollectorRegistry()
Counter("visits", "of somebody", ["place"], registry=own).labels("park").inc(int(sys.argv[1]))
Histogram("seconds", "of a visit", buckets=(1, 5), registry=own).observe(float(sys.argv[1]))
Gauge("inside", "just now", multiprocess_mode="livesum", registry=own).set(1)
print(os.getpid())
"""
TELLS = """
from prometheus_client import CollectorRegistry, generate_latest
from krams.operation.processes import collect_all
registry = CollectorRegistry()
assert collect_all(registry)
print(generate_latest(registry).decode())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def run(code, *arguments) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def told() -> dict[str, float]:
    lines = [line for line in run(TELLS).splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_what_all_of_them_counted_is_one_sum_whoever_has_ended(folder):
    numbers = [int(run(COUNTS, visits)) for visits in (2, 3, 4)]
    expected = {
        'visits_total{place="park"}': 9,
        'seconds_bucket{le="1.0"}': 0,
        'seconds_bucket{le="5.0"}': 3,
        'seconds_bucket{le="+Inf"}': 3,
        "seconds_count": 3,
        "seconds_sum": 9,
    }
    before = told()
    assert {name: before[name] for name in expected} == expected
    for still_here, number in zip((2, 1, 0), numbers, strict=True):
        ended(str(folder), number)
        after = told()
        assert {name: after[name] for name in expected} == expected
        assert after.get("inside", 0) == still_here
    assert {path.name for path in folder.iterdir()} == {
        f"counter_{ENDED}.db",
        f"histogram_{ENDED}.db",
        "lock",
    }


def test_many_workers_leave_no_files(folder):
    number = int(run(COUNTS, 1))
    for pid in range(1, 40):
        for kind in ("counter", "histogram"):
            (folder / f"{kind}_{900_000 + pid}.db").write_bytes(
                (folder / f"{kind}_{number}.db").read_bytes()
            )
        ended(str(folder), 900_000 + pid)
    assert told()['visits_total{place="park"}'] == 40
    assert len(list(folder.glob("*.db"))) == 5


def test_one_that_counted_nothing_is_no_error(folder):
    ended(str(folder), 4_000_000)
    assert list(folder.glob("*.db")) == []
