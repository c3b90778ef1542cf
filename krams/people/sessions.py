"""Log-ins in the database, as Django keeps them, read by a query that is put together once."""

import datetime as dt

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from ..database.prepared import prepared


@prepared
def _session(key: str, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """The row of the cookie's key; where it is gone or has run out the key is forgotten."""
        # Django asks only where the cookie holds one.
        if self.session_key and (found := _session(self.session_key, timezone.now())):
            return found[0]
        self._session_key = None
        return None
