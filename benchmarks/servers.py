"""Servers under gunicorn as the portal is deployed, with one worker, and what they cost.

Reads the accounts of the Linux kernel; there are none elsewhere.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60


class Server:
    """gunicorn with workers that are never replaced; ``environment`` is its own."""

    def __init__(
        self,
        name: str,
        application: str,
        environment: dict[str, str],
        log: Path,
        workers: int = 1,
    ):
        self.name, self.log = name, log
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        # A worker that is replaced would take its accounts with it.
        command += ["--max-requests", "0", "--max-requests-jitter", "0", application]
        own = {"BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": str(workers)}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | environment | own,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            self._wait()
            self.workers = self._children(workers)
        except BaseException:
            self.stop()
            raise

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def cpu(self) -> int:
        """Nanoseconds of CPU that all threads of the workers have used, by the kernel's account."""
        return sum(map(cpu_of, self.workers))

    def memory(self) -> float:
        """Resident memory of the workers in MB."""
        return sum(map(_memory_of, self.workers))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _wait(self) -> None:
        """Until it answers anything at all."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://{self.host}/healthz", timeout=5)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.name} does not answer:\n{self.log.read_text()[-2000:]}")

    def _children(self, wanted: int) -> list[int]:
        mine = self.process.pid
        children = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
        if len(children) != wanted:
            raise RuntimeError(f"{self.name} has {len(children)} workers, not {wanted}.")
        return list(map(int, children))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def cpu_of(process: int) -> int:
    """Nanoseconds of CPU that a process has used. Raises ``OSError`` where it has ended."""
    # The clock of another process: clock_getcpuclockid(3), which Python does not have.
    return time.clock_gettime_ns((~process << 3) | 2)


def _memory_of(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The worker has ended.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
