"""When a letter is tried again, and when nobody tries any more. Pure."""

import datetime as dt

# A process that was killed in between never comes back to its letter.
LOST_AFTER = dt.timedelta(minutes=15)
GIVE_UP_AFTER = dt.timedelta(days=3)
LONGEST_WAIT = dt.timedelta(hours=1)


def next_try(created_at: dt.datetime, attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When a letter that did not leave is tried again: 1, 2, 4 … minutes later, at most an hour.

    None where it has waited so long that its news are no news.
    """
    wait = min(dt.timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)
    return None if now + wait > created_at + GIVE_UP_AFTER else now + wait
