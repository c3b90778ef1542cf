"""Reads what ``layout.py`` makes a matrix of: three queries, whatever the number of cells."""

from django.db.models import F, FilteredRelation, Q

from initiatives.followup.queries.cited_initiatives import read_cited
from initiatives.models import Initiative
from krams.danish.collation import sort_key
from krams.models import Authority, User

from ...access import Sheet
from ...models import AuthorityNote, EffortProposal, Position, Proposal, Theme
from ..answer import Choices
from ..layout import Matrix, build, theme_order


def read_matrix(sheet: Sheet, *, with_notes: bool = True, with_cited: bool = False) -> Matrix:
    """The matrix with all its columns; which rows are shown is the filter's business.

    ``with_notes=False`` leaves out the notes below the table (one query less). ``with_cited``
    fetches what may be known of the initiatives that efforts are (two more where there are any).
    """
    cluster = sheet.cluster
    authorities = [column.authority for column in sheet.columns]
    proposals, positions = _read_answers(sheet, authorities)
    notes = AuthorityNote.objects.filter(cluster=cluster, authority__in=authorities)
    matrix = build(
        columns=sheet.columns,
        proposals=proposals,
        positions=positions,
        places=_read_places(sheet, authorities),
        notes=notes if with_notes else (),
        today=sheet.today,
        interval_months=cluster.confirmation_interval_months,
    )
    if with_cited:
        lines = [line for cell in matrix.cells.values() for line in cell.lines]
        keys = {key for line in lines if (key := line.effort.initiative_id)}
        cited = read_cited(keys, sheet.user, sheet.today)
        for line in lines:
            if key := line.effort.initiative_id:
                line.initiative = cited.get(key)
    return matrix


def _read_answers(
    sheet: Sheet, authorities: list[Authority]
) -> tuple[list[Proposal], list[Position]]:
    """The proposals in the order of the page, and the answers to them: a row an answer."""
    mine = Q(positions__authority__in=authorities)
    rows = (
        Proposal.objects.standing()
        .filter(cluster=sheet.cluster)
        .annotate(answer=FilteredRelation("positions", condition=mine))
        # "answer" is made by the annotation above, which the plugin does not see.
        .select_related("group", "source", "answer__confirmed_by")  # type: ignore[misc]
    )
    proposals: dict[int, Proposal] = {}
    positions = []
    for row in rows:
        proposals.setdefault(row.pk, row)
        # A proposal that nobody has answered is one row without an answer.
        if answer := getattr(row, "answer", None):
            positions.append(answer)
    return list(proposals.values()), positions


def _read_places(sheet: Sheet, authorities: list[Authority]) -> list[EffortProposal]:
    """The efforts in their cells, in order: a row a theme, or one where an effort has none.

    Each effort gets its ``theme_list``, ``theme_names`` and ``initiative_title``.
    """
    rows = (
        EffortProposal.objects.standing()
        .filter(effort__cluster=sheet.cluster, effort__authority__in=authorities)
        .annotate(
            theme=FilteredRelation("effort__themes"),
            initiative_title=F("effort__initiative__title"),
        )
        # As above.
        .select_related("effort", "theme")  # type: ignore[misc]
        .order_by(*(EffortProposal._meta.ordering or ()))
    )
    places: dict[int, EffortProposal] = {}
    for row in rows:
        place = places.setdefault(row.pk, row)
        if place is row:
            place.effort.theme_list = []
            place.effort.initiative_title = row.initiative_title or ""
        if theme := getattr(row, "theme", None):
            place.effort.theme_list.append(theme)
    for place in places.values():
        place.effort.theme_list.sort(key=theme_order)
        place.effort.theme_names = [theme.name for theme in place.effort.theme_list]
    return list(places.values())


def read_choices(user: User, authority: Authority) -> Choices:
    """All themes, and the initiatives of ``authority`` that the person may see (two queries)."""
    initiatives = Initiative.objects.visible_to(user).filter(department__municipality=authority)
    titles = initiatives.values_list("pk", "title")
    return Choices(
        sorted(Theme.objects.all(), key=theme_order),
        sorted(titles, key=lambda one: sort_key(one[1])),
    )
