"""What needs a person in the cluster half, cluster by cluster.

The rows become a matrix as on the pages behind (``matrix.layout``), and are counted as there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.utils import timezone

from krams.danish.collation import sort_key
from krams.enums import Role
from krams.models import Membership, User
from krams.people.permissions import COORDINATING, EDITING_COLUMNS
from krams.worklist.sections import Section

from ...asking.worklist import Asked, Out
from ...conversation.worklist import Waiting
from ...enums import Side
from ...matrix.layout import build
from ...matrix.rows import (
    AnswerRow,
    AuthorityRow,
    EffortRow,
    GroupRow,
    MemberRow,
    PlaceRow,
    ProposalRow,
)
from ...steps.worklist import Step
from ..lines import sections_of
from ..mine import Clash, Column, LastEdition, Mine
from .rows import rows_of

Found = dict[str, list[Any]]
# For so long clashes in a cell are told, and that all have answered an ask.
CLASHES_TOLD, ANSWERS_TOLD = dt.timedelta(days=30), dt.timedelta(days=14)


@dataclass(frozen=True)
class _Roles:
    """The keys of what the person coordinates, edits and may agree to. ``parts`` are clusters with
    the authorities that are edited in that cluster alone."""

    coordinated: set[int]
    edited: set[int]
    parts: set[tuple[int, int]]
    agreeing: set[int]

    @classmethod
    def of(cls, scopes: list[Membership]) -> "_Roles":
        editors = [one for one in scopes if one.role == Role.EDITOR and one.authority_id]
        return cls(
            {one.cluster_id for one in scopes if one.cluster_id and one.role in COORDINATING},
            {one.authority_id for one in editors if one.authority_id and not one.within_id},
            {
                (one.within_id, one.authority_id)
                for one in editors
                if one.within_id and one.authority_id
            },
            {
                one.authority_id
                for one in scopes
                if one.authority_id and one.role in EDITING_COLUMNS and not one.within_id
            },
        )

    def edits(self, cluster: int, authority: int) -> bool:
        return authority in self.edited or (cluster, authority) in self.parts


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Cluster by cluster, in one query; in none for who has no role in this half."""
    if not any(one.authority_id or one.cluster_id for one in user.scopes):
        return
    roles = _Roles.of(user.scopes)
    rows: defaultdict[int, Found] = defaultdict(lambda: defaultdict(list))
    for what, cluster, *row in rows_of(
        *(user, today, roles.coordinated, roles.edited),
        *({one for one, _ in roles.parts}, {one for _, one in roles.parts}),
        since=_begin_of(today - CLASHES_TOLD),
        answered_since=_begin_of(today - ANSWERS_TOLD),
    ):
        rows[cluster][what].append(row)
    for key, found in sorted(rows.items(), key=lambda item: sort_key(item[1]["cluster"][0][5])):
        yield from sections_of(_mine(key, found, roles, today))


def _begin_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _mine(key: int, found: Found, roles: _Roles, today: dt.date) -> Mine:
    [[_key, months, *_numbers, name, slug, _text, _day_1, _day_2]] = found["cluster"]
    mine = Mine(key, name, slug, months, key in roles.coordinated, today)
    found["column"].sort(key=itemgetter(2, 0))
    for pk, authority, _position, awaits, has_editor, title, its_slug, *_rest in found["column"]:
        mine.columns.append(
            Column(
                *(pk, authority, title, its_slug, bool(awaits), bool(has_editor)),
                is_edited=roles.edits(key, authority),
                may_agree=authority in roles.agreeing,
            )
        )
    if found["edition"]:
        number, *_numbers, title, meeting, _text, day, frozen_on = found["edition"][0]
        mine.edition = LastEdition(number, title, meeting, day, frozen_on)
    _fill(mine, found)
    _add_talk(mine, found)
    _add_asks(mine, found)
    return mine


def _fill(mine: Mine, found: Found) -> None:
    """The cells of the columns that the person edits or coordinates."""
    shown = [column for column in mine.columns if column.is_edited or mine.coordinates]
    if not shown:
        return
    kinds = {authority: kind for _pk, authority, *_more, kind, _day, _last in found["column"]}
    keys = {column.authority for column in shown}
    matrix = build(
        columns=[
            MemberRow(
                AuthorityRow(one.authority, kinds[one.authority], "", one.name, one.name, one.slug)
            )
            for one in shown
        ],
        proposals=[
            ProposalRow(pk, number, title, GroupRow(group, ""), None, concerned)
            for pk, group, _position, number, _n, title, concerned, *_rest in sorted(
                found["proposal"], key=itemgetter(2, 3, 0)
            )
        ],
        positions=[
            AnswerRow(0, proposal, authority, state, since, confirmed, "", 0)
            for proposal, authority, _1, _2, _3, state, _4, _5, since, confirmed in found["answer"]
            if authority in keys
        ],
        places=[
            PlaceRow(_effort(effort, authority, state, first, last), proposal)
            for proposal, authority, effort, _1, _2, state, _3, _4, first, last in found["place"]
            if authority in keys
        ],
        notes=(),
        today=mine.today,
        interval_months=mine.months,
    )
    mine.titles = {row.proposal.pk: str(row.proposal) for row in matrix.rows}
    for number, column in enumerate(shown):
        column.cells = [row.cells[number] for row in matrix.rows]


def _effort(
    key: int, authority: int, state: str, first: dt.date | None, last: dt.date | None
) -> EffortRow:
    return EffortRow(key, authority, "", "", None, state, "", "", first, last, None, "", [])


def _add_talk(mine: Mine, found: Found) -> None:
    """Threads in which the person has the word, and steps past their date."""
    columns = {column.authority: column for column in mine.columns}
    for pk, authority, proposal, has_wording, _n, awaits, *_rest in sorted(found["thread"]):
        column = columns.get(authority)
        if column is None:
            continue
        for_editor = awaits == Side.EDITOR
        if column.is_edited if for_editor else mine.coordinates:
            # Once the editor has decided, the thread is a talk.
            is_wording = bool(has_wording) and for_editor
            mine.threads.append(Waiting(pk, proposal, column.name, column.slug, is_wording))
    for pk, authority, _1, _2, _3, text, step, _4, due, _5 in found["step"]:
        if column := columns.get(authority):
            mine.steps.append(Step(pk, text, step, due, column.name, column.slug, column.is_edited))


def _add_asks(mine: Mine, found: Found) -> None:
    """What the person is asked for, what the person's clusters ask for, and where saves clashed."""
    columns = {column.authority: column for column in mine.columns}
    for part, authority, fields, first, _n, kind, who, _text, deadline, _day in sorted(
        found["asked"], key=itemgetter(8, 0)
    ):
        if column := columns.get(authority):
            column.asked.append(
                Asked(part, kind, who, deadline, fields or 0, first, column.name, column.slug)
            )
    for pk, _whose, done, parts, _n, kind, _1, _2, deadline, _day in sorted(
        found["out"], key=itemgetter(8, 0)
    ):
        mine.out.append(Out(pk, kind, deadline, done, parts))
    since = mine.edition.frozen_on if mine.edition else dt.date.min
    for proposal, authority, answer, _1, _2, _3, _4, _5, day, _6 in found["refused"]:
        if answer and authority in columns and proposal in mine.titles and day >= since:
            mine.clashes[Clash(answer, proposal, authority)] += 1
