"""One authority's column as it is filled in and gone through, save by save."""

import datetime as dt

from django.utils.translation import gettext as _

from krams.danish.collation import sort_key
from krams.enums import AuthorityKind
from krams.models import Authority, Cluster

from ...enums import Division, EffortState, PositionState
from ...matrix.cell_status import DATED_STATES, agreeing, is_answered
from ...models import AuthorityNote, Effort, EffortProposal, Position, Proposal, Theme
from .. import matrix_words
from ..draws import id_from, stream
from .country import Country
from .store import CHANGED, CREATED

WITH_EFFORTS = (
    *(PositionState.ESTABLISHED,) * 11,
    *(PositionState.INDIVIDUAL,) * 4,
    *(PositionState.PLANNED,) * 2,
    *(PositionState.ANSWERED,) * 2,
    PositionState.UNKNOWN,
)
WITHOUT = (
    *(PositionState.NOT_FILLED,) * 5,
    *(PositionState.NONE,) * 3,
    *(PositionState.NOT_NEEDED,) * 2,
    PositionState.UNKNOWN,
    PositionState.PLANNED,
    PositionState.DISCONTINUED,
    PositionState.NOT_APPLICABLE,
)
# Efforts of a cell when it is filled in for the first time; later rounds add a few.
EFFORTS = (*(0,) * 3, 1, *(2,) * 3, *(3,) * 4, *(4,) * 4, *(5,) * 3, *(6,) * 2)


