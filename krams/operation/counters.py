"""What each process counts of its requests and its database connections, for Prometheus.

No label holds what anybody wrote or asked for: a page goes by the name of its view, and a name that
is not ours is "other". With several processes (gunicorn) the numbers are kept in files that all of
them read: ``processes.py``.
"""

import threading
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Of this process; with several the files are read instead.
OWN = CollectorRegistry()
# In seconds. Half of all pages take less than the first; a file of a long log takes a minute.
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "krams_requests_total",
    "Requests answered, by the name of the view, the method and the hundred of the status.",
    ["view", "method", "status"],
    registry=OWN,
)
ANSWERS = Counter(
    "krams_answers_total",
    "Requests answered, by status: 409 is a conflict, 403, 422 and 429 are refusals.",
    ["status"],
    registry=OWN,
)
SECONDS = Histogram(
    "krams_request_seconds",
    "Time until an answer is ready to be sent, by the name of the view.",
    ["view"],
    buckets=BUCKETS,
    registry=OWN,
)
IN_FLIGHT = Gauge(
    "krams_requests_in_flight",
    "Requests that are being answered.",
    multiprocess_mode="livesum",
    registry=OWN,
)
ERRORS = Counter(
    "krams_errors_total",
    "Requests that ended in an error: of the database that is away, or of the portal.",
    ["kind"],
    registry=OWN,
)
CONNECTIONS = Gauge(
    "krams_database_connections",
    "Connections of the pools: in use or free.",
    ["state"],
    multiprocess_mode="livesum",
    registry=OWN,
)
WAITING = Gauge(
    "krams_database_waiting",
    "Requests that wait for a connection of the pools, as of the last answer of each process.",
    multiprocess_mode="livesum",
    registry=OWN,
)
# What the pool counts itself (psycopg_pool, "Pool stats") -> ours, and its unit in theirs.
OF_THE_POOL = {
    "requests_queued": (
        Counter(
            "krams_database_waits_total",
            "Times that a connection was waited for.",
            registry=OWN,
        ),
        1,
    ),
    "requests_wait_ms": (
        Counter(
            "krams_database_wait_seconds_total",
            "Time for which connections were waited for.",
            registry=OWN,
        ),
        1000,
    ),
    "requests_errors": (
        Counter(
            "krams_database_refused_total",
            "Times that no connection was to be had.",
            registry=OWN,
        ),
        1,
    ),
    "connections_lost": (
        Counter(
            "krams_database_lost_total",
            "Connections that the database or the network closed.",
            registry=OWN,
        ),
        1,
    ),
}
_seen: dict[str, int] = {}
_lock = threading.Lock()


def answered(*, view: str, method: str, status: int, seconds: float) -> None:
    """Count one request; ``seconds`` is how long it took."""
    REQUESTS.labels(view, method, f"{status // 100}xx").inc()
    ANSWERS.labels(str(status)).inc()
    SECONDS.labels(view).observe(seconds)


def saw_pool(stats: dict[str, Any]) -> None:
    """Take over what the pool of this process says of itself: it counts from its start."""
    size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
    CONNECTIONS.labels("used").set(max(size - free, 0))
    CONNECTIONS.labels("free").set(free)
    WAITING.set(stats.get("requests_waiting", 0))
    with _lock:
        for name, (counter, unit) in OF_THE_POOL.items():
            # A pool that was made anew begins at 0 again.
            more = stats.get(name, 0) - _seen.get(name, 0)
            counter.inc(max(more, 0) / unit)
            _seen[name] = stats.get(name, 0)
