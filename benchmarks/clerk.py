"""A process of its own that knows one database: finds pages, records them, fills forms.

Django can have one set of settings and one database a process; the benchmark compares several.
"""

import contextlib
import os
import secrets
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .recording import Exchange, Page, Statement, plain

if TYPE_CHECKING:
    from .visit import Visit
    from .writes import Form

HEADERS = {
    "Host": "127.0.0.1",
    "Accept": "text/html",
    "Accept-Language": "da",
    "User-Agent": "benchmark",
}


@dataclass(frozen=True)
class Facts:
    """What there is in the database, and which one it is."""

    database: str
    facilities: int
    activities: int


class Clerk:
    """The other side of the process; ``environment`` is that of the portal that it speaks for."""

    def __init__(self, environment: dict[str, str], encoding: str):
        mine, its = get_context("spawn").Pipe()
        self.pipe = mine
        before = dict(os.environ)
        # A spawned process takes the environment of the moment.
        os.environ.update(environment)
        try:
            self.process = get_context("spawn").Process(
                target=_serve, args=(its, encoding), daemon=True
            )
            self.process.start()
        finally:
            os.environ.clear()
            os.environ.update(before)
        its.close()

    def ask(self, what: str, *args: Any) -> Any:
        """Call a method of :class:`Desk` there. Raises ``RuntimeError`` with what went wrong."""
        try:
            self.pipe.send((what, args))
            is_well, answer = self.pipe.recv()
        except (BrokenPipeError, EOFError) as error:
            raise RuntimeError("The process of the database has ended.") from error
        if not is_well:
            raise RuntimeError(answer)
        return answer

    def pages(self) -> tuple[list[Page], list[str]]:
        found: tuple[list[Page], list[str]] = self.ask("pages")
        return found

    def facts(self) -> Facts:
        found: Facts = self.ask("facts")
        return found

    def record(self, page: Page) -> Exchange:
        found: Exchange = self.ask("record", page)
        return found

    def next_form(self, exchange: Exchange) -> Exchange:
        """The exchange with a form that can be sent now."""
        path, body = self.ask("fill", exchange.page)
        return exchange.sent_as(path, body)

    def take_back(self, page: Page) -> None:
        self.ask("take_back", page)

    def visits(self, facilities: int) -> "list[tuple[Visit, dict[str, str]]]":
        found: list[tuple[Visit, dict[str, str]]] = self.ask("visits", facilities)
        return found

    def newest(self) -> int:
        """The key of the newest registration, for ``take_back_visits``."""
        found: int = self.ask("newest")
        return found

    def take_back_visits(self, after: int) -> int:
        """How many registrations of the visitors are gone again."""
        found: int = self.ask("take_back_visits", after)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The people who were logged in are logged out again."""
        with contextlib.suppress(OSError, EOFError, RuntimeError):
            self.ask("close")
        self.process.join(timeout=10)
        self.process.kill()


def _serve(pipe: Connection, encoding: str) -> None:
    import django

    django.setup()
    desk = Desk(encoding)
    while True:
        try:
            what, args = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, getattr(desk, what)(*args)))
        except Exception as error:
            # The other side raises it again.
            pipe.send((False, f"{what} {args}: {type(error).__name__}: {error}"))
        if what == "close":
            return


class Desk:
    """What the process does; needs Django set up."""

    def __init__(self, encoding: str):
        self.headers = HEADERS | {"Accept-Encoding": encoding}
        # Of the length and the letters that Django makes itself.
        letters = string.ascii_letters + string.digits
        self.csrf = "".join(secrets.choice(letters) for _ in range(32))
        self.sessions: dict[int, str] = {}
        self.forms: dict[str, Form] = {}

    def pages(self) -> tuple[list[Page], list[str]]:
        from .discovery import pages

        return pages()

    def facts(self) -> Facts:
        from django.db import connection

        from initiatives.models import Activity
        from krams.models import Facility

        with connection.cursor() as cursor:
            is_sqlite = connection.vendor == "sqlite"
            cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
            [version] = cursor.fetchone()
        name = f"{'SQLite' if is_sqlite else 'PostgreSQL'} {version.split()[0]}"
        return Facts(name, Facility.objects.count(), Activity.objects.count())

    def record(self, page: Page) -> Exchange:
        """Ask for the page twice: the first time fills what is read once in the life of a worker.

        Raises ``RuntimeError`` where the answer has another status than it should.
        """
        exchange = self._once(page)
        if page.write:
            self.take_back(page)
        exchange = self._once(page)
        if page.write:
            self.take_back(page)
        return exchange

    def fill(self, page: Page) -> tuple[str, bytes]:
        return self._form(page).fill()

    def take_back(self, page: Page) -> None:
        self._form(page).take_back()

    def visits(self, facilities: int) -> "list[tuple[Visit, dict[str, str]]]":
        """What is asked for at so many facilities, each with the headers of whoever asks."""
        from .visitors import visits

        return [(one, self._headers(one.user_id)) for one in visits(facilities)]

    def newest(self) -> int:
        from .visitors import newest

        return newest()

    def take_back_visits(self, after: int) -> int:
        from .visitors import take_back

        return take_back(after, self.sessions)

    def _headers(self, user_id: int) -> dict[str, str]:
        cookies = f"sessionid={self._session(user_id)}; csrftoken={self.csrf}"
        return self.headers | {"Cookie": cookies}

    def close(self) -> None:
        from django.contrib.sessions.models import Session

        Session.objects.filter(pk__in=self.sessions.values()).delete()

    def request(self, page: Page) -> tuple[str, dict[str, str], bytes]:
        """Address, headers and body of a request for the page."""
        headers = self._headers(page.user_id)
        if not page.write:
            return page.path, headers, b""
        from .writes import HTMX

        path, body = self.fill(page)
        form = {"Content-Type": "application/x-www-form-urlencoded", **HTMX}
        return path, headers | form, body

    def _once(self, page: Page) -> Exchange:
        path, headers, body = self.request(page)
        with _statements() as statements:
            answer = self._client(page).generic(
                page.method,
                path,
                body,
                headers={key: value for key, value in headers.items() if key != "Content-Type"},
                content_type=headers.get("Content-Type", "application/octet-stream"),
            )
        if answer.status_code != page.status:
            raise RuntimeError(f"{page.method} {path}: {answer.status_code}, not {page.status}")
        sent = [
            *answer.items(),
            *(("Set-Cookie", c.OutputString()) for c in answer.cookies.values()),
        ]
        status = f"{answer.status_code} {answer.reason_phrase}"
        return Exchange(page, path, headers, body, status, sent, answer.content, statements)

    def _form(self, page: Page) -> "Form":
        from .writes import HTMX, Form

        if page.key not in self.forms:
            headers = self._headers(page.user_id) | {"Accept-Encoding": "identity"}
            self.forms[page.key] = Form(page, self._client(page), headers | HTMX)
        return self.forms[page.key]

    def _client(self, page: Page) -> Any:
        from django.test import Client

        return Client(enforce_csrf_checks=True, raise_request_exception=True)

    def _session(self, user_id: int) -> str:
        """The key of a session in which the person is logged in."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from krams.models import User

        if user_id not in self.sessions:
            store = SessionStore()
            store[SESSION_KEY] = str(user_id)
            store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            store[HASH_SESSION_KEY] = User.objects.get(pk=user_id).get_session_auth_hash()
            store.create()
            store.save()
            self.sessions[user_id] = str(store.session_key)
        return self.sessions[user_id]


@contextlib.contextmanager
def _statements() -> Iterator[list[Statement]]:
    """Every statement that runs meanwhile, in order, as it reached the driver."""
    from django.db import connection

    found: list[Statement] = []

    def keep(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(context["connection"].connection)
        given = None if params is None else plain(params, _json_of)
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - began) * 1000
            found.append(Statement(text, given, many, took))

    with connection.execute_wrapper(keep):
        yield found


def _json_of(value: Any) -> Any:
    """JSON for psycopg, without Django's way of writing it; anything else as it is."""
    from psycopg.types.json import Json, Jsonb

    return type(value)(value.obj) if isinstance(value, Json | Jsonb) else value
