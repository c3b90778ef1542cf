"""A portal, its floor and who knows their database, started together and ended together."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from . import recording
from .clerk import Clerk
from .driver import Browser
from .recording import Exchange, Page
from .servers import ROOT, Server

Say = Callable[[str], None]


class NoSuchPage(Exception):
    """The text names those that there are."""


@dataclass
class Options:
    """What of a database is measured. ``pages`` are keys; none are all of them."""

    database: str
    pages: Sequence[str] = ()
    encoding: str = "identity"
    with_floor: bool = True
    workers: int = 1


class Bench:
    """Everything running on one database."""

    def __init__(self, options: Options, say: Say):
        self.options, self.say = options, say
        self.stack = ExitStack()
        self.missing: list[str] = []
        self.exchanges: list[Exchange] = []
        self.servers: dict[str, Server] = {}
        self.clerks: dict[str, Clerk] = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stack.close()

    def _start(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        environment = portal_environment(self.options.database, folder)
        collect_static(environment)
        bare = environment | {"BENCHMARK_BARE": "1"}
        clerk = self._clerk(environment)
        found, self.missing = clerk.pages()
        wanted = chosen(found, self.options.pages)
        self.clerks["portal"] = clerk
        if any(page.server == "bare" for page in wanted):
            self.clerks["bare"] = self._clerk(bare)
        for page in wanted:
            self.say(f"recording {page.key}")
            self.exchanges.append(self.clerks[page.server].record(page))
        file = folder / "recording"
        recording.save(self.exchanges, file)
        self._serve("portal", "krams.wsgi:application", environment, folder)
        if "bare" in self.clerks:
            self._serve("bare", "krams.wsgi:application", bare, folder)
        if self.options.with_floor:
            own = environment | {"BENCHMARK_RECORDING": str(file)}
            self._serve("floor", "benchmarks.floor:application", own, folder)

    def _clerk(self, environment: dict[str, str]) -> Clerk:
        quiet = environment | {"LOG_LEVEL": "WARNING"}
        return self.stack.enter_context(Clerk(quiet, self.options.encoding))

    def _serve(
        self, name: str, application: str, environment: dict[str, str], folder: Path
    ) -> None:
        log, workers = folder / f"{name}.log", self.options.workers
        server = Server(name, application, environment, log, workers)
        self.servers[name] = self.stack.enter_context(server)

    def portal_of(self, page: Page) -> Server:
        """Who answers the page, if not the floor."""
        return self.servers[page.server]

    def next_form(self, exchange: Exchange) -> Exchange:
        return self.clerks[exchange.page.server].next_form(exchange)

    def take_back(self, exchange: Exchange) -> None:
        self.clerks[exchange.page.server].take_back(exchange.page)

    def bytes_of(self, exchange: Exchange, encoding: str) -> int | None:
        """What a page weighs as sent; None where the portal does not offer that encoding."""
        if exchange.page.write:
            return len(exchange.content) if encoding == "identity" else None
        headers = exchange.headers | {"Accept-Encoding": encoding}
        asked = replace(exchange, headers=headers)
        _took, body, sent = Browser(self.portal_of(exchange.page)).ask(asked)
        return len(body) if sent == encoding.replace("identity", "") else None


def portal_environment(database: str, folder: Path) -> dict[str, str]:
    """As in production, but without TLS, which a proxy would do."""
    return {
        "ALLOWED_HOSTS": "127.0.0.1",
        "BENCHMARK_STATIC": str(folder / "static"),
        "DATABASE_URL": database,
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "HTTPS": "0",
        "SECRET_KEY": secrets.token_hex(40),
    }


def collect_static(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)


def chosen(found: Sequence[Page], keys: Sequence[str]) -> list[Page]:
    """The pages with these keys, or all. Raises ``NoSuchPage``."""
    known = {page.key: page for page in found}
    if unknown := [key for key in keys if key not in known]:
        raise NoSuchPage(f"{', '.join(unknown)}; there are: {', '.join(known)}")
    return [known[key] for key in keys] if keys else list(found)
