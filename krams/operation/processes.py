"""The numbers of several processes in one folder, one file a process and kind.

``deploy/gunicorn.conf.py`` makes the folder before it starts its workers, and tells of each one
that has ended: what it counted is added up in one file, or the folder would grow with each of them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

# What prometheus_client itself looks for, when it is first imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# What is counted stays when its process ends; what is measured (gauge_live…) goes with it.
KINDS = ("counter", "histogram")
# No process has this number.
ENDED = 0


def collect_all(registry: CollectorRegistry) -> bool:
    """Give ``registry`` what all processes counted; False where there is only this one."""
    folder = os.environ.get(FOLDER)
    if folder:
        registry.register(_Undisturbed(folder))
    return bool(folder)


class _Undisturbed(MultiProcessCollector):
    """Reads while nothing is being added up: it would be seen twice, or not at all."""

    def __init__(self, folder: str):
        super().__init__(None, folder)
        self.folder = Path(folder)

    def collect(self):  # type: ignore[no-untyped-def]  # As of prometheus_client.
        with _locked(self.folder, fcntl.LOCK_SH):
            return list(super().collect())


def ended(folder: str, pid: int) -> None:
    """Add what the process ``pid`` counted to what all those before it did."""
    with _locked(Path(folder), fcntl.LOCK_EX):
        for kind in KINDS:
            own = Path(folder, f"{kind}_{pid}.db")
            if own.exists():
                _add(own, Path(folder, f"{kind}_{ENDED}.db"))
                own.unlink()
        mark_process_dead(pid, folder)


def _add(one: Path, to: Path) -> None:
    sums: dict[str, float] = {}
    for path in (to, one):
        if path.exists():
            for key, value, _when, _place in MmapedDict.read_all_values_from_file(str(path)):
                sums[key] = sums.get(key, 0.0) + value
    making = to.with_suffix(".making")
    making.unlink(missing_ok=True)
    file = MmapedDict(str(making))
    for key, value in sums.items():
        file.write_value(key, value, 0.0)
    file.close()
    making.rename(to)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, how)
        yield
