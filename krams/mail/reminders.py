"""Letters before a day on which something is due: put together from the halves.

The halves register what they remind of (:func:`register`, in their ``ready``); the kernel knows
neither of them. ``manage.py send_reminders`` asks all of them, every morning.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

logger = logging.getLogger("krams.reminders")

# Posts the letters of its kind that are due on the day, and says how many that were. It is asked
# again the same day and posts nothing twice: the ``key`` of a letter names the thing and its date.
Provider = Callable[[date], int]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Have ``provider(today)`` asked by ``manage.py send_reminders``."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


@dataclass
class Reminded:
    """What a run did: letters that were posted, and the providers that failed, by name."""

    posted: int = 0
    failed: list[str] = field(default_factory=list)


def post_due(today: date) -> Reminded:
    """Ask every provider. One that fails does not stop the others."""
    found = Reminded()
    for provider in _PROVIDERS:
        try:
            found.posted += provider(today)
        except Exception:
            # Whatever is wrong with one kind of reminder, the others are still due today.
            logger.exception("reminders not posted")
            found.failed.append(f"{provider.__module__}.{provider.__qualname__}")
    return found
