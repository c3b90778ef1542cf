"""The servers of these tests leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys

from .servers import ROOT, until

STARTS_ONE = """
import time
from tests.scale.servers import Caddy
server = Caddy()
print(server.port, server.folder, flush=True)
time.sleep(60)
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_ends_with_tests_that_are_killed(tmp_path):
    command = [sys.executable, "-c", STARTS_ONE]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as tests:
        port = int(tests.stdout.readline().split()[0])
        assert listens(port)
        tests.send_signal(signal.SIGKILL)
    until(lambda: not listens(port), what="its end")
