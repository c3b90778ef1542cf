"""Earlier versions of a cell, an effort and a note, put back as new changes of their column."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from krams.history import queries
from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.history.registry import Record, Restored
from krams.models import ClusterMembership, User

from ...access import editable_columns
from ...models import AuthorityNote, Effort, EffortProposal, Position
from ..answer import EFFORT_FIELDS, Answer, EffortInput
from .new_themes import themes_named
from .save_cell import CellSave, lock_column, save_cell


def _column(cluster: int, authority: int, by: User) -> ClusterMembership:
    """Raises ``PermissionDenied`` where the person may not fill it in."""
    mine = editable_columns(by).filter(cluster=cluster, authority=authority)
    column = mine.select_related("cluster", "authority").first()
    if column is None:
        raise PermissionDenied
    return column


@transaction.atomic
def restore_cell(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Restored:
    """The answer and the efforts as they stood after the save ``record``, saved as of today.

    What the cell holds beside them goes from this cell. Raises ``PermissionDenied``,
    ``StaleVersion`` and ``ExpiredEffort``.
    """
    position = Position.objects.select_related("proposal").get(pk=record.id)
    proposal = position.proposal
    column = _column(proposal.cluster_id, record.authority_id, by)
    lock_column(column, by)
    then = _stood_then(record)
    now = {
        effort.pk: effort
        for effort in Effort.objects.standing().filter(
            authority=record.authority_id, places__proposal=proposal
        )
    }
    lines = [_line_then(one, proposal.pk, by) for one in then]
    lines += [_line_gone(now[key], proposal.pk) for key in now.keys() - {one.id for one in then}]
    answer = Answer(record.state, record.state_from, efforts=tuple(lines))
    saved = save_cell(
        column=column, proposal=proposal, version=version, answer=answer, by=by, reason=reason
    )
    return Restored(saved.position, _without_themes(then))


def _stood_then(record: Record) -> list[Record]:
    """Efforts of the cell from the save until the next one, in their order."""
    later = Position.history.filter(id=record.id, history_date__gt=record.history_date)
    next_one = later.order_by("history_date").first()
    until = next_one.history_date if next_one else None
    places = EffortProposal.history.filter(
        proposal_id=record.proposal_id,
        effort_id__in=Effort.history.filter(authority_id=record.authority_id).values("id"),
    )
    efforts = Effort.history.filter(id__in=places.values("effort_id"))
    order = ("history_date", "history_id")
    there = queries.standing_rows(list(places.order_by(*order)), until)
    texts = queries.standing_rows(list(efforts.order_by(*order)), until)
    ordered = sorted(there.values(), key=lambda place: (place.position, place.id))
    found = (texts.get(place.effort_id) for place in ordered)
    return [effort for effort in found if effort is not None and effort.removed_at is None]


def _line_then(then: Record, proposal: int, by: User) -> EffortInput:
    """A line as it was; what it pointed at and is gone, it does not point at."""
    content = {name: getattr(then, name) for name in EFFORT_FIELDS}
    effort = Effort.objects.filter(pk=then.id).first()
    if not AuthorityNote.objects.filter(pk=then.explained_by_id, authority=then.authority_id):
        content["explained_by_id"] = None
    mine = Initiative.objects.visible_to(by).filter(department__municipality=then.authority_id)
    if not mine.filter(pk=then.initiative_id).exists():
        content["initiative_id"] = effort.initiative_id if effort else None
    return EffortInput(
        effort_id=effort.pk if effort else None,
        proposals=_served(effort) | {proposal},
        themes=themes_named(then.theme_text)[0],
        **content,
    )


def _without_themes(then: list[Record]) -> tuple[str, ...]:
    """What there is to say of themes that are no more: they were everybody's, and stay away."""
    text = _("“%(effort)s” came back without the theme “%(theme)s”, which is no longer there.")
    return tuple(
        text % {"effort": one.text, "theme": theme}
        for one in then
        for theme in themes_named(one.theme_text)[1]
    )


def _line_gone(effort: Effort, proposal: int) -> EffortInput:
    """A line that was not there then: it stays where else it serves."""
    others = _served(effort) - {proposal}
    content = {name: getattr(effort, name) for name in EFFORT_FIELDS}
    themes = frozenset(effort.themes.values_list("pk", flat=True))
    return EffortInput(
        effort_id=effort.pk, proposals=others, themes=themes, removed=not others, **content
    )


def _served(effort: Effort | None) -> frozenset[int]:
    """Of a removed effort none: it comes back to the one cell alone."""
    if effort is None or effort.removed_at:
        return frozenset()
    return frozenset(effort.places.values_list("proposal", flat=True))


@transaction.atomic
def restore_effort_text(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Restored:
    """The words and themes of an effort as they were; all its cells count up. Raises
    ``PermissionDenied``, ``StaleVersion``."""
    column = _column(record.cluster_id, record.authority_id, by)
    lock_column(column, by)
    save = CellSave(column, by, reason=reason)
    effort = save.efforts.get(record.id)
    if effort is None or effort.removed_at:
        raise PermissionDenied
    if effort.version != version:
        raise StaleVersion(effort)
    for name, value in values.items():
        setattr(effort, name, value)
    save.keep_with_themes(effort, themes_named(record.theme_text)[0])
    cells = save.places[effort.pk].keys()
    save.read_efforts(set(cells))
    for key in cells:
        save.count_up(key, save.proposals[key])
    return Restored(effort, _without_themes([record]))


@transaction.atomic
def restore_note(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Restored:
    """A note as it was, also one that was removed: with the efforts that it explained.

    Raises ``PermissionDenied``, ``StaleVersion``.
    """
    column = _column(record.cluster_id, record.authority_id, by)
    lock_column(column, by)
    mine = AuthorityNote.objects.filter(cluster=column.cluster, authority=column.authority)
    if mine.filter(pk=record.id).exists():
        standing = lock(mine, version=version, pk=record.id)
        for name, value in values.items():
            setattr(standing, name, value)
        return Restored(save_version(standing, by=by, reason=reason))
    gone = AuthorityNote.history.filter(id=record.id, history_type="-").latest()
    if gone.version != version:
        raise StaleVersion(gone.instance)
    note: AuthorityNote = gone.instance
    for name, value in values.items():
        setattr(note, name, value)
    save_version(note, by=by, reason=reason)
    # Those that it explained until it was removed, and that nobody has changed since.
    parted = Effort.history.filter(history_date=gone.history_date, explained_by=None)
    for effort in Effort.objects.filter(
        pk__in=parted.values("id"), cluster=column.cluster, authority=column.authority
    ):
        before = effort.history.filter(version=effort.version - 1).first()
        is_same = effort.history.latest().history_date == gone.history_date
        if is_same and before and before.explained_by_id == note.pk:
            effort.explained_by, effort._history_date = note, timezone.now()
            save_version(effort, by=by, reason=reason)
    return Restored(note)
