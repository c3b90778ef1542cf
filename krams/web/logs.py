"""Logs as one JSON object a line. They hold what happened, never what a form held.

Nor a secret: the address of a reset or an invitation is a key to an account for whoever reads it.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Any

from django.core.mail import mail_admins
from django.core.signals import request_started
from django.http import HttpRequest
from django.urls import get_resolver

# What a line may carry beside its message; everything else on the record stays out.
ALLOWED_EXTRAS = (
    *("method", "path", "status", "duration_ms", "user_id"),
    # Of a log-in that was refused: see krams.log_in.refusals.
    *("account", "address", "reason"),
    # Of an entry of the audit log: see krams.audit.actions.
    *("entry", "event", "about", "network"),
)
# The kinds of parameters that name something and open nothing.
NAMING = ("int", "slug")
PATH = re.compile(r"/\S+")
ADDRESS = re.compile(r"https?://[^\s,)]+")
# A UUID with or without dashes, as Caddy, nginx and others make them. It has no room for words, and
# none for the number of a person.
REQUEST_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# As many signs as somebody reads out over the telephone.
REFERENCE_LENGTH = 8
# Of the request that this thread answers; of the last one, while its answer is still being sent.
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin_request(given: str | None) -> str:
    """The id under which everything about a request is found: ``given``, if it looks like one."""
    given = (given or "").strip().lower()
    request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id


def reference() -> str:
    """What somebody who met an error reads out: what the id of the request begins with, or ""."""
    return (_request_id.get() or "")[:REFERENCE_LENGTH]


def _forget_request(**_signal: Any) -> None:
    """What is answered before an id is given, such as /readyz, does not get that of another."""
    _request_id.set(None)


request_started.connect(_forget_request, dispatch_uid="krams.web.logs")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_secrets(record),
        }
        for name in ALLOWED_EXTRAS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        if request_id := _request_id.get():
            line["request_id"] = request_id
        kind, _error, trace = record.exc_info or (None, None, None)
        if kind:
            # Names and lines of code only: the message of a database error can quote a form.
            line["exception"] = kind.__name__
            line["trace"] = _places(trace)
        return json.dumps(line, ensure_ascii=False)


class ErrorMail(logging.Handler):
    """Tells ``ADMIN_EMAIL`` of an error by its log line, and by nothing else.

    Django's own letter quotes the form, the cookies and the variables of every function.
    """

    # What strangers send, such as a made-up host, is no reason to write to anybody, and what the
    # mail server refuses cannot be told through it.
    UNTOLD = ("django.security", "krams.mail")
    # A database that is away is an error a request: the first one says so.
    QUIET_SECONDS = 600

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[tuple[str, str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(self.UNTOLD) and self._is_news(record):
            # A mail server that does not answer must not turn one error into two.
            mail_admins("KRAMS: error", self.format(record), fail_silently=True)

    def _is_news(self, record: logging.LogRecord) -> bool:
        """Whether this process has not told of the same error at the same place lately."""
        kind, _error, trace = record.exc_info or (None, None, None)
        place = _places(trace)[-1] if trace else str(record.msg)
        about = (record.name, kind.__name__ if kind else "", place)
        now = time.time()
        self.told = {one: at for one, at in self.told.items() if at > now - self.QUIET_SECONDS}
        if about in self.told:
            return False
        self.told[about] = now
        return True


def safe_path(request: HttpRequest) -> str:
    """The path with "…" for every part that could be a secret.

    Numbers and slugs name what is asked for; everything else that an address captures may be a
    token. Of a path that leads nowhere only a first part that is known is told: the rest may be a
    token cut short.
    """
    match = request.resolver_match
    if match is None:
        first = request.path.strip("/").split("/")[0]
        return f"/{first}/…" if first in _first_parts() else "/…"
    captured = match.kwargs | dict(enumerate(match.args))
    secrets = [
        str(value)
        for name, value in captured.items()
        if not any(f"<{kind}:{name}>" in match.route for kind in NAMING)
    ]
    path = request.path
    # The longest first: a short one may be a piece of it.
    for secret in sorted(secrets, key=len, reverse=True):
        path = path.replace(secret, "…")
    return path


@cache
def _first_parts() -> frozenset[str]:
    """What the portal's addresses begin with."""
    patterns = get_resolver().url_patterns
    return frozenset(str(one.pattern).split("/")[0] for one in patterns) - {""}


def _without_secrets(record: logging.LogRecord) -> str:
    # The page somebody came from, as the check of forms quotes it, may be such an address.
    message = ADDRESS.sub("…", record.getMessage())
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return message.replace(request.get_full_path(), safe_path(request)).replace(
            request.path, safe_path(request)
        )
    # The server below Django knows the whole address line, not what it means.
    return PATH.sub("/…", message) if record.name.startswith("gunicorn") else message


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
