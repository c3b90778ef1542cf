"""What needs a person in the cluster half, over all their clusters: one query.

Rows of one shape that stand in different tables: clusters, columns, proposals, answers, efforts,
editions, asks, threads and saves that were refused.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from krams.database.prepared import prepared
from krams.models import Cluster, ClusterMembership, User

from ...access import editors_in
from ...asking.queries.recipients import waited_for
from ...models import (
    Ask,
    AskedColumn,
    AskedField,
    Edition,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    RefusedSave,
    Thread,
)

COLUMNS = (
    *("what", "in_cluster", "key", "whose", "number_1", "number_2", "number_3"),
    *("text_1", "text_2", "text_3", "day_1", "day_2"),
)
NO_TEXT = Value("", output_field=CharField())
# Typed, for PostgreSQL: a bare NULL is a text.
NO_NUMBER = Cast(Value(None), IntegerField())
NO_DAY = Cast(Value(None), DateField())


@prepared
def rows_of(
    user: User,
    today: dt.date,
    coordinated: Collection[int],
    edited: Collection[int],
    clusters: Collection[int],
    authorities: Collection[int],
    since: dt.datetime,
    answered_since: dt.datetime,
) -> QuerySet[Any, tuple[Any, ...]]:
    """``COLUMNS``; answers and efforts are read where the person coordinates, or edits the column.

    ``since`` is the moment from which refused saves are told, ``answered_since`` that from which
    asks are told to which all have answered. An editor within ``clusters`` keeps columns of
    ``authorities``: perhaps one more pair than there is a role for, which is left out afterwards.
    """
    visible = Cluster.objects.visible_to(user).valid_on()
    keys = visible.values("pk")

    def mine(cluster: str, authority: str) -> Q:
        return Q(**{f"{cluster}__in": keys}) & (
            Q(**{f"{cluster}__in": coordinated})
            | Q(**{f"{authority}__in": edited})
            | Q(**{f"{cluster}__in": clusters, f"{authority}__in": authorities})
        )

    parts = [_cluster_rows(visible), _column_rows(keys), _edition_rows(keys)]
    if coordinated or edited or clusters:
        parts += [
            _proposal_rows(keys),
            _answer_rows(mine("proposal__cluster", "authority")),
            _place_rows(mine("effort__cluster", "effort__authority")),
            _step_rows(mine("cluster", "authority"), today),
            _thread_rows(mine("cluster", "authority")),
        ]
    if edited or clusters:
        parts.append(_asked_rows(user, keys, today))
    if coordinated:
        parts.append(_out_rows(keys, coordinated, answered_since))
        parts.append(_refused_rows(keys, coordinated, since))
    first, *rest = parts
    every: QuerySet[Any, tuple[Any, ...]] = first.union(*rest, all=True)
    return every


def _named(rows: QuerySet[Any], *columns: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """The columns of ``COLUMNS``, in their order."""
    names = dict(zip(COLUMNS, columns, strict=True))
    named: QuerySet[Any, tuple[Any, ...]]
    named = rows.order_by().annotate(**names).values_list(*COLUMNS)
    return named


def _what(name: str) -> Value:
    return Value(name, output_field=CharField())


def _as_number(condition: Any) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _cluster_rows(visible: QuerySet[Cluster]) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        visible,
        *(_what("cluster"), F("pk"), F("pk"), F("confirmation_interval_months")),
        *(NO_NUMBER, NO_NUMBER, NO_NUMBER, F("name"), F("slug"), NO_TEXT),
        *(NO_DAY, NO_DAY),
    )


def _column_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    editors = editors_in(OuterRef("cluster")).filter(
        authority=OuterRef("authority"), user__is_active=True
    )
    return _named(
        ClusterMembership.objects.valid_on().filter(cluster__in=clusters),
        *(_what("column"), F("cluster"), F("pk"), F("authority")),
        *(F("position"), _as_number(Q(awaits_consent=True)), _as_number(Exists(editors))),
        *(F("authority__official_name"), F("authority__slug"), F("authority__kind")),
        *(NO_DAY, NO_DAY),
    )


def _edition_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """The last one of each cluster that was not withdrawn."""
    newer = Edition.objects.filter(cluster=OuterRef("cluster"), withdrawn_at=None)
    newest = Subquery(newer.order_by("-number").values("pk")[:1])
    return _named(
        Edition.objects.filter(cluster__in=clusters, pk=newest),
        *(_what("edition"), F("cluster"), F("number"), NO_NUMBER, NO_NUMBER, NO_NUMBER),
        *(NO_NUMBER, F("title"), F("meeting"), NO_TEXT),
        *(F("meeting_on"), TruncDate("frozen_at")),
    )


def _proposal_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        Proposal.objects.standing().filter(cluster__in=clusters),
        *(_what("proposal"), F("cluster"), F("pk"), F("group"), F("group__position")),
        *(F("number"), NO_NUMBER, F("title"), F("concerned"), NO_TEXT, NO_DAY, NO_DAY),
    )


def _answer_rows(mine: Q) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        Position.objects.filter(mine, proposal__retired_on=None),
        *(_what("answer"), F("proposal__cluster"), F("proposal"), F("authority")),
        *(NO_NUMBER, NO_NUMBER, NO_NUMBER),
        *(F("state"), NO_TEXT, NO_TEXT, F("state_from"), F("confirmed_on")),
    )


def _place_rows(mine: Q) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        EffortProposal.objects.standing().filter(mine),
        *(_what("place"), F("effort__cluster"), F("proposal"), F("effort__authority")),
        *(F("effort"), NO_NUMBER, NO_NUMBER, F("effort__state"), NO_TEXT, NO_TEXT),
        *(F("effort__valid_from"), F("effort__valid_until")),
    )


def _step_rows(mine: Q, today: dt.date) -> QuerySet[Any, tuple[Any, ...]]:
    """Next steps past their date, of efforts that stand in a cell."""
    places = EffortProposal.objects.standing().filter(effort=OuterRef("pk"))
    return _named(
        Effort.objects.standing().overdue(today).filter(mine, Exists(places)),
        *(_what("step"), F("cluster"), F("pk"), F("authority"), NO_NUMBER, NO_NUMBER, NO_NUMBER),
        *(F("text"), F("next_step"), NO_TEXT, F("next_step_on"), NO_DAY),
    )


def _thread_rows(mine: Q) -> QuerySet[Any, tuple[Any, ...]]:
    """Open threads, whoever has the word."""
    return _named(
        Thread.objects.filter(mine, resolved_at=None, proposal__retired_on=None),
        *(_what("thread"), F("cluster"), F("pk"), F("authority"), F("proposal")),
        *(_as_number(Q(wording__isnull=False)), NO_NUMBER, F("awaits"), NO_TEXT, NO_TEXT),
        *(NO_DAY, NO_DAY),
    )


def _asked_rows(
    user: User, clusters: QuerySet[Any, Any], today: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    """What the person was asked for, and can still do."""
    standing = AskedField.objects.filter(
        column=OuterRef("column"), proposal__retired_on=None
    ).order_by()
    number = standing.values("column").annotate(n=Count("pk")).values("n")
    first = standing.values("column").annotate(n=Min("proposal")).values("n")
    return _named(
        waited_for(today).filter(editor=user, column__ask__cluster__in=clusters),
        *(_what("asked"), F("column__ask__cluster"), F("column"), F("column__authority")),
        *(Subquery(number), Subquery(first), NO_NUMBER),
        *(F("column__ask__kind"), F("column__ask__asked_by_name"), NO_TEXT),
        *(F("column__ask__deadline"), NO_DAY),
    )


def _out_rows(
    clusters: QuerySet[Any, Any], coordinated: Collection[int], answered_since: dt.datetime
) -> QuerySet[Any, tuple[Any, ...]]:
    """Asks that wait for somebody, or got their last answer since that moment."""
    parts = AskedColumn.objects.filter(ask=OuterRef("pk")).order_by()
    done = parts.exclude(handed_in_at=None)

    def number(rows: QuerySet[Any]) -> Coalesce:
        return Coalesce(Subquery(rows.values("ask").annotate(n=Count("pk")).values("n")), 0)

    standing = AskedField.objects.filter(column=OuterRef("pk"), proposal__retired_on=None)
    told = Exists(parts.filter(Exists(standing), handed_in_at=None)) | Exists(
        parts.filter(handed_in_at__gte=answered_since)
    )
    return _named(
        Ask.objects.filter(
            told, withdrawn_at=None, cluster__in=clusters, cluster__pk__in=coordinated
        ),
        *(_what("out"), F("cluster"), F("pk"), NO_NUMBER, number(done), number(parts)),
        *(NO_NUMBER, F("kind"), NO_TEXT, NO_TEXT, F("deadline"), NO_DAY),
    )


def _refused_rows(
    clusters: QuerySet[Any, Any], coordinated: Collection[int], since: dt.datetime
) -> QuerySet[Any, tuple[Any, ...]]:
    """A row for each save that was refused, with the answer that had been saved before."""
    answer = Position.objects.filter(
        proposal=OuterRef("proposal"), authority=OuterRef("authority")
    ).order_by()
    return _named(
        RefusedSave.objects.filter(
            at__gte=since,
            proposal__retired_on=None,
            proposal__cluster__in=clusters,
            proposal__cluster__pk__in=coordinated,
        ),
        *(_what("refused"), F("proposal__cluster"), F("proposal"), F("authority")),
        *(Subquery(answer.values("pk")[:1]), NO_NUMBER, NO_NUMBER, NO_TEXT, NO_TEXT, NO_TEXT),
        *(TruncDate("at"), NO_DAY),
    )
