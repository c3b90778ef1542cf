"""What needs a person in the cluster half, over all their clusters: one query.

Rows of one shape that stand in different tables: clusters, columns, proposals, answers, efforts and
editions. They become a matrix as on the pages behind (``matrix.layout``), and are counted as there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from operator import itemgetter
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from krams.danish.collation import sort_key
from krams.database.prepared import prepared
from krams.enums import Role
from krams.models import Cluster, ClusterMembership, User
from krams.people.permissions import COORDINATING, EDITING_COLUMNS
from krams.worklist.sections import Section

from ..access import editors_in
from ..matrix.layout import build
from ..matrix.rows import (
    AnswerRow,
    AuthorityRow,
    EffortRow,
    GroupRow,
    MemberRow,
    PlaceRow,
    ProposalRow,
)
from ..models import Edition, EffortProposal, Position, Proposal
from .lines import Column, LastEdition, Mine, sections_of

COLUMNS = (
    *("what", "in_cluster", "key", "whose", "number_1", "number_2", "number_3"),
    *("text_1", "text_2", "day_1", "day_2"),
)
NO_TEXT = Value("", output_field=CharField())
# Typed, for PostgreSQL: a bare NULL is a text.
NO_NUMBER = Cast(Value(None), IntegerField())
NO_DAY = Cast(Value(None), DateField())


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Cluster by cluster; no query for who has no role in this half."""
    scopes = user.scopes
    if not any(one.authority_id or one.cluster_id for one in scopes):
        return
    coordinated = {one.cluster_id for one in scopes if one.cluster_id and one.role in COORDINATING}
    editors = [one for one in scopes if one.role == Role.EDITOR]
    edited = {one.authority_id for one in editors if one.authority_id and not one.within_id}
    parts = {
        (one.within_id, one.authority_id) for one in editors if one.within_id and one.authority_id
    }
    agreeing = {
        one.authority_id for one in scopes if one.role in EDITING_COLUMNS and not one.within_id
    }
    rows: defaultdict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for what, cluster, *row in _rows(
        user, coordinated, edited, {a for a, _ in parts}, {b for _, b in parts}
    ):
        rows[cluster][what].append(row)
    for key, found in sorted(rows.items(), key=lambda item: sort_key(item[1]["cluster"][0][5])):
        [[_key, months, *_numbers, name, slug, _day_1, _day_2]] = found["cluster"]
        mine = Mine(name, slug, months, key in coordinated, today)
        found["column"].sort(key=itemgetter(2, 0))
        for pk, authority, _position, awaits, has_editor, title, its_slug, *_days in found[
            "column"
        ]:
            mine.columns.append(
                Column(
                    *(pk, title, its_slug, bool(awaits), bool(has_editor)),
                    is_edited=authority in edited or (key, authority) in parts,
                    may_agree=authority in agreeing,
                )
            )
        if found["edition"]:
            number, *_numbers, title, meeting, day, _day = found["edition"][0]
            mine.edition = LastEdition(number, title, meeting, day)
        _fill(mine, found, today)
        yield from sections_of(mine)


def _fill(mine: Mine, found: dict[str, list[Any]], today: dt.date) -> None:
    """The cells of the columns that the person edits or coordinates."""
    shown = [
        (column, row[1])
        for column, row in zip(mine.columns, found["column"], strict=True)
        if column.is_edited or mine.coordinates
    ]
    if not shown:
        return
    matrix = build(
        columns=[
            MemberRow(AuthorityRow(key, "", "", one.name, one.name, one.slug)) for one, key in shown
        ],
        proposals=[
            ProposalRow(pk, number, title, GroupRow(group, ""), None)
            for pk, group, _position, number, _n, title, *_rest in sorted(
                found["proposal"], key=itemgetter(2, 3, 0)
            )
        ],
        positions=[
            AnswerRow(0, proposal, authority, state, since, confirmed, "", 0)
            for proposal, authority, *_numbers, state, _text, since, confirmed in found["answer"]
            if authority in {key for _one, key in shown}
        ],
        places=[
            PlaceRow(_effort(effort, authority, state, first, last), proposal)
            for proposal, authority, effort, *_numbers, state, _text, first, last in found["place"]
            if authority in {key for _one, key in shown}
        ],
        notes=(),
        today=today,
        interval_months=mine.months,
    )
    for number, (column, _key) in enumerate(shown):
        column.cells = [row.cells[number] for row in matrix.rows]


def _effort(
    key: int, authority: int, state: str, first: dt.date | None, last: dt.date | None
) -> EffortRow:
    return EffortRow(key, authority, "", "", None, state, "", "", first, last, None, "", [])


@prepared
def _rows(
    user: User,
    coordinated: Collection[int],
    edited: Collection[int],
    clusters: Collection[int],
    authorities: Collection[int],
) -> QuerySet[Any, tuple[Any, ...]]:
    """``COLUMNS``; answers and efforts are read where the person coordinates, or edits the column.

    An editor within ``clusters`` keeps columns of ``authorities``: perhaps one more pair than there
    is a role for, which is left out afterwards.
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
        ]
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
        *(NO_NUMBER, NO_NUMBER, NO_NUMBER, F("name"), F("slug"), NO_DAY, NO_DAY),
    )


def _column_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    editors = editors_in(OuterRef("cluster")).filter(
        authority=OuterRef("authority"), user__is_active=True
    )
    return _named(
        ClusterMembership.objects.valid_on().filter(cluster__in=clusters),
        *(_what("column"), F("cluster"), F("pk"), F("authority")),
        *(F("position"), _as_number(Q(awaits_consent=True)), _as_number(Exists(editors))),
        *(F("authority__official_name"), F("authority__slug"), NO_DAY, NO_DAY),
    )


def _edition_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """The last one of each cluster that was not withdrawn."""
    newer = Edition.objects.filter(cluster=OuterRef("cluster"), withdrawn_at=None)
    newest = Subquery(newer.order_by("-number").values("pk")[:1])
    return _named(
        Edition.objects.filter(cluster__in=clusters, pk=newest),
        *(_what("edition"), F("cluster"), F("number"), NO_NUMBER, NO_NUMBER, NO_NUMBER),
        *(NO_NUMBER, F("title"), F("meeting"), F("meeting_on"), NO_DAY),
    )


def _proposal_rows(clusters: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        Proposal.objects.standing().filter(cluster__in=clusters),
        *(_what("proposal"), F("cluster"), F("pk"), F("group"), F("group__position")),
        *(F("number"), NO_NUMBER, F("title"), NO_TEXT, NO_DAY, NO_DAY),
    )


def _answer_rows(mine: Q) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        Position.objects.filter(mine, proposal__retired_on=None),
        *(_what("answer"), F("proposal__cluster"), F("proposal"), F("authority")),
        *(NO_NUMBER, NO_NUMBER, NO_NUMBER),
        *(F("state"), NO_TEXT, F("state_from"), F("confirmed_on")),
    )


def _place_rows(mine: Q) -> QuerySet[Any, tuple[Any, ...]]:
    return _named(
        EffortProposal.objects.standing().filter(mine),
        *(_what("place"), F("effort__cluster"), F("proposal"), F("effort__authority")),
        *(F("effort"), NO_NUMBER, NO_NUMBER, F("effort__state"), NO_TEXT),
        *(F("effort__valid_from"), F("effort__valid_until")),
    )
