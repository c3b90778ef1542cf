"""Where somebody is logged in just now."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ..models import LogIn, User
from ..people.sessions import SessionStore
from . import idle

# More than anybody has; whoever has more ends all at once.
MOST = 100


@dataclass(frozen=True)
class Open:
    """One log-in: ``browser`` on ``system`` from ``network``, as far as they are known."""

    pk: int
    key: str
    since: dt.datetime
    last_seen: dt.datetime
    browser: str
    system: str
    network: str


def open_log_ins(user: User) -> list[Open]:
    """Those that still open something, the latest used first; one query.

    Whether one counts stands in the session: a new password ends it, and so does the time.
    """
    now = timezone.now()
    rows = LogIn.objects.filter(user=user, session__expire_date__gt=now).select_related("session")
    found = []
    for row in rows.order_by("-session__expire_date", "-pk")[:MOST]:
        held = SessionStore().decode(row.session.session_data)
        if _counts(user, held, int(now.timestamp())):
            found.append(_open(row, held))
    return sorted(found, key=lambda one: one.last_seen, reverse=True)


def _counts(user: User, held: dict, now: int) -> bool:
    signed = str(held.get(HASH_SESSION_KEY, ""))
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(signed, one) for one in hashes):
        return False
    if now - held.get(idle.SINCE, now) >= settings.SESSION_COOKIE_AGE:
        return False
    is_shared = held.get(idle.SHARED_COMPUTER)
    limit = 60 * (settings.SHARED_COMPUTER_MINUTES if is_shared else settings.IDLE_MINUTES)
    return not limit or now - held.get(idle.LAST_SEEN, now) <= limit


def _open(row: LogIn, held: dict) -> Open:
    said = held.get(idle.FROM, {})
    since = held.get(idle.SINCE, 0)
    return Open(
        pk=row.pk,
        key=row.session_id,
        since=_moment(since),
        last_seen=_moment(held.get(idle.LAST_SEEN, since)),
        **{name: said.get(name, "") for name in ("browser", "system", "network")},
    )


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
