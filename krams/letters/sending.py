"""A thread of each process that sends letters, so that nobody waits for the mail server."""

import logging
import threading
from collections.abc import Callable

from django.db import connections

logger = logging.getLogger("krams.mail")

_wanted = threading.Event()
_ending = threading.Event()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def wake(send: Callable[[], object]) -> None:
    """Have the thread call ``send`` soon; it is started when it is first needed.

    What a process that ends leaves undone, ``manage.py send_letters`` does.
    """
    global _thread
    with _lock:
        _wanted.set()
        # A worker that was forked has the variable and not the thread.
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, args=(send,), name="letters", daemon=True)
            _thread.start()


def is_ending() -> bool:
    """Whether this process is about to end: no further letter is begun."""
    return _ending.is_set()


def finish(seconds: float) -> bool:
    """Have the thread end with the letter that it has in hand; False where it takes longer.

    A letter that is cut off may have arrived, so nobody would send it again by itself. Those that
    wait are sent by another process, or by ``manage.py send_letters``.
    """
    with _lock:
        _ending.set()
        _wanted.set()
        thread = _thread
    if thread is not None:
        thread.join(seconds)
    return thread is None or not thread.is_alive()


def _work(send: Callable[[], object]) -> None:
    while True:
        _wanted.wait()
        _wanted.clear()
        if is_ending():
            return
        try:
            send()
        except Exception:
            # The letters still wait; the next one, or the timer, tries again.
            logger.exception("letters not sent")
        finally:
            connections.close_all()