class FilledColumn:
    def __init__(
        self,
        country: Country,
        cluster: Cluster,
        authority: Authority,
        proposals: list[Proposal],
        themes: list[Theme],
    ) -> None:
        self.country, self.store = country, country.store
        self.cluster, self.authority = cluster, authority
        self.proposals, self.themes = proposals, themes
        self.chance = stream(country.order.seed, "column", cluster.slug, authority.slug)
        self.editor = country.editors[authority.pk]
        self.positions: dict[int, Position] = {}
        self.efforts: list[Effort] = []
        self.themes_of: dict[int, list[Theme]] = {}
        self.places: dict[int, list[EffortProposal]] = {one.pk: [] for one in proposals}
        self.notes: list[AuthorityNote] = []
        self.initiatives = [
            branch.initiative
            for branch in country.branches
            if branch.initiative and branch.department.municipality_id == authority.pk
        ]

    def standing_places(self) -> list[EffortProposal]:
        places = (place for of_cell in self.places.values() for place in of_cell)
        return sorted(
            (place for place in places if place.effort.removed_at is None),
            key=lambda place: (place.position, place.pk),
        )

    def put(self) -> None:
        """Write the rows as they now stand; their history has been written."""
        for note in self.notes:
            self.store.put(note)
        for effort in self.efforts:
            self.store.put(effort)
            for theme in self.themes_of[effort.pk]:
                self.store.link(Effort.themes.through, effort_id=effort.pk, theme_id=theme.pk)
        for of_cell in self.places.values():
            for place in of_cell:
                self.store.put(place)
        for position in self.positions.values():
            self.store.put(position)

    def go_through(self, number: int, day: dt.date, *, lately: bool) -> None:
        """Fill in the cells, or confirm and change them, one after the other."""
        chance = self.chance
        day -= dt.timedelta(days=chance.randint(0, 3 if lately else 12))
        at = dt.datetime.combine(day, dt.time(8), dt.UTC)
        if number == 0:
            self._write_notes(at)
        for place, proposal in enumerate(self.proposals):
            if (lately and chance.random() > 0.05) or (number and chance.random() > 0.6):
                continue
            at += dt.timedelta(seconds=chance.randint(30, 400))
            if number == 0:
                self._fill_in(place, at)
            else:
                self._change(proposal, at)

    def _write_notes(self, at: dt.datetime) -> None:
        chance = self.chance
        for position, heading in enumerate(matrix_words.headings(chance, chance.randint(3, 5)), 1):
            note = AuthorityNote(
                cluster=self.cluster,
                authority=self.authority,
                division=self._division(),
                position=position,
                heading=heading,
                text=matrix_words.note(chance),
                submission_id=id_from(chance),
            )
            self.store.remember(note, CREATED, at=at, by=self.editor)
            self.notes.append(note)

    def _division(self) -> str:
        if self.authority.kind != AuthorityKind.REGION:
            return ""
        return self.chance.choice(("", Division.SOMATIC.value, Division.PSYCHIATRIC.value))

    def _fill_in(self, index: int, at: dt.datetime) -> None:
        """The first answer. Now and then one answer covers this proposal and the one above."""
        chance, proposal = self.chance, self.proposals[index]
        above = self.proposals[index - 1] if index else None
        if above and above.group_id == proposal.group_id and chance.random() < 0.06:
            for place in self.places[above.pk]:
                self._place(place.effort, proposal, at)
            same = self.positions.get(above.pk)
            state_from = same.state_from if same else None
            self._answer(proposal, at, same.state if same else None, state_from)
            return
        for _number in range(chance.choice(EFFORTS)):
            self._add_effort(proposal, at)
        self._answer(proposal, at)

    def _change(self, proposal: Proposal, at: dt.datetime) -> None:
        """One save: mostly nothing new, so that the answer is confirmed."""
        chance = self.chance
        standing = [one for one in self.places[proposal.pk] if one.effort.removed_at is None]
        drawn = chance.random()
        touched: set[int] = set()
        if drawn < 0.25:
            self._add_effort(proposal, at)
        elif drawn < 0.35 and standing:
            effort = chance.choice(standing).effort
            effort.removed_at = at
            self.store.remember(effort, CHANGED, at=at, by=self.editor)
            touched = self._served_by(effort)
        elif drawn < 0.5 and standing:
            effort = chance.choice(standing).effort
            self._rewrite(effort, at)
            touched = self._served_by(effort)
        if standing or drawn < 0.25 or proposal.pk in self.positions:
            current = self.positions.get(proposal.pk)
            keeps = current and chance.random() < 0.9
            state = current.state if current and keeps else None
            self._answer(proposal, at, state, current.state_from if current and keeps else None)
        because = _("An effort was changed under proposal %(number)s") % {"number": proposal.number}
        for key in touched - {proposal.pk}:
            self._count_up(key, at, because)

    # --- Efforts ----------------------------------------------------------------------------------

    def _add_effort(self, proposal: Proposal, at: dt.datetime) -> None:
        chance, today = self.chance, self.country.order.today
        state = EffortState.RUNNING
        if chance.random() < 0.12:
            state = chance.choice((EffortState.PLANNED, EffortState.POSTPONED))
        effort = Effort(
            cluster=self.cluster,
            authority=self.authority,
            text=matrix_words.effort(chance),
            note=matrix_words.more_about_it(chance) if chance.random() < 0.2 else "",
            explained_by=chance.choice(self.notes) if chance.random() < 0.15 else None,
            state=state,
            division=self._division(),
            link=f"https://www.{self.authority.slug}.example/" if chance.random() < 0.1 else "",
        )
        if state == EffortState.RUNNING and chance.random() < 0.25:
            effort.valid_from = at.date() - dt.timedelta(days=chance.randint(30, 900))
        if state == EffortState.RUNNING and chance.random() < 0.1:
            effort.valid_until = today + dt.timedelta(days=chance.randint(-20, 400))
        if self.initiatives and chance.random() < 0.08:
            effort.initiative = chance.choice(self.initiatives)
        chosen = self.chance.sample(self.themes, self.chance.choice((0, 0, 1, 1, 2)))
        themes = sorted(chosen, key=lambda theme: sort_key(theme.name))
        effort.theme_text = ", ".join(theme.name for theme in themes)
        self.store.remember(effort, CREATED, at=at, by=self.editor)
        self.themes_of[effort.pk] = themes
        self.efforts.append(effort)
        self._place(effort, proposal, at)

    def _place(self, effort: Effort, proposal: Proposal, at: dt.datetime) -> None:
        of_cell = self.places[proposal.pk]
        place = EffortProposal(effort=effort, proposal=proposal, position=len(of_cell) + 1)
        self.store.remember(place, CREATED, at=at, by=self.editor)
        of_cell.append(place)

    def _rewrite(self, effort: Effort, at: dt.datetime) -> None:
        if self.chance.random() < 0.2:
            effort.state = EffortState.DISCONTINUED
        else:
            effort.text = matrix_words.effort(self.chance)
        self.store.remember(effort, CHANGED, at=at, by=self.editor)

    def _served_by(self, effort: Effort) -> set[int]:
        return {
            key
            for key, of_cell in self.places.items()
            if any(place.effort is effort for place in of_cell)
        }

    # --- Answers ----------------------------------------------------------------------------------

    def _answer(
        self,
        proposal: Proposal,
        at: dt.datetime,
        state: str | None = None,
        state_from: dt.date | None = None,
    ) -> None:
        """Save and confirm a cell; ``state`` is drawn where there is none to keep."""
        chance = self.chance
        standing = [one for one in self.places[proposal.pk] if one.effort.removed_at is None]
        if state is None:
            state = chance.choice(WITH_EFFORTS if standing else WITHOUT).value
            state_from = None
            if state in DATED_STATES:
                ahead = 1 if state == PositionState.PLANNED else -1
                state_from = at.date() + dt.timedelta(days=ahead * chance.randint(20, 300))
        state = agreeing(state, holds_efforts=bool(standing)).value
        position = self.positions.get(proposal.pk)
        if position is None and not is_answered(state):
            return
        kind = CHANGED if position else CREATED
        position = position or Position(proposal=proposal, authority=self.authority)
        position.state = state
        position.state_from = state_from if state in DATED_STATES else None
        is_filled = is_answered(state)
        # A real save refuses to confirm what holds an effort past its last day.
        if not any(one.effort.has_expired(at.date()) for one in standing):
            position.confirmed_on = at.date() if is_filled else None
            position.confirmed_by = self.editor if is_filled else None
        self.store.remember(position, kind, at=at, by=self.editor)
        self.positions[proposal.pk] = position

    def _count_up(self, key: int, at: dt.datetime, because: str) -> None:
        position = self.positions.get(key)
        if position is None:
            return
        standing = any(one.effort.removed_at is None for one in self.places[key])
        position.state = agreeing(position.state, holds_efforts=standing).value
        if not is_answered(position.state):
            position.confirmed_on = position.confirmed_by = None
        self.store.remember(position, CHANGED, at=at, by=self.editor, reason=because)
