"""The list of clusters: who is in them, when, and how much of each matrix is filled in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from krams.models import Authority, Cluster, ClusterMembership

from ...access import day_shown
from ...models import Position, Proposal
from ..concerned import concerns


@dataclass
class ClusterCard:
    """A cluster in the list. ``when`` is "now", "planned" or "ended"."""

    cluster: Cluster
    authorities: list[Authority]
    filled: int
    total: int
    when: str


def cluster_cards(clusters: QuerySet[Cluster], today: dt.date) -> list[ClusterCard]:
    """The cards of ``clusters`` (four queries): those in force first, then planned, then ended."""
    members = ClusterMembership.objects.select_related("authority")
    found = list(clusters.prefetch_related(Prefetch("memberships", members)))
    proposals = _counts(
        Proposal.objects.standing().filter(cluster__in=found), "cluster", "concerned"
    )
    answers = _counts(
        Position.objects.answered()
        .concerned()
        .filter(proposal__cluster__in=found, proposal__retired_on=None),
        "proposal__cluster",
        "authority",
    )
    cards = []
    for cluster in found:
        day = day_shown(cluster, today)
        shown = {
            column.authority_id: column.authority
            for column in cluster.memberships.all()
            if column.is_valid_on(day)
        }
        cards.append(
            ClusterCard(
                cluster,
                list(shown.values()),
                filled=sum(answers.get((cluster.pk, authority), 0) for authority in shown),
                total=sum(
                    number
                    for (key, whom), number in proposals.items()
                    if key == cluster.pk
                    for authority in shown.values()
                    if concerns(whom, authority.kind)
                ),
                when="now" if day == today else "planned" if day > today else "ended",
            )
        )
    return sorted(cards, key=lambda card: ("now", "planned", "ended").index(card.when))


def _counts(queryset: QuerySet[Any], *names: str) -> dict[tuple[Any, ...], int]:
    rows = queryset.order_by().values(*names).annotate(number=Count("pk"))
    return {tuple(row[name] for name in names): row["number"] for row in rows}
