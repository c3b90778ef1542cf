"""When the editors of a column may be asked once more to confirm its answers. Pure."""

import datetime as dt

ASK_AGAIN_AFTER = dt.timedelta(days=7)


def is_too_early(asked_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the last request is so young that another would be a nuisance."""
    return asked_at is not None and asked_at > now - ASK_AGAIN_AFTER
