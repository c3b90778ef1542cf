"""What is wrong with an answer, with what came of it in the database, and with the log."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import brotli
from django.db import connection

from krams.danish.normal_form import tidy
from krams.web.compression import QUALITY_OF_LONG
from tests.forms_on_pages import PageForm, read_page
from tests.test_budget import MOST_PAGE_BYTES

from .sending import FORM, MARK, Sent

# Long for a person, and no time for something that never ends; the machine has other work, too.
SECONDS = 30
LED = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")
TYPED = ("text", "textarea", "email", "url", "search", "date", "time", "number", "tel")
ENGLISH = re.compile(r"\b(the|this|valid|please|must|with|required|enter|ensure)\b", re.IGNORECASE)
# Not what somebody asked for: that somebody was refused, how often, and who it is.
KEPT_OF_REFUSED = {"krams_auditentry", "portal_cache", "django_session"}
# When a link to an edition was last read by somebody who has no account.
KEPT_OF_READING = KEPT_OF_REFUSED | {"clusters_readlink"}
# The week: what is right of it is saved, and what is not comes back.
SAVED_BY_THE_CELL = re.compile(r"/botilbud/[^/]+/uge/\d{4}-W\d\d/")
WRITE = re.compile(r'\b(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
SAVEPOINT = re.compile(r'(RELEASE |ROLLBACK TO )?SAVEPOINT "?(\w+)"?')
# What may stand in a page, as U+FFFD stands for what may not.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


@dataclass
class Seen:
    """Beside the answer: the tables in which rows were written to stay, and what was logged."""

    tables: set[str] = field(default_factory=set)
    logged: list[str] = field(default_factory=list)


class _Listener(logging.Handler):
    """Whatever the portal itself holds for an error; what a stranger did wrong is not one."""

    def __init__(self, seen: Seen):
        super().__init__(logging.ERROR)
        self.seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.security."):
            self.seen.logged.append(f"{record.name}: {record.getMessage()[:200]}")


@contextmanager
def watched() -> Iterator[Seen]:
    seen, stack = Seen(), [("", set())]

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if found := SAVEPOINT.match(sql):
            _savepoint(stack, found[1], found[2])
        # SQLite counts what it returns when it has been read, which it has not yet.
        elif ("RETURNING" in sql or context["cursor"].rowcount) and (found := WRITE.search(sql)):
            stack[-1][1].add(found[1])
        return result

    listener, loggers = _Listener(seen), [logging.getLogger(), logging.getLogger("django")]
    before = [one.handlers for one in loggers]
    for one in loggers:
        one.handlers = [listener]
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        for one, handlers in zip(loggers, before, strict=True):
            one.handlers = handlers
    seen.tables |= set().union(*(tables for _name, tables in stack))


def _savepoint(stack: list[tuple[str, set]], what: str | None, name: str) -> None:
    if what is None:
        stack.append((name, set()))
        return
    while len(stack) > 1:
        inner, tables = stack.pop()
        if what == "RELEASE ":
            stack[-1][1].update(tables)
        if inner == name:
            break
    if what == "ROLLBACK TO ":
        # It stands until it is released.
        stack.append((name, set()))


def faults(answer, body: bytes, took: float) -> Iterable[str]:
    """Of any answer."""
    if answer.status_code >= 500:
        kind = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
        yield f"an error of the portal: {kind!r}"
    if b"Traceback (most recent" in body:
        yield "a traceback"
    if _is_html(answer) and MARK.encode() in body:
        yield "what was sent is an element of the page"
    for name in LED:
        where = answer.headers.get(name, "")
        host = urlsplit(where.replace("\\", "/")).netloc
        if host not in ("", "testserver") or re.match(r"\s*[a-z]+:(?!//)", where, re.IGNORECASE):
            yield f"{name} leads to {where[:100]}"
    if took > SECONDS:
        yield f"it took {took:.0f} s:"


def faults_beside(answer, form: PageForm, seen: Seen) -> Iterable[str]:
    """What stayed in the database though nothing may, and what the log calls an error."""
    reads = form.method == "get"
    left = seen.tables - (KEPT_OF_READING if reads else KEPT_OF_REFUSED)
    if SAVED_BY_THE_CELL.fullmatch(form.path) and answer.status_code in (409, 422):
        left = set()
    if left and (reads or answer.status_code >= 400):
        yield f"written though {'only read' if reads else 'refused'}: {sorted(left)}"
    if seen.logged and answer.status_code < 500:
        yield f"logged as an error: {seen.logged}"


def too_heavy(answer, body: bytes, sent: Sent) -> Iterable[str]:
    """A page does not grow with what it is asked, but for what it repeats of that.

    Who asks here has more roles than anybody, and sees more.
    """
    if not _is_html(answer):
        return
    room = 2 * (MOST_PAGE_BYTES + len(sent.body))
    if len(body) > room and (size := len(brotli.compress(body, quality=QUALITY_OF_LONG))) > room:
        yield f"a page of {size} bytes"


def faults_of_refusal(answer, body: bytes, form: PageForm, sent: Sent) -> Iterable[str]:
    """A form that comes back says in Danish what is wrong, and holds all that was typed.

    One that no page shows cannot come back.
    """
    if answer.status_code != 422 or not _is_html(answer) or not form.buttons:
        return
    if form.method == "get" and "HX-Request" in sent.headers:
        # The results are swapped, and the filter above them stays as it is.
        return
    page = body.decode()
    errors = errors_of(page)
    if not any(errors):
        yield "no word of what is wrong"
    for error in errors:
        if ENGLISH.search(error) and error not in str(sent.pairs):
            yield f"English: {error[:200]!r}"
    if lost := lost_of(page, form, sent):
        yield f"lost what was typed: {lost}"


def lost_of(page: str, form: PageForm, sent: Sent) -> dict[str, str]:
    """What of the fields that somebody writes in is not in them any more.

    Half a form has no rows to come back in.
    """
    if {name for name, values in form.data.items() if values} - {name for name, _ in sent.pairs}:
        return {}
    if sent.content_type != FORM and not sent.content_type.startswith("multipart/form-data; "):
        return {}
    back: dict[str, list[str]] = {}
    for one in read_page(page, form.path)[0]:
        for name, values in one.data.items():
            back.setdefault(name, []).extend(map(_drawn, values))
    lost = {}
    for name, kind in form.kinds.items():
        typed = [value for known, value in sent.pairs if known == name]
        if kind in TYPED and len(typed) == 1 and typed[0].strip():
            drawn = _drawn(typed[0])
            if drawn not in back.get(name, []):
                lost[name] = f"{drawn[:60]!r} is {[one[:60] for one in back.get(name, [])]!r}"
    return lost


def _drawn(text: str) -> str:
    """As it stands in a page: without what no page can hold, and without what nobody sees."""
    whole = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return tidy(CONTROL.sub("\ufffd", whole.replace("\r\n", "\n").replace("\r", "\n")))


class _Errors(HTMLParser):
    """The texts of all elements that tell what is wrong."""

    def __init__(self):
        super().__init__()
        self.depth, self.found = 0, []

    def handle_starttag(self, tag, attributes):
        have = {name: value or "" for name, value in attributes}
        kinds = {*have.get("class", "").split()}
        if (
            self.depth
            or kinds & {"err", "is-err", "errorlist", "errornote"}
            or have.get("role") == "alert"
        ):
            if not self.depth:
                self.found.append("")
            self.depth += tag not in ("use", "br", "input", "img", "hr")

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth) and tag not in ("use", "br", "input", "img", "hr")

    def handle_data(self, data):
        if self.depth:
            self.found[-1] += f" {data.strip()}"


def errors_of(page: str) -> list[str]:
    reader = _Errors()
    reader.feed(page)
    return [" ".join(text.split()) for text in reader.found]


def _is_html(answer) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")
