"""Fetches what ``matrix.py`` makes a matrix of: four queries, whatever the number of cells.

What stands below the table is read together with the themes: rows of one shape in two tables.
"""

from collections import defaultdict

from django.db.models import CharField, F, FilteredRelation, Q, TextField, Value
from django.db.models.functions import Cast

from initiatives.cited import read_cited
from initiatives.models import Initiative
from krams.danish import sort_key

from .access import Sheet
from .matrix import Matrix, ThemeChoice, build
from .models import AuthorityNote, EffortProposal, Position, Proposal, Theme

COLUMNS = ("what", "key", "owner", "place", "part", "label", "body", "address")


def read_matrix(
    sheet: Sheet, *, with_themes: bool = False, with_notes: bool = True, choices_of=None
) -> Matrix:
    """The matrix with all its columns; which rows are shown is the filter's business.

    Efforts have ``theme_keys`` and ``theme_names``, unless ``with_notes=False`` leaves out the
    notes below the table (one query less). ``with_themes`` prefetches ``themes`` themselves (one
    more). ``choices_of`` is an authority whose initiatives the person can choose from.
    What efforts cite of initiatives costs two queries, and none where nothing is cited.
    """
    cluster = sheet.cluster
    authorities = [column.authority for column in sheet.columns]
    places = list(
        EffortProposal.objects.standing()
        .filter(effort__cluster=cluster, effort__authority__in=authorities)
        .select_related("effort")
        .annotate(initiative_title=F("effort__initiative__title"))
        .prefetch_related(*(["effort__themes"] if with_themes else []))
    )
    below = _Below(sheet, authorities, choices_of) if with_notes else None
    matrix = build(
        columns=sheet.columns,
        proposals=Proposal.objects.standing()
        .filter(cluster=cluster)
        .select_related("group", "source"),
        positions=Position.objects.filter(
            proposal__cluster=cluster, proposal__retired_on=None, authority__in=authorities
        ).select_related("confirmed_by"),
        places=places,
        notes=below.notes if below else (),
        today=sheet.today,
        interval_months=cluster.confirmation_interval_months,
    )
    for place in places:
        place.effort.initiative_title = place.initiative_title or ""
        if below:
            below.tell_themes(place.effort)
    if below:
        matrix.themes, matrix.initiatives = below.themes, below.initiatives
        _cite(matrix, sheet)
    return matrix


def _cite(matrix: Matrix, sheet: Sheet) -> None:
    lines = [line for cell in matrix.cells.values() for line in cell.lines]
    keys = {line.effort.initiative_id for line in lines} - {None}
    cited = read_cited(keys, sheet.user, sheet.today)
    for line in lines:
        line.initiative = cited.get(line.effort.initiative_id)


class _Below:
    """Notes, themes with the efforts that carry them, and initiatives to choose from."""

    def __init__(self, sheet: Sheet, authorities: list, choices_of):
        self.notes: list[AuthorityNote] = []
        self.themes: list[ThemeChoice] = []
        self.initiatives: list[tuple[int, str]] = []
        self.of_effort: dict[int, set[int]] = defaultdict(set)
        names: dict[int, tuple[str, str]] = {}
        for what, key, owner, place, part, label, body, address in _rows(
            sheet, authorities, choices_of
        ):
            if what == "note":
                self.notes.append(
                    AuthorityNote(
                        pk=key,
                        cluster=sheet.cluster,
                        authority_id=owner,
                        position=place,
                        division=part,
                        heading=label,
                        text=body,
                        link=address,
                    )
                )
            elif what == "theme":
                names[key] = label, body
                if owner:
                    self.of_effort[owner].add(key)
            else:
                self.initiatives.append((key, label))
        self.notes.sort(key=lambda note: (note.position, note.pk))
        self.initiatives.sort(key=lambda choice: sort_key(choice[1]))
        self.themes = [
            ThemeChoice(key, name, slug)
            for key, (name, slug) in sorted(names.items(), key=lambda one: sort_key(one[1][0]))
        ]

    def tell_themes(self, effort) -> None:
        effort.theme_keys = frozenset(self.of_effort.get(effort.pk, ()))
        effort.theme_names = [one.name for one in self.themes if one.key in effort.theme_keys]


def _rows(sheet: Sheet, authorities: list, choices_of):
    nothing = Value("", output_field=CharField())
    notes = AuthorityNote.objects.filter(cluster=sheet.cluster, authority__in=authorities).annotate(
        what=Value("note"),
        key=F("pk"),
        owner=F("authority_id"),
        place=F("position"),
        part=F("division"),
        label=F("heading"),
        body=F("text"),
        address=F("link"),
    )
    standing = Q(efforts__cluster=sheet.cluster, efforts__removed_at=None)
    themes = Theme.objects.alias(mine=FilteredRelation("efforts", condition=standing)).annotate(
        what=Value("theme"),
        key=F("pk"),
        owner=F("mine__pk"),
        place=Value(0),
        part=nothing,
        label=F("name"),
        body=Cast("slug", TextField()),
        address=nothing,
    )
    more = [themes]
    if choices_of:
        mine = Initiative.objects.visible_to(sheet.user).filter(department__municipality=choices_of)
        more.append(
            mine.annotate(
                what=Value("initiative"),
                key=F("pk"),
                owner=F("department_id"),
                place=Value(0),
                part=nothing,
                label=F("title"),
                body=Cast("status", TextField()),
                address=nothing,
            )
        )
    found = [queryset.order_by().values_list(*COLUMNS) for queryset in (notes, *more)]
    return found[0].union(*found[1:], all=True)
