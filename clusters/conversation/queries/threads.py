"""The threads of a cluster, page by page, and how many wait for a person."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.database.keyset import Keyset, Page, Place, Way
from krams.database.prepared import prepared
from krams.enums import Role
from krams.models import Cluster, Membership, User
from krams.worklist.sections import Line, Section

from ...access import open_columns
from ...enums import Side
from ...models import Thread

THREADS_A_PAGE = 30
THREADS = Keyset(pk=int)


def threads_of(cluster: Cluster, place: Place, *, with_resolved: bool) -> Page[Thread]:
    """A page, newest first; without ``with_resolved`` those that wait for somebody."""
    rows = _all if with_resolved else _open
    return THREADS.read(place, THREADS_A_PAGE, lambda *edge: rows(cluster.pk, *edge))


@prepared
def _open(cluster: int, way: Way, pk: int | None) -> QuerySet[Thread]:
    return THREADS.cut(_threads(cluster).filter(resolved_at=None), way, (pk,), THREADS_A_PAGE)


@prepared
def _all(cluster: int, way: Way, pk: int | None) -> QuerySet[Thread]:
    return THREADS.cut(_threads(cluster), way, (pk,), THREADS_A_PAGE)


def _threads(cluster: int) -> QuerySet[Thread]:
    threads = Thread.objects.filter(cluster=cluster)
    return threads.select_related("proposal", "authority", "cluster", "wording")


def waiting_for(user: User, today: dt.date) -> list[Thread]:
    """The threads in which the person's side has the word (one query), oldest first."""
    roles = Membership.objects.valid_on(today).filter(user=user)
    own = roles.filter(role=Role.EDITOR, authority=OuterRef("authority"))
    keeps = Exists(own.filter(Q(within=None) | Q(within=OuterRef("cluster"))))
    coordinates = Exists(roles.filter(role=Role.COORDINATOR, cluster=OuterRef("cluster")))
    columns = open_columns(today).filter(
        cluster=OuterRef("cluster"), authority=OuterRef("authority")
    )
    mine = Q(keeps, awaits=Side.EDITOR) | Q(coordinates, awaits=Side.COORDINATOR)
    found = Thread.objects.filter(
        Exists(columns), mine, resolved_at=None, proposal__retired_on=None
    )
    return list(found.select_related("proposal", "authority", "cluster", "wording").order_by("pk"))


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """For the first page and the digest: a line a column, or a cell where it is but one."""
    threads: dict[tuple[str, int, bool], list[Thread]] = {}
    for thread in waiting_for(user, today):
        key = (thread.cluster.slug, thread.authority_id, _is_wording(thread))
        threads.setdefault(key, []).append(thread)
    counts = Counter({key: len(found) for key, found in threads.items()})
    lines = tuple(
        Line(
            _count(number, is_wording=key[2])
            % {
                "number": number,
                "authority": threads[key][0].authority,
                "cluster": threads[key][0].cluster,
            },
            _("Read it") if key[2] else _("Reply"),
            threads[key][0].get_absolute_url()
            if number == 1
            else reverse("clusters:threads", args=[key[0]]),
        )
        for key, number in counts.items()
    )
    path = reverse("clusters:threads", args=[next(iter(threads))[0]]) if threads else ""
    yield Section(_("Questions and proposals that wait for you"), lines, path)


def _is_wording(thread: Thread) -> bool:
    """Whether the editor shall decide on a wording; once that is done, the thread is a talk."""
    return bool(thread.proposed and thread.awaits == Side.EDITOR)


def _count(number: int, *, is_wording: bool) -> str:
    if is_wording:
        return ngettext(
            "%(authority)s, %(cluster)s: %(number)s proposed wording waits for your decision",
            "%(authority)s, %(cluster)s: %(number)s proposed wordings wait for your decision",
            number,
        )
    return ngettext(
        "%(authority)s, %(cluster)s: %(number)s question waits for your answer",
        "%(authority)s, %(cluster)s: %(number)s questions wait for your answer",
        number,
    )
