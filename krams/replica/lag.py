"""When a copy of the database may be asked: how far behind it is, and whether it answers at all.

Positions are places in PostgreSQL's write-ahead log, in bytes from its beginning: what stands
before a position has been written, and a replica that has replayed up to it holds all of that.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

Clock = Callable[[], float]


class Marks:
    """Where the primary was, as seen by this process in the last seconds.

    No clock of another machine is asked, so it does not matter whether they agree.
    """

    def __init__(self, *, seconds: float, clock: Clock = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._marks: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def see(self, ask: Callable[[], int]) -> None:
        """Remember where the primary is; ``ask`` is called at most once a second."""
        with self._lock:
            now = self._clock()
            if self._marks and now - self._marks[-1][0] < min(1.0, self._seconds / 2):
                return
        # Between question and answer the primary goes on: the mark counts from before.
        position = ask()
        with self._lock:
            self._marks.append((now, position))

    def is_recent(self, position: int) -> bool:
        """Whether a replica that is at ``position`` is surely behind by no more than ``seconds``.

        Where nothing was seen for a while it may be that neither this nor ``is_late`` is sure.
        """
        with self._lock:
            oldest = self._forget()
            return any(position >= mark for at, mark in self._marks if at >= oldest)

    def is_late(self, position: int) -> bool:
        """Whether it is surely behind by more."""
        with self._lock:
            oldest = self._forget()
            return any(position < mark for at, mark in self._marks if at < oldest)

    def _forget(self) -> float:
        """All but one of the marks that are older than the seconds, which it returns as a time."""
        oldest = self._clock() - self._seconds
        while len(self._marks) > 1 and self._marks[1][0] < oldest:
            self._marks.popleft()
        return oldest


class Breaker:
    """Keeps requests away from what did not answer, so that not each of them waits for it.

    After ``seconds`` one request tries; the others go on without until it has found out.
    """

    def __init__(self, *, seconds: float, clock: Clock = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._is_open = False
        self._until = 0.0
        self._lock = threading.Lock()

    def lets_through(self) -> bool:
        with self._lock:
            if not self._is_open:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._seconds
            return True

    def failed(self) -> bool:
        """Whether this is news."""
        with self._lock:
            is_news, self._is_open = not self._is_open, True
            self._until = self._clock() + self._seconds
            return is_news

    def worked(self) -> bool:
        """Whether this is news."""
        with self._lock:
            is_news, self._is_open = self._is_open, False
            return is_news
