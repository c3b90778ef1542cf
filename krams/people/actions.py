"""Writes to accounts."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from ..audit.actions import record
from ..enums import AuditKind
from ..models import OrganisationSession, User


def open_account(email: str, name: str) -> User:
    """An account without a password: its person chooses one, through a link in an e-mail.

    Nobody is handed a password. Raises ``ValidationError``.
    """
    user = User(email=User.objects.normalize_email(email), name=name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


@transaction.atomic
def close_tour(*, by: User) -> User:
    """Offer the person the tour of Today no more; asked again it changes nothing."""
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.tour_closed_at is None:
        person.tour_closed_at = timezone.now()
        person.save(update_fields=["tour_closed_at"])
    return person


def begin_organisation_session(
    user: User, *, session_key: str, name_hash: str, index_hash: str
) -> OrganisationSession:
    """Keep by what the organisation may end a log-in: whom it named, and its own session."""
    about = {"user": user, "name_hash": name_hash, "index_hash": index_hash}
    found, _made = OrganisationSession.objects.update_or_create(
        session_key=session_key, defaults=about
    )
    return found


@transaction.atomic
def end_organisation_sessions(*, name_hash: str, index_hashes: list[str]) -> set[str]:
    """End the log-ins that go with these of the organisation, all of that person's where it names
    none. Returns the keys of the sessions.
    """
    found = OrganisationSession.objects.select_for_update(of=("self",)).filter(name_hash=name_hash)
    if index_hashes:
        found = found.filter(index_hash__in=index_hashes)
    rows = {one.session_key: one for one in found.select_related("user")}
    there = Session.objects.filter(session_key__in=rows)
    for key in there.values_list("session_key", flat=True):
        user = rows[key].user
        about = f"account:{user.pk}"
        record(AuditKind.LOG_OUT, actor=user, about=about, reason="organisation")
    there.delete()
    OrganisationSession.objects.filter(session_key__in=rows).delete()
    return set(rows)
