"""What was made, as the rows of which a matrix is laid out: nothing of it has been read yet."""

from collections.abc import Iterable

from ...matrix.rows import (
    AnswerRow,
    EffortRow,
    GroupRow,
    NoteRow,
    ProposalRow,
    SourceRow,
    ThemeRow,
)
from ...models import AuthorityNote, Effort, Position, Proposal, Theme


def proposal_row(made: Proposal) -> ProposalRow:
    source = made.source
    return ProposalRow(
        made.pk,
        made.number,
        made.title,
        GroupRow(made.group.pk, made.group.name),
        SourceRow(source.pk, source.title, source.is_exhaustive, source.remark) if source else None,
        made.concerned,
    )


def answer_row(made: Position) -> AnswerRow:
    return AnswerRow(
        made.pk,
        made.proposal_id,
        made.authority_id,
        made.state,
        made.state_from,
        made.confirmed_on,
        str(made.confirmed_by or ""),
        made.version,
    )


def effort_row(made: Effort, themes: Iterable[Theme]) -> EffortRow:
    return EffortRow(
        pk=made.pk,
        authority_id=made.authority_id,
        text=made.text,
        note=made.note,
        explained_by_id=made.explained_by_id,
        state=made.state,
        division=made.division,
        link=made.link,
        valid_from=made.valid_from,
        valid_until=made.valid_until,
        initiative_id=made.initiative_id,
        initiative_title=made.initiative.title if made.initiative else "",
        theme_list=[ThemeRow(theme.pk, theme.name, theme.slug) for theme in themes],
        responsible=made.responsible,
        next_step=made.next_step,
        next_step_on=made.next_step_on,
    )


def note_row(made: AuthorityNote) -> NoteRow:
    return NoteRow(made.pk, made.authority_id, made.division, made.heading, made.text, made.link)
