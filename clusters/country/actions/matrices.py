"""Makes the matrices: proposals, answers, efforts and notes, and how they came to be what they are.

A matrix is filled in once and gone through again before each meeting of the cluster; there it is
frozen. Since the last edition a few answers have changed.
"""

import datetime as dt

from krams.danish.slugs import danish_slug
from krams.models import Cluster, ClusterMembership

from ...editions.content import freeze
from ...matrix.layout import build
from ...matrix.rows import PlaceRow
from ...models import (
    Edition,
    Proposal,
    ProposalGroup,
    SourceDocument,
    Theme,
)
from .. import matrix_words
from ..draws import id_from, moment_on, stream
from .column import FilledColumn
from .country import Country
from .rows import answer_row, effort_row, note_row, proposal_row

# How many days ago the matrix was gone through; the last time only here and there.
ROUNDS = (400, 215, 40, 8)
LATELY = len(ROUNDS) - 1


def make_themes(country: Country) -> list[Theme]:
    """The themes of all matrices; one that is there already is used."""
    known = {theme.name: theme for theme in Theme.objects.all()}
    slugs = {theme.slug for theme in known.values()}
    made = []
    for name in matrix_words.THEMES:
        theme = known.get(name)
        if theme is None:
            slug = danish_slug(name)
            slug = f"{slug}-2" if slug in slugs else slug
            theme = country.store.put(Theme(name=name, slug=slug))
        made.append(theme)
    return made


def make_matrix(country: Country, cluster: Cluster, themes: list[Theme]) -> None:
    _Made(country, cluster, themes).make()


class _Made:
    def __init__(self, country: Country, cluster: Cluster, themes: list[Theme]) -> None:
        self.country, self.cluster, self.store = country, cluster, country.store
        self.chance = stream(country.order.seed, "matrix", cluster.slug)
        self.coordinator = country.coordinators[cluster.pk]
        memberships = cluster.memberships.select_related("authority")
        self.memberships = [_shown(one) for one in memberships.order_by("position", "pk")]
        self.proposals: list[Proposal] = []
        self.themes = themes

    def make(self) -> None:
        begun = self._day(ROUNDS[0] + 15)
        self._make_proposals(moment_on(self.chance, begun))
        columns = [
            FilledColumn(self.country, self.cluster, one.authority, self.proposals, self.themes)
            for one in self.memberships
        ]
        editions = 3 if self.chance.random() < 2 / 3 else 2
        for number, days_ago in enumerate(ROUNDS):
            for column in columns:
                column.go_through(number, self._day(days_ago), lately=number == LATELY)
            if number < editions:
                self._freeze(number + 1, columns, self._day(days_ago - 4))
        for column in columns:
            column.put()

    def _day(self, days_ago: int) -> dt.date:
        return self.country.order.today - dt.timedelta(days=days_ago)

    def _make_proposals(self, at: dt.datetime) -> None:
        chance, store, by = self.chance, self.store, self.coordinator
        source = store.keep(
            SourceDocument(
                cluster=self.cluster,
                title="Forslag til mere lighed i sundhed for socialt udsatte",
                dated_on=at.date() - dt.timedelta(days=60),
                submission_id=id_from(chance),
            ),
            at=at,
            by=by,
        )
        for position, (name, titles) in enumerate(matrix_words.PROPOSALS.items(), start=1):
            group = store.keep(
                ProposalGroup(cluster=self.cluster, position=position, name=name), at=at, by=by
            )
            for title in titles:
                proposal = Proposal(
                    cluster=self.cluster,
                    group=group,
                    number=len(self.proposals) + 1,
                    title=title,
                    source=source,
                    submission_id=id_from(chance),
                )
                self.proposals.append(store.keep(proposal, at=at, by=by))

    def _freeze(self, number: int, columns: list[FilledColumn], day: dt.date) -> None:
        """The matrix as an edition of ``day``, by the same code that freezes a real one."""
        matrix = build(
            columns=self.memberships,
            proposals=map(proposal_row, self.proposals),
            positions=[answer_row(one) for column in columns for one in column.positions.values()],
            places=[
                PlaceRow(effort_row(one.effort, column.themes_of[one.effort.pk]), one.proposal_id)
                for column in columns
                for one in column.standing_places()
            ],
            notes=[note_row(one) for column in columns for one in column.notes],
            today=day,
            interval_months=self.cluster.confirmation_interval_months,
        )
        meeting_on = day + dt.timedelta(days=7)
        month = f"{matrix_words.MONTHS[meeting_on.month - 1]} {meeting_on.year}"
        self.store.put(
            Edition(
                cluster=self.cluster,
                number=number,
                title=f"Skemaet til mødet i {month}",
                meeting=f"Politisk møde i {self.cluster.name}, {month}",
                meeting_on=meeting_on,
                content=freeze(self.cluster, matrix, day),
                frozen_at=moment_on(self.chance, day),
                frozen_by=self.coordinator,
                frozen_by_name=str(self.coordinator),
                submission_id=id_from(self.chance),
            )
        )


def _shown(membership: ClusterMembership) -> ClusterMembership:
    # An edition says nothing of who might have filled it in.
    membership.may_edit = False
    return membership
