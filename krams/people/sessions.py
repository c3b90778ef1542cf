"""Log-ins in the database, as Django keeps them, read by a query that is put together once."""

import datetime as dt
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from ..database.prepared import prepared
from ..models import OrganisationSession

# The cookie outlives the session by so much: what is sent too late is kept for whose it was.
NIGHT = dt.timedelta(hours=24)


@prepared
def _session(key: str, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def cycle_key(self) -> None:
        """What the organisation may end goes on under the next key."""
        before = self.session_key
        super().cycle_key()
        if before:
            kept = OrganisationSession.objects.filter(session_key=before)
            kept.update(session_key=self.session_key)

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Of the cookie; until when the session counts stands in its row."""
        return super().get_expiry_age(**kwargs) + int(NIGHT.total_seconds())

    def _get_session_from_db(self) -> Session | None:
        """The row of the cookie's key; where it is gone or has run out the key is forgotten."""
        # Django asks only where the cookie holds one.
        if self.session_key and (found := _session(self.session_key, timezone.now())):
            return found[0]
        self._session_key = None
        return None

    @classmethod
    def content_of_ended(cls, key: str) -> dict[str, Any]:
        """What a session held that ran out within the last night; it opens nothing any more."""
        now = timezone.now()
        ended = Session.objects.filter(expire_date__range=(now - NIGHT, now), session_key=key)
        row = ended.first()
        return cls().decode(row.session_data) if row else {}
