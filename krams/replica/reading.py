"""Reads that a replica answers: overviews, comparisons, exports and search, where there is one.

A view says after its guard that what follows may be read there (``allow_replica``). Everything else
is read from the primary: who somebody is, what they may, and all that is about to be written.
Everybody reads what they wrote themselves: the session holds where the primary's log stood after
it, and until the replica has come that far, this browser reads the primary.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest

from ..models import Membership, User
from .lag import Breaker, Marks

REPLICA = "replica"
# In the session, which each page has read already.
WRITTEN = "written"
# How long a replica that did not answer, or is too far behind, is left alone.
PAUSE_SECONDS = 5
ROLE = ("role", "facility_id", "department_id", "authority_id", "cluster_id", "within_id")

logger = logging.getLogger("krams.replica")


@dataclass(slots=True)
class Course:
    """Where one request reads."""

    on_replica: bool = False
    has_written: bool = False


course: ContextVar[Course | None] = ContextVar("course", default=None)
breaker = Breaker(seconds=PAUSE_SECONDS)
marks = Marks(seconds=settings.REPLICA_LAG_SECONDS)


def is_configured() -> bool:
    return REPLICA in settings.DATABASES


@contextmanager
def beside_the_request() -> Iterator[None]:
    """What is written in here is nothing that the person looks for on the next page.

    An entry of the audit log, say: who takes out a file goes on reading the replica.
    """
    now = course.get() or Course()
    before = (now.on_replica, now.has_written)
    try:
        yield
    finally:
        now.on_replica, now.has_written = before


def allow_replica(request: HttpRequest) -> None:
    """From here on the request may read the replica, if that is up to it; nothing is written.

    To be called when the guard has decided, from the primary, what the person may see. The person's
    roles must be the same on the replica, as queries ask for them again.
    """
    now = course.get()
    if now is None or now.has_written or not breaker.lets_through():
        return
    try:
        now.on_replica = _is_up_to(request)
    except Error:
        give_up(now)


def give_up(now: Course) -> None:
    """The replica failed: this request goes on without it, and so do others for a while."""
    now.on_replica = False
    # Not to be used again, whatever state it is in.
    connections[REPLICA].close()
    if breaker.failed():
        logger.warning("replica not used: it does not answer as it should", exc_info=True)


def _is_up_to(request: HttpRequest) -> bool:
    """Whether the replica holds what this request must see. Raises ``Error``."""
    # The primary first: what it had then, a replica that keeps up has a moment later.
    marks.see(position_of_primary)
    position = _position_of_replica()
    if position is None or marks.is_late(position):
        if breaker.failed():
            logger.warning("replica not used: it is too far behind, or no replica")
        return False
    if not marks.is_recent(position):
        return False
    if breaker.worked():
        logger.warning("replica used again")
    return position >= _written(request) and _knows_roles_of(request.user)


def position_of_primary() -> int:
    # Where it inserts, not where it writes: with synchronous_commit off that comes later.
    sql = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql)
        [position] = cursor.fetchone()
    assert isinstance(position, int)
    return position


def _position_of_replica() -> int | None:
    """None where it is no replica, or one no more."""
    sql = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
    sql += " WHERE pg_is_in_recovery()"
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def _knows_roles_of(user: object) -> bool:
    """Whether the replica has the person's roles as the primary has them.

    Else somebody whose role has just ended would find for a while what it had shown them.
    """
    if not isinstance(user, User) or user.is_superuser:
        return isinstance(user, User)
    here = {tuple(getattr(scope, name) for name in ROLE) for scope in user.scopes}
    there = Membership.objects.using(REPLICA).held_by(user).values_list(*ROLE)
    return here == set(there)


def remember_write(request: HttpRequest) -> None:
    """Note in the session how far a replica must be for this browser to read it.

    Of somebody without a log-in nothing is kept: they never read the replica. Nor where the
    database is away, of which the answer tells already.
    """
    if not request.user.is_authenticated:
        return
    try:
        request.session[WRITTEN] = position_of_primary()
    except Error:
        logger.warning("what was written last is not known", exc_info=True)


def _written(request: HttpRequest) -> int:
    """0 where nothing was written since the log-in."""
    written: int = request.session.get(WRITTEN, 0)
    return written
