"""Log-ins in the database, as Django keeps them, read by a query that is put together once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..database.away import is_away
from ..database.prepared import prepared
from ..models import LogIn

# The cookie outlives the session by so much: what is sent too late is kept for whose it was.
NIGHT = dt.timedelta(hours=24)
# In the session: under which key a row says whose it is, and what the organisation's log-in said.
NOTED, ORGANISATION = "noted", "organisation"


@prepared
def _session(key: str, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    # Django's takes whatever is long enough, also what no column of PostgreSQL can be asked for.
    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and len(key) >= 8 and set(key) <= set(VALID_KEY_CHARS)

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

    def save(self, must_create: bool = False) -> None:
        """With the row that says whose it is: after each log-in, and under each new key."""
        if self.session_key is None:
            return self.create()
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        owner = held.get(SESSION_KEY)
        if not owner or held.get(NOTED) == self.session_key:
            return self._save_row(must_create)
        self[NOTED] = self.session_key
        with transaction.atomic():
            self._save_row(must_create)
            told = held.get(ORGANISATION, {})
            about = {name: told.get(name, "") for name in ("subject_hash", "sid_hash")}
            LogIn.objects.update_or_create(
                session_id=self.session_key, defaults={"user_id": int(owner), **about}
            )

    def _save_row(self, must_create: bool) -> None:
        """Django takes a database that is away for a session that somebody has ended (400)."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if (why := error.__context__) is not None and is_away(why):
                raise why from None
            raise

    @classmethod
    def rewrite(cls, name: str, change: Callable[[Any], Any]) -> None:
        """Put what ``change`` makes of it in the place of what sessions hold under ``name``, also
        those that have ended.

        Nobody can ask a database what a session holds, so all are read: as many as people log in
        during a day, for then they are deleted.
        """
        for row in Session.objects.order_by("pk").iterator(chunk_size=500):
            held = cls().decode(row.session_data)
            if name not in held or change(held[name]) == held[name]:
                continue
            with transaction.atomic():
                # A request may have written it meanwhile.
                now = Session.objects.select_for_update().filter(pk=row.pk).first()
                held = cls().decode(now.session_data) if now else {}
                if now is None or name not in held:
                    continue
                held[name] = change(held[name])
                now.session_data = cls().encode(held)
                now.save(update_fields=["session_data"])

    @classmethod
    def content_of_ended(cls, key: str) -> dict[str, Any]:
        """What a session held that ran out within the last night; it opens nothing any more."""
        now, store = timezone.now(), cls(key)
        ended = Session.objects.filter(
            expire_date__range=(now - NIGHT, now), session_key=store.session_key
        )
        row = ended.first()
        return store.decode(row.session_data) if row else {}
