"""How long a session has lasted and has not been used, and when it is logged out for that."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from ..audit.actions import network
from ..people.browsers import families

SHARED_COMPUTER, LAST_SEEN, SINCE = "shared_computer", "last_seen", "logged_in_since"
# Where the log-in came from: browser, system and network, for the list of one's log-ins.
FROM = "logged_in_from"
# The address that asks how long is left, and by POST has it go on.
NAME = "idle"
# Who is about to be logged out is told so long before, half of the time at the most.
WARNING_SECONDS = 120


# How often a session without a limit notes that it is used, for the list of one's log-ins.
NOTED_SECONDS = 600


@receiver(user_logged_in)
def _came_in(sender: object, request: HttpRequest, **_more: Any) -> None:
    request.session[SINCE] = request.session[LAST_SEEN] = _now()
    browser, system = families(request.META.get("HTTP_USER_AGENT", ""))
    request.session[FROM] = {"browser": browser, "system": system, "network": network()}


def has_lasted(request: HttpRequest) -> bool:
    """Whether the log-in is as old as ``SESSION_HOURS`` lets one be, however much it is used."""
    now = _now()
    since: int = request.session.get(SINCE, now)
    return now - since >= settings.SESSION_COOKIE_AGE


def limit_seconds(request: HttpRequest) -> int:
    """0 for a session that may be unused for as long as it lasts."""
    is_shared = request.session.get(SHARED_COMPUTER)
    return 60 * (settings.SHARED_COMPUTER_MINUTES if is_shared else settings.IDLE_MINUTES)


def seconds_left(request: HttpRequest) -> int | None:
    """Until it is logged out, 0 where it is time; None for a session without a limit."""
    limit = limit_seconds(request)
    if not limit:
        return None
    now = _now()
    last: int = request.session.get(LAST_SEEN, now)
    return max(0, limit - (now - last) + 1)


def warning_seconds(request: HttpRequest) -> int:
    return min(WARNING_SECONDS, limit_seconds(request) // 2)


def used(request: HttpRequest) -> None:
    """Count from now. Once a minute is often enough: it writes the session."""
    session, now = request.session, _now()
    step = min(60, _step(request)) if limit_seconds(request) else NOTED_SECONDS
    if now - session.get(LAST_SEEN, 0) >= step:
        session[LAST_SEEN] = now
    if session.get(SHARED_COMPUTER) and not session.get_expire_at_browser_close():
        session.set_expiry(0)


def go_on(request: HttpRequest) -> None:
    """Count from now, whatever was written last."""
    request.session[LAST_SEEN] = _now()


def _step(request: HttpRequest) -> int:
    """Of a limit of one minute, a quarter."""
    return limit_seconds(request) // 4


def _now() -> int:
    return int(timezone.now().timestamp())
