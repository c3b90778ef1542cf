"""Reads what ``layout.py`` makes a matrix of: three queries, whatever the number of cells."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from django.db.models import FilteredRelation, Q, QuerySet

from initiatives.followup.queries.cited_initiatives import read_cited
from initiatives.models import Initiative
from krams.danish.collation import sort_key
from krams.database.prepared import prepared
from krams.models import Authority, Cluster, ClusterMembership, User

from ...access import Sheet
from ...models import AuthorityNote, EffortProposal, Proposal, Theme
from ..answer import Choices
from ..layout import Matrix, build, theme_order
from ..rows import (
    AnswerRow,
    EffortRow,
    GroupRow,
    NoteRow,
    PlaceRow,
    ProposalRow,
    SourceRow,
    ThemeRow,
)

Rows: TypeAlias = QuerySet[Any, tuple[Any, ...]]


def read_matrix(
    sheet: Sheet,
    *,
    only: ClusterMembership | None = None,
    with_notes: bool = True,
    with_themes: bool = True,
    with_cited: bool = False,
) -> Matrix:
    """The matrix with all its columns, or one; which rows are shown is the filter's business.

    ``with_notes=False`` leaves out the notes below the table (one query less),
    ``with_themes=False`` the themes of efforts. ``with_cited`` fetches what may be known of the
    initiatives that efforts are (two queries more where there are any).
    """
    cluster = sheet.cluster
    authorities = [column.authority_id for column in ([only] if only else sheet.columns)]
    proposals, positions = _answers(_answer_rows(cluster, authorities))
    notes = _note_rows(cluster, authorities) if with_notes else ()
    matrix = build(
        columns=sheet.columns,
        only=only.authority_id if only else None,
        proposals=proposals,
        positions=positions,
        places=_places(_place_rows(cluster, authorities, with_themes)),
        notes=map(NoteRow._make, notes),
        today=sheet.today,
        interval_months=cluster.confirmation_interval_months,
    )
    if with_cited:
        _cite(matrix, sheet)
    return matrix


def _cite(matrix: Matrix, sheet: Sheet) -> None:
    citing = [
        (line, key)
        for row in matrix.rows
        for cell in row.cells
        for line in cell.lines
        if (key := line.effort.initiative_id)
    ]
    cited = read_cited({key for _line, key in citing}, sheet.user, sheet.today)
    for line, key in citing:
        line.initiative = cited.get(key)


@prepared
def _answer_rows(cluster: Cluster, authorities: list[int]) -> Rows:
    """The proposals in the order of the page, and the answers to them: a row an answer."""
    mine = Q(positions__authority__in=authorities)
    return (
        Proposal.objects.standing()
        .filter(cluster=cluster)
        .annotate(answer=FilteredRelation("positions", condition=mine))
        .values_list(
            *("pk", "number", "title", "concerned", "group__pk", "group__name"),
            *("source__pk", "source__title", "source__is_exhaustive", "source__remark"),
            *("answer__pk", "answer__authority", "answer__state", "answer__state_from"),
            *("answer__confirmed_on", "answer__version"),
            *("answer__confirmed_by__name", "answer__confirmed_by__email"),
        )
    )


def _answers(rows: Iterable[tuple[Any, ...]]) -> tuple[list[ProposalRow], list[AnswerRow]]:
    proposals: dict[int, ProposalRow] = {}
    groups: dict[int, GroupRow] = {}
    sources: dict[int, SourceRow] = {}
    answers = []
    for row in rows:
        pk, number, title, whom, group, name, source, paper, is_exhaustive, remark, *answer = row
        if pk not in proposals:
            groups.setdefault(group, GroupRow(group, name))
            if source:
                sources.setdefault(source, SourceRow(source, paper, is_exhaustive, remark))
            proposals[pk] = ProposalRow(pk, number, title, groups[group], sources.get(source), whom)
        # A proposal that nobody has answered is one row without an answer.
        if answer[0]:
            key, authority, state, state_from, confirmed_on, version, name, email = answer
            who = name or email or ""
            answers.append(
                AnswerRow(key, pk, authority, state, state_from, confirmed_on, who, version)
            )
    return list(proposals.values()), answers


@prepared
def _place_rows(cluster: Cluster, authorities: list[int], with_themes: bool) -> Rows:
    """The efforts in their cells, in order: a row a theme, or one where an effort has none."""
    places = EffortProposal.objects.standing().filter(
        effort__cluster=cluster, effort__authority__in=authorities
    )
    theme: tuple[str, ...] = ()
    if with_themes:
        places = places.annotate(theme=FilteredRelation("effort__themes"))
        theme = ("theme__pk", "theme__name", "theme__slug")
    return places.order_by(*(EffortProposal._meta.ordering or ())).values_list(
        *("proposal", "effort", "effort__authority", "effort__text", "effort__note"),
        *("effort__explained_by", "effort__state", "effort__division", "effort__link"),
        *("effort__valid_from", "effort__valid_until", "effort__initiative"),
        *("effort__initiative__title", "effort__responsible", "effort__next_step"),
        *("effort__next_step_on", *theme),
    )


def _places(rows: Iterable[tuple[Any, ...]]) -> list[PlaceRow]:
    efforts: dict[int, EffortRow] = {}
    carried: dict[int, set[ThemeRow]] = {}
    places: dict[tuple[int, int], PlaceRow] = {}
    for row in rows:
        proposal, key = row[:2]
        effort = efforts.get(key)
        if effort is None:
            effort = efforts[key] = EffortRow._make(
                (*row[1:12], row[12] or "", [], *row[13:16], True, True)
            )
        if (proposal, key) not in places:
            places[proposal, key] = PlaceRow(effort, proposal)
        # An effort in several cells comes with its themes in each.
        if row[16:] and row[16]:
            carried.setdefault(key, set()).add(ThemeRow(*row[16:]))
    for key, themes in carried.items():
        efforts[key].theme_list.extend(sorted(themes, key=theme_order))
    return list(places.values())


@prepared
def _note_rows(cluster: Cluster, authorities: list[int]) -> Rows:
    return AuthorityNote.objects.filter(cluster=cluster, authority__in=authorities).values_list(
        "pk", "authority", "division", "heading", "text", "link"
    )


def read_choices(user: User, authority: Authority) -> Choices:
    """All themes, and the initiatives of ``authority`` that the person may see (two queries)."""
    themes = [ThemeRow(*row) for row in _theme_rows()]
    titles = _initiative_titles(user, authority)
    return Choices(
        sorted(themes, key=theme_order), sorted(titles, key=lambda one: sort_key(one[1]))
    )


@prepared
def _theme_rows() -> Rows:
    return Theme.objects.values_list("pk", "name", "slug")


@prepared
def _initiative_titles(user: User, authority: Authority) -> Rows:
    mine = Initiative.objects.visible_to(user).filter(department__municipality=authority)
    return mine.values_list("pk", "title")
