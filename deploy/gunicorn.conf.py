"""How gunicorn serves the portal, in the container and on a plain host."""

import gc
import os
import shutil
import tempfile
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


def _number(name: str, default: int) -> int:
    raw = os.environ.get(name, "").strip() or str(default)
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw) <= 64):
        raise ValueError(f"{name}={raw!r}: write a whole number 1 to 64.")
    return int(raw)


class Worker(ThreadWorker):
    """Closes its door when it is told to end, not when the last request is answered.

    Whoever came meanwhile would be let in, wait, and be cut off. So it is refused at once, and a
    proxy asks again; where systemd holds the door (deploy/krams.socket) it waits for what is
    started next.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()


bind = os.environ.get("BIND", "127.0.0.1:8000")
# Where the proxy is another machine: docs/security.md. TLS 1.2 at least, as Python's ssl has it.
certfile = os.environ.get("TLS_CERTIFICATE") or None
keyfile = os.environ.get("TLS_KEY") or None
workers = _number("WEB_WORKERS", min(2 * (os.cpu_count() or 1) + 1, 8))
# Each thread may hold one database connection of its process's pool (DATABASE_POOL).
worker_class = Worker
threads = _number("WEB_THREADS", 4)
timeout = 60
# For the requests in flight, then for a letter that is being sent; whatever stops the server must
# wait longer: TimeoutStopSec in deploy/krams.service, stop_grace_period in compose.yaml.
graceful_timeout = 30
keepalive = 5
# Longer than the portal takes, so that it says so with a page of its own; what is longer still is
# refused here. An address has no other limit than the 1 MB that gunicorn reads at most.
limit_request_line = 0
limit_request_field_size = 65_536
# A worker that has grown over the weeks is replaced, not all of them at once.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# By this name prometheus_client looks for the folder in which several processes count. It is kept
# in the environment, as this file is read anew when the server is told to reload.
_COUNTED_IN = "PROMETHEUS_MULTIPROC_DIR"
# Nobody steers the running server through a socket; the service manager does.
control_socket_disable = True
# The portal writes one line a request itself, without the query string.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "krams.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}


def on_starting(server: object) -> None:
    """Where there are numbers to tell, the workers keep them in one folder of this start."""
    if any(os.environ.get(f"METRICS_TOKEN{end}", "").strip() for end in ("", "_FILE")):
        folder = tempfile.mkdtemp(prefix="krams-metrics-", dir=worker_tmp_dir)
        os.environ[_COUNTED_IN] = folder


def on_exit(server: object) -> None:
    if _COUNTED_IN in os.environ:
        shutil.rmtree(os.environ[_COUNTED_IN], ignore_errors=True)


def child_exit(server: object, worker: Any) -> None:
    """Of a worker that ended what it counted stays, and what it measured goes."""
    if _COUNTED_IN in os.environ:
        # Only here, in the process above the workers: they have it from Django.
        from krams.operation.processes import ended

        ended(os.environ[_COUNTED_IN], worker.pid)


def worker_exit(server: object, worker: object) -> None:
    """Once its requests are answered: the letter that is being sent is sent to its end."""
    # Only here, where Django has been loaded.
    from krams.letters.sending import finish

    finish(graceful_timeout)


def post_worker_init(worker: object) -> None:
    """The garbage collector leaves alone what every request needs, and looks less often.

    A large page makes a hundred thousand objects. With Python's own thresholds all that a worker
    has loaded is looked through several times on the way: 0.1 s in which everybody waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
