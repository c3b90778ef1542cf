"""The letter that says that somebody has written about a cell, and that one has the word."""

import datetime as dt

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.enums import DigestFrequency, Role
from krams.letters.actions import post
from krams.letters.composers import written
from krams.models import Cluster, Letter, Membership, User

from ...access import editors_in, open_columns
from ...enums import Side
from ...models import Thread
from ..who_speaks import sides_among

WRITTEN = "conversation"


def tell(thread: Thread, side: Side, by: User) -> None:
    """Write to those who speak for a side that it has the word, in the caller's transaction.

    At most one letter a day for each person and cluster, none to who wrote, and none to who wants
    no e-mail about what waits.
    """
    today = timezone.localdate()
    for person in _speakers(thread, side, today).exclude(pk=by.pk):
        key = f"{thread.cluster_id} {person.pk} {today.isoformat()}"
        post(kind=WRITTEN, to=person, about=str(thread.cluster_id), by=by, key=key)


def _speakers(thread: Thread, side: Side, today: dt.date) -> QuerySet[User]:
    if side == Side.EDITOR:
        roles = editors_in(thread.cluster_id, today).filter(authority=thread.authority_id)
    else:
        roles = Membership.objects.valid_on(today).filter(
            role=Role.COORDINATOR, cluster=thread.cluster_id
        )
    people = User.objects.filter(pk__in=roles.values("user"), is_active=True)
    return people.exclude(digest_frequency=DigestFrequency.NEVER).order_by("pk")


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """None where nothing waits for the person any more before the letter left."""
    cluster = Cluster.objects.filter(pk=letter.about).first()
    if cluster is None:
        return None
    threads = _waiting_for(letter.to, cluster)
    if not threads:
        return None
    path = threads[0].get_absolute_url()
    if len(threads) > 1:
        path = reverse("clusters:threads", args=[cluster.slug])
    context = {
        "cluster": cluster,
        "sender": str(letter.by or ""),
        "threads": threads,
        "link": letter.link(path),
        "settings_url": letter.link(reverse("settings") + "#besked"),
    }
    subject = _("KRAMS: somebody has written to you about %(cluster)s") % {"cluster": cluster.name}
    return written(letter, subject, "clusters/conversation/email/waiting", context)


def _waiting_for(person: User, cluster: Cluster) -> list[Thread]:
    """The open threads of the cluster in which a side of the person's has the word."""
    roles = list(Membership.objects.held_by(person))
    columns = open_columns(timezone.localdate()).filter(cluster=cluster)
    threads = (
        Thread.objects.filter(cluster=cluster, resolved_at=None, proposal__retired_on=None)
        .filter(authority__in=columns.values("authority"))
        .select_related("cluster", "proposal", "authority", "wording")
        .order_by("pk")
    )
    return [
        one for one in threads if one.awaits in sides_among(roles, cluster.pk, one.authority_id)
    ]
