"""How much a portal carries: many at once ask for what a busy hour asks for.

Either everybody asks again as soon as they have an answer, which shows the most that there is; or
so many requests a second begin, whatever the answers take, which shows how long people then wait.
"""

import http.client
import random
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psycopg

from .bench import Bench
from .clerk import Clerk
from .figures import percentile
from .servers import Server, cpu_of
from .visit import REGISTER, Visit, form_on

# Of a hundred requests.
MIX = {"today": 45, "log": 20, "week": 20, "overview": 5, REGISTER: 10}
SEED = 9
MOST_SECONDS = 60
Seat = tuple[Visit, dict[str, str]]


class Failed(Exception):
    """A page answered otherwise than it should."""


@dataclass(frozen=True)
class Order:
    """``people`` ask at once for ``seconds``; with a ``rate`` so many requests a second begin."""

    facilities: int = 200
    people: int = 8
    seconds: float = 60
    rate: float = 0


@dataclass
class Load:
    """What was measured. ``workers`` and ``database`` are milliseconds of CPU a request."""

    order: Order
    seconds: float = 0
    workers: float = 0
    database: float | None = None
    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def requests(self) -> int:
        return sum(map(len, self.latencies.values()))

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, percent: float, key: str = "") -> float:
        """Milliseconds; of all pages where no ``key`` is given."""
        found = (
            self.latencies[key] if key else [ms for one in self.latencies.values() for ms in one]
        )
        return percentile(found, percent)


def put_under_load(bench: Bench, order: Order) -> Load:
    """Raises ``Failed``. What was registered is taken back."""
    clerk, server = bench.clerks["portal"], bench.servers["portal"]
    before = clerk.newest()
    try:
        seats = _seats(clerk, server, order.facilities)
        bench.say(", ".join(f"{len(some)} × {key}" for key, some in seats.items()))
        _run(server, seats, Order(order.facilities, order.people, min(5, order.seconds)))
        return _measured(bench, server, seats, order)
    finally:
        bench.say(f"taken back: {clerk.take_back_visits(before)}")


def _seats(clerk: Clerk, server: Server, facilities: int) -> dict[str, list[Seat]]:
    """Each kind of request with those who can make it."""
    seats: dict[str, list[Seat]] = defaultdict(list)
    connection = _connect(server)
    for visit, headers in clerk.visits(facilities):
        seats[visit.key].append((visit, headers))
        if visit.key == "today":
            html = _ask(connection, visit, headers | {"Accept-Encoding": "identity"}).decode()
            if form := form_on(html, visit):
                seats[REGISTER].append((form, headers))
    connection.close()
    if missing := set(MIX) - set(seats):
        raise Failed(f"Nobody can ask for {', '.join(sorted(missing))}.")
    return seats


def _measured(bench: Bench, server: Server, seats: dict[str, list[Seat]], order: Order) -> Load:
    backends = _backends(bench.options.database)
    began = server.cpu(), sum(map(cpu_of, backends))
    found = _run(server, seats, order)
    count = found.requests * 1e6
    found.workers = (server.cpu() - began[0]) / count
    if backends:
        found.database = (sum(map(cpu_of, backends)) - began[1]) / count
    return found


def _backends(url: str) -> list[int]:
    """PostgreSQL's processes for this portal; none where it is elsewhere, or SQLite."""
    if not url.startswith("postgres"):
        return []
    sql = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url) as connection:
        pids = [pid for (pid,) in connection.execute(sql)]
    try:
        sum(map(cpu_of, pids))
    except OSError:
        return []
    return pids


def _run(server: Server, seats: dict[str, list[Seat]], order: Order) -> Load:
    found, lock = Load(order), threading.Lock()
    began = time.monotonic()

    def visit(number: int) -> None:
        choose = random.Random(SEED * 1000 + number)
        connection = _connect(server)
        keys, weights = list(MIX), list(MIX.values())
        for start in _starts(order, number, began):
            [key] = choose.choices(keys, weights)
            visited, headers = choose.choice(seats[key])
            _ask(connection, visited, headers)
            took = (time.monotonic() - start) * 1000
            with lock:
                found.latencies[key].append(took)
        connection.close()

    with ThreadPoolExecutor(order.people) as people:
        for one in [people.submit(visit, number) for number in range(order.people)]:
            one.result()
    found.seconds = time.monotonic() - began
    return found


def _starts(order: Order, number: int, began: float) -> Iterator[float]:
    """When the next request should begin, as soon as it may; a late answer makes it no later."""
    if not order.rate:
        while (now := time.monotonic()) < began + order.seconds:
            yield now
        return
    every = order.people / order.rate
    due = began + every * number / order.people
    while due < began + order.seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        yield due
        due += every


def _connect(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=MOST_SECONDS)


def _ask(connection: http.client.HTTPConnection, visit: Visit, headers: dict[str, str]) -> bytes:
    """The page as sent. Raises ``Failed``."""
    method, body = "GET", None
    if visit.fields:
        # Each form is a new one.
        fields = [
            (name, str(uuid.uuid4()) if name == "submission_id" else value)
            for name, value in visit.fields
        ]
        method, body = "POST", urlencode(fields).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        headers = headers | form
    answer = _answer(connection, lambda: connection.request(method, visit.path, body, headers))
    page = answer.read()
    if answer.status != 200:
        raise Failed(f"{method} {visit.path}: {answer.status}")
    return page


def _answer(
    connection: http.client.HTTPConnection, send: Callable[[], None]
) -> http.client.HTTPResponse:
    """A connection that rested too long is closed by the server, and opened again."""
    try:
        send()
        return connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):
        connection.close()
        send()
        return connection.getresponse()
