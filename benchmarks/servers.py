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
    """gunicorn with one worker that is never replaced; ``environment`` is its own."""

    def __init__(self, name: str, application: str, environment: dict[str, str], log: Path):
        self.name, self.log = name, log
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        # A worker that is replaced would take its accounts with it.
        command += ["--max-requests", "0", "--max-requests-jitter", "0", application]
        own = {"BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "1"}
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
            self.worker = self._only_child()
        except BaseException:
            self.stop()
            raise

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def cpu(self) -> int:
        """Nanoseconds of CPU that all threads of the worker have used, by the kernel's account."""
        # The clock of another process: clock_getcpuclockid(3), which Python does not have.
        return time.clock_gettime_ns((~self.worker << 3) | 2)

    def memory(self) -> float:
        """Resident memory of the worker in MB."""
        for line in Path(f"/proc/{self.worker}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("The worker has ended.")

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

    def _only_child(self) -> int:
        mine = self.process.pid
        children = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
        if len(children) != 1:
            raise RuntimeError(f"{self.name} has {len(children)} workers, not one.")
        return int(children[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
