"""Several workers tell one sum, whichever of them is asked, and also when some have ended."""

import os
import signal
import subprocess
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from .browsers import Browser
from .servers import HOST, Portal, until

TOKEN = "a-token-of-a-monitor-0123456789abcdef"
ADDRESS = "/hjaelp/"


@pytest.fixture(scope="module")
def portal(database):
    with Portal(database, WEB_WORKERS="3", METRICS_TOKEN=TOKEN) as one:
        yield one


def scrape(portal) -> dict[tuple, float]:
    headers = {"Host": HOST, "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{portal.address}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def asked(portal) -> float:
    return scrape(portal).get(("krams_requests_total", "2xx", "GET", "help"), 0)


def workers(portal) -> list[int]:
    command = ["pgrep", "-P", str(portal.process.pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return list(map(int, listed.stdout.split()))


def folder_of(portal) -> Path:
    """Where they count, as their open files tell."""
    files = Path(f"/proc/{workers(portal)[0]}/fd").iterdir()
    [folder] = {Path(name).parent for name in map(os.readlink, files) if name.endswith(".db")}
    return folder


def test_all_workers_count_together(portal):
    somebody = Browser(portal)
    before = asked(portal)
    for _ in range(40):
        assert somebody.get(ADDRESS).status == 200
    # Not by luck: each answer may come from another worker.
    assert Counter(asked(portal) for _ in range(12)) == {before + 40: 12}
    found = scrape(portal)
    assert found["krams_database_connections", "free"] >= 1
    assert found["krams_database_up",] == 1
    assert found["krams_request_seconds_count", "help"] == before + 40


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_worker_counted_outlives_it(portal, how):
    somebody = Browser(portal)
    for _ in range(20):
        somebody.get(ADDRESS)
    before, old = asked(portal), workers(portal)
    os.kill(old[0], how)
    until(lambda: len(set(workers(portal)) - set(old)) == 1, what="another worker")
    until(lambda: old[0] not in workers(portal), what="its end")
    until(portal.answers, what="the portal")
    assert {asked(portal) for _ in range(6)} == {before}
    files = sorted(path.name for path in folder_of(portal).glob("*.db"))
    assert [name for name in files if f"_{old[0]}.db" in name] == []


def test_a_reload_keeps_what_was_counted(portal):
    before, old = asked(portal), workers(portal)
    folder = folder_of(portal)
    portal.process.send_signal(signal.SIGHUP)
    until(lambda: not set(old) & set(workers(portal)), seconds=40, what="other workers")
    until(portal.answers, what="the portal")
    assert asked(portal) == before
    assert folder_of(portal) == folder


def test_the_folder_goes_with_the_server(database):
    with Portal(database, METRICS_TOKEN=TOKEN) as one:
        Browser(one).get(ADDRESS)
        folder = folder_of(one)
        assert folder.exists()
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(30) == 0
    assert not folder.exists()
