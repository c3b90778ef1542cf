"""The floor: a bare WSGI function that does what no portal could leave out, and nothing else.

For each page it checks the session (cookie, row of the session table, signature, content), runs the
SQL that the portal ran for that page with the same parameters over a connection that stays open,
fetches all rows, joins the same HTML out of its tags and texts, and answers with the same status,
headers and bytes. A form that was posted is read and parsed; its statements run in one transaction
that is rolled back, so that they can run again.

    gunicorn benchmarks.floor:application

reads ``BENCHMARK_RECORDING`` (a file of ``recording.save``), ``DATABASE_URL`` and ``SECRET_KEY``.
"""

import gzip
import os
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl

from . import recording, sessions
from .recording import Exchange, Statement

TAG = re.compile(r"(<[^>]*>)")
SESSION = (
    "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s LIMIT 21"
)
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Database(Protocol):
    """A connection; ``begin`` opens a transaction that is meant to write, ``end`` undoes it."""

    begin: str
    end: str

    def run(self, statement: Statement) -> None: ...

    def rows(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]: ...

    def prepared(self, statement: Statement) -> Statement: ...


class PostgreSQL:
    begin, end = "BEGIN", "ROLLBACK"

    def __init__(self, connection: Any):
        self.connection = connection

    @classmethod
    def at(cls, url: str) -> Self:
        import psycopg

        # Parameters go into the text, as Django has it: the same statements reach the server.
        return cls(
            psycopg.connect(
                url, autocommit=True, cursor_factory=psycopg.ClientCursor, options="-c TimeZone=UTC"
            )
        )

    def run(self, statement: Statement) -> None:
        with self.connection.cursor() as cursor:
            if statement.many:
                cursor.executemany(statement.sql, statement.params)
                return
            cursor.execute(statement.sql, statement.params)
            if cursor.description:
                cursor.fetchall()

    def rows(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(sql, params).fetchall()
            return found

    def prepared(self, statement: Statement) -> Statement:
        return statement


class SQLite:
    begin, end = "BEGIN IMMEDIATE", "ROLLBACK"

    def __init__(self, connection: Any):
        self.connection = connection

    @classmethod
    def at(cls, url: str) -> Self:
        import sqlite3
        from types import SimpleNamespace

        import django
        from django.db.backends.signals import connection_created
        from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]
            register,  # Not in the stubs.
        )

        # The functions and the order of texts that the statements use are Django's and the
        # portal's; Django itself takes no part in answering.
        django.setup()
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        register(connection)
        taught = SimpleNamespace(vendor="sqlite", connection=connection, alias="default")
        connection_created.send(sender=type(taught), connection=taught)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA synchronous=FULL")
        return cls(connection)

    def run(self, statement: Statement) -> None:
        if statement.many:
            self.connection.executemany(statement.sql, statement.params)
        else:
            self.connection.execute(statement.sql, statement.params or ()).fetchall()

    def rows(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]]
        found = self.connection.execute(sql.replace("%s", "?"), params).fetchall()
        return found

    def prepared(self, statement: Statement) -> Statement:
        """With SQLite's own placeholders. Without parameters a per cent sign stands for itself."""
        if statement.params is None:
            return statement
        sql = statement.sql.replace("%s", "?").replace("%%", "%")
        return replace(statement, sql=sql)


def database_of(url: str) -> Database:
    return SQLite.at(url) if url.startswith("sqlite") else PostgreSQL.at(url)


class Answer:
    """What is sent for one page: its statements, its pieces of HTML, its headers."""

    def __init__(self, exchange: Exchange, database: Database):
        encoding = dict(exchange.answer_headers).get("Content-Encoding", "")
        content = exchange.content
        if encoding == "gzip":
            content = gzip.decompress(content)
        elif encoding:
            raise ValueError(f"The floor does not know the encoding {encoding}.")
        self.is_compressed = bool(encoding)
        self.pieces = TAG.split(content.decode())
        self.status, self.headers = exchange.status, exchange.answer_headers
        statements = [
            database.prepared(one)
            for one in exchange.statements
            if not one.is_transaction and not one.reads_the_session
        ]
        self.writes = any(one.writes for one in statements)
        self.statements = statements

    def body(self) -> bytes:
        text = "".join(self.pieces).encode()
        return gzip.compress(text, 6) if self.is_compressed else text

    def sent_headers(self, body: bytes) -> list[tuple[str, str]]:
        if not self.is_compressed:
            return self.headers
        return [
            (name, str(len(body)) if name == "Content-Length" else value)
            for name, value in self.headers
        ]


class Floor:
    """The WSGI function. Each thread has its own connection, as the portal's threads have."""

    def __init__(self, exchanges: list[Exchange], connect: Callable[[], Database], secret: str):
        self.connect, self.key = connect, sessions.signing_key(secret)
        self.local = threading.local()
        self.answers = {
            (one.page.method, one.path, str(one.page.user_id)): Answer(one, self.database)
            for one in exchanges
        }

    @property
    def database(self) -> Database:
        if not hasattr(self.local, "database"):
            self.local.database = self.connect()
        found: Database = self.local.database
        return found

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        database = self.database
        try:
            user = self._user(database, environ.get("HTTP_COOKIE", ""))
        except sessions.BadSession:
            start_response("401 Unauthorized", [])
            return []
        query = environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"] + (f"?{query}" if query else "")
        answer = self.answers.get((environ["REQUEST_METHOD"], path, user))
        if answer is None:
            start_response("404 Not Found", [])
            return []
        if environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            parse_qsl(environ["wsgi.input"].read(length).decode(), keep_blank_values=True)
        self._run(database, answer)
        body = answer.body()
        start_response(answer.status, answer.sent_headers(body))
        return [body]

    def _user(self, database: Database, cookies: str) -> str:
        key = sessions.cookie(cookies, "sessionid")
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        rows = database.rows(SESSION, (key, now))
        if not rows:
            raise sessions.BadSession
        return str(sessions.decode(rows[0][0], self.key)["_auth_user_id"])

    @staticmethod
    def _run(database: Database, answer: Answer) -> None:
        if not answer.writes:
            for statement in answer.statements:
                database.run(statement)
            return
        database.run(Statement(database.begin))
        try:
            for statement in answer.statements:
                database.run(statement)
        finally:
            database.run(Statement(database.end))


def _from_the_environment() -> Floor:
    exchanges = recording.load(Path(os.environ["BENCHMARK_RECORDING"]))
    connect = partial(database_of, os.environ["DATABASE_URL"])
    return Floor(exchanges, connect, os.environ["SECRET_KEY"])


def __getattr__(name: str) -> Floor:
    """``application``, made when a server asks for it and not when a test imports the module."""
    if name == "application":
        globals()["application"] = made = _from_the_environment()
        return made
    raise AttributeError(name)
