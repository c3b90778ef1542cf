"""Sends requests over one kept connection, one at a time, and takes their time."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass

from .recording import Exchange
from .servers import Server

# What a worker does after the answer is sent belongs to the request too.
SECONDS_TO_SETTLE = 0.005
MOST_SECONDS = 180


class WrongAnswer(Exception):
    """A page answered otherwise than it was recorded: its figures would mean nothing."""


@dataclass(frozen=True)
class Batch:
    """Milliseconds: of CPU for each request, and of each request until its last byte was read."""

    cpu: float
    latencies: list[float]


class Browser:
    """Asks one server, as one person after another would."""

    def __init__(self, server: Server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=MOST_SECONDS)

    def ask(self, exchange: Exchange, *, again: bool = True) -> tuple[float, bytes, str]:
        """Milliseconds, body, encoding. Raises ``WrongAnswer``."""
        page = exchange.page
        where = f"{self.server.name}: {page.method} {exchange.path}"
        started = time.perf_counter_ns()
        try:
            self.connection.request(
                page.method, exchange.path, exchange.body or None, exchange.headers
            )
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            if not again:
                raise
            # The server closes a connection that rested; a browser then opens another.
            self.connection.close()
            return self.ask(exchange, again=False)
        except TimeoutError as error:
            raise WrongAnswer(f"{where}: nothing in {MOST_SECONDS} seconds") from error
        body = answer.read()
        took = (time.perf_counter_ns() - started) / 1e6
        if answer.status != page.status:
            raise WrongAnswer(f"{where}: {answer.status}, not {page.status}")
        return took, body, answer.headers.get("Content-Encoding", "")

    def batch(
        self,
        exchange: Exchange,
        count: int,
        before: Callable[[Exchange], Exchange] | None = None,
        after: Callable[[Exchange], None] | None = None,
    ) -> Batch:
        """Ask ``count`` times; ``before`` gives what to send next, ``after`` takes it back."""
        # The connection may have rested too long, and what was swapped out comes back.
        self.connection.close()
        self.connection.connect()
        latencies = []
        began = self.server.cpu()
        for _number in range(count):
            sent = before(exchange) if before else exchange
            latencies.append(self.ask(sent)[0])
            if after:
                after(sent)
        time.sleep(SECONDS_TO_SETTLE)
        return Batch((self.server.cpu() - began) / 1e6 / count, latencies)
