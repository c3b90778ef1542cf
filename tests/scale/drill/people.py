"""People who write at once: each sends a form until it is acknowledged, as a person would.

Every attempt is counted. Who gets no answer, or the page that says that the database is away,
waits for a second and sends the same form again.
"""

import http.client
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle

from tests.forms_on_pages import read_page
from tests.scale.browsers import Answer, Browser
from tests.scale.servers import Portal

from .counts import HALF, Tally
from .prepared import FACILITIES, PEOPLE

WAIT = 1.0
# Who gets none within this time has waited in vain.
MOST_SECONDS = 30
# What the load leaves behind is sent to its end.
LAST_SECONDS = 60
MOST_TOLD = 20


@dataclass
class Form:
    """What is sent until it is there. ``key`` is what it is found by in the database."""

    path: str
    fields: dict
    key: str
    proposal: int = 0


@dataclass
class Person:
    """Raises ``AssertionError`` where the portal does not let them in."""

    number: int
    browser: Browser
    tally: Tally
    end: "End"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.house = f"/botilbud/hus-{self.number % FACILITIES}/"
        self.cell = f"/klynger/proeve/felt/{self.number + 1}/nordby/"
        self.browser.log_in(f"skriver{self.number}")
        self.taps = self.page(self.house + "i-dag/").form_at("/planlagt/")
        self.unplanned = self.page(self.house + "i-dag/").form_at("/registrer/")

    def write(self) -> None:
        """Until it is over, and what is then under way to its end."""
        for make in cycle((self.tap, self.register, self.answer)):
            if self.end.is_over.is_set():
                return
            form = make()
            if form is None or not self.deliver(form):
                return

    # --- What is written ------------------------------------------------------------------------

    def tap(self) -> Form:
        path, fields = self.taps
        return self._registration(path, {**fields, "participant_count": "7", "outcome": "held"})

    def register(self) -> Form:
        path, fields = self.unplanned
        note = f"Skrevet {self.number}.{next(self._numbers)}"
        told = {"activity_type": "1", "participant_count": "7", "note": note}
        return self._registration(path, {**fields, **told})

    def _registration(self, path: str, fields: dict) -> Form:
        key = uuid.uuid4()
        return Form(path, {**fields, "submission_id": str(key)}, key.hex[: 2 * HALF])

    def answer(self) -> Form | None:
        """The cell of this person, with a text that it has not had before."""
        if (page := self.try_to(self.cell)) is None:
            return None
        path, fields = _Page(page).form_at(self.cell)
        text = f"Svar {self.number}.{next(self._numbers)}"
        return Form(path, _cell(fields, text), text, self.number + 1)

    # --- How it is sent -------------------------------------------------------------------------

    def deliver(self, form: Form) -> bool:
        answer = self.try_to(form.path, form)
        with self.tally.lock:
            if answer is None:
                self.tally.unknown.add(form.key)
            elif form.proposal:
                self.tally.answered.setdefault(form.proposal, []).append(form.key)
            else:
                self.tally.registered.add(form.key)
        return answer is not None

    def page(self, path: str) -> "_Page":
        answer = self.try_to(path)
        assert answer is not None, path
        return _Page(answer)

    def try_to(self, path: str, form: Form | None = None) -> Answer | None:
        """The answer as soon as there is one that is not a refusal. None where none comes."""
        end: float | None = None
        while True:
            answer = self._attempt(path, form)
            if answer is not None and answer.status in ((200, 302) if form is None else (302,)):
                return answer
            if answer is not None and answer.status != 503 and answer.status < 500:
                return None
            if self.end.is_dead.is_set():
                return None
            if self.end.is_over.is_set():
                end = end or time.monotonic() + LAST_SECONDS
                if time.monotonic() > end:
                    return None
            time.sleep(WAIT)

    def _attempt(self, path: str, form: Form | None) -> Answer | None:
        began = time.monotonic()
        try:
            answer = self.browser.send(path, form and form.fields, seconds=MOST_SECONDS)
        except (OSError, http.client.HTTPException):
            answer = None
        self._count(answer, time.monotonic() - began, form)
        return answer

    def _count(self, answer: Answer | None, seconds: float, form: Form | None) -> None:
        tally = self.tally
        with tally.lock:
            tally.requests += 1
            if answer is None:
                tally.cut += 1
            elif answer.status == 503 and is_friendly(answer.text):
                tally.refusals.append(seconds)
            elif answer.status >= 500:
                tally.bare.append(f"{answer.status} {answer.path}: {answer.text[:300]}")
            elif answer.status not in ((200, 302) if form is None else (302,)):
                told = f"{answer.status} {answer.path}: {form and form.key}"
                tally.unexpected.append(told)


class _Page:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def form_at(self, part: str) -> tuple[str, dict]:
        """Address and fields of the first form that posts to an address with this part."""
        forms, _links = read_page(self.answer.text, self.answer.path)
        form = next(one for one in forms if part in one.path and one.method == "post")
        fields = {name: values for name, values in form.data.items() if name != TOKEN}
        return form.path.partition("#")[0], fields


TOKEN = "csrfmiddlewaretoken"


def _cell(fields: dict, text: str) -> dict:
    """What makes the answer of a cell: its state, and one effort with this text."""
    return {**fields, "l0-text": text, "state": "established"}


def is_friendly(text: str) -> bool:
    """A page in the portal's look, not the words of a server."""
    return 'class="stack errorpage"' in text and "portal." in text


@dataclass
class End:
    """``is_over``: what is under way is sent to its end. ``is_dead``: nobody will answer it."""

    is_over: threading.Event = field(default_factory=threading.Event)
    is_dead: threading.Event = field(default_factory=threading.Event)


@contextmanager
def writing(portal: Portal, tally: Tally, *, people: int = PEOPLE) -> Iterator[End]:
    """Everybody writes for as long as the context lasts; afterwards nothing is under way."""
    end = End()
    all_of_them = [Person(number, Browser(portal), tally, end) for number in range(people)]
    threads = [threading.Thread(target=person.write) for person in all_of_them]
    for thread in threads:
        thread.start()
    try:
        yield end
    finally:
        end.is_over.set()
        for thread in threads:
            thread.join()
