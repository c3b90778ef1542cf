"""Writes to a municipality's list of activity types.

The list is kept by managers and administrators of the municipality or of one of its departments;
a manager of a single facility may read it, since all the facilities of the municipality share it.
Until somebody changes something, the municipality has the common Danish list. The first change
makes it one of its own: plans and registrations go along, so that nothing is counted twice.
"""

import uuid
from typing import Any

from django.db import transaction

from krams.danish.normal_form import look_alike_key
from krams.history.actions.locking import StaleVersion, lock, save_kept, save_version
from krams.models import Authority, User

from ...access import municipalities_kept_by
from ...models import Activity, ActivityType, PlannedActivity

CONTENT = ("name", "factors")


class NameTaken(Exception):
    """The municipality has a type of that name; ``kind`` is it, perhaps retired."""

    def __init__(self, kind: ActivityType) -> None:
        super().__init__(f"name of {kind.pk}")
        self.kind = kind


class LastType(Exception):
    """A municipality cannot be without any activity type."""


@transaction.atomic
def add_type(
    *, municipality: Authority, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> ActivityType:
    """Add a type at the end of the list; the same ``submission_id`` returns the row it made.

    Raises ``Authority.DoesNotExist`` (not allowed) and ``NameTaken``.
    """
    kinds = _own_list(municipality, by)
    for kind in kinds:
        if kind.submission_id == submission_id:
            return kind
    _refuse_same_name(kinds, values["name"])
    last = max((kind.position for kind in kinds), default=0)
    kind = ActivityType(
        municipality=municipality, position=last + 1, submission_id=submission_id, **values
    )
    return save_version(kind, by=by)


@transaction.atomic
def edit_type(
    *, municipality: Authority, type_id: int, version: int, values: dict[str, Any], by: User
) -> ActivityType:
    """Rename a type or change its factors; what has been registered keeps what it had.

    Raises ``DoesNotExist`` (not allowed, or no such type), ``StaleVersion`` and ``NameTaken``.
    """
    municipality = locked_municipality(municipality, by)
    if not municipality.activity_types.exists():
        # Saved as it stands, a common type gives the municipality no list of its own.
        same = ActivityType.objects.filter(municipality=None, pk=type_id, **values)
        if common := same.first():
            return common
    kinds = _own_list(municipality, by)
    kind = _own(kinds, type_id)
    try:
        kind = lock(ActivityType.objects, version=version, fields=CONTENT, pk=kind.pk)
    except StaleVersion as stale:
        kind = stale.current
        if any(getattr(kind, name) != value for name, value in values.items()):
            raise
    if all(getattr(kind, name) == value for name, value in values.items()):
        return kind
    _refuse_same_name([other for other in kinds if other.pk != kind.pk], values["name"])
    for name, value in values.items():
        setattr(kind, name, value)
    return save_version(kind, by=by)


@transaction.atomic
def move_type(*, municipality: Authority, type_id: int, place: int, by: User) -> ActivityType:
    """Give a type its place among those that are offered, counted from 1.

    A place beyond the end is the last one. Raises ``DoesNotExist``.
    """
    kinds = _own_list(municipality, by)
    moved = _own(kinds, type_id)
    order = [kind for kind in kinds if not kind.retired and kind.pk != moved.pk]
    order.insert(max(place - 1, 0), moved)
    order += [kind for kind in kinds if kind.retired and kind.pk != moved.pk]
    for position, kind in enumerate(order, start=1):
        if kind.position != position:
            kind.position = position
            save_version(kind, by=by)
    return moved


@transaction.atomic
def retire_type(*, municipality: Authority, type_id: int, retired: bool, by: User) -> ActivityType:
    """Offer a type no longer, or again; plans and registrations that have it keep it.

    Raises ``DoesNotExist`` and ``LastType``.
    """
    kinds = _own_list(municipality, by)
    kind = _own(kinds, type_id)
    if kind.retired == retired:
        return kind
    if retired and not any(other.pk != kind.pk and not other.retired for other in kinds):
        raise LastType
    kind.retired = retired
    return save_version(kind, by=by)


def locked_municipality(municipality: Authority, by: User) -> Authority:
    """Raises ``Authority.DoesNotExist`` where the person may not keep its list."""
    mine = municipalities_kept_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=municipality.pk)


def _own_list(municipality: Authority, by: User) -> list[ActivityType]:
    """The municipality's own types, copied from the common ones if it had none, under its lock."""
    municipality = locked_municipality(municipality, by)
    own = list(municipality.activity_types.all())
    return own or [
        _adopt(municipality, common, by)
        for common in ActivityType.objects.filter(municipality=None, retired=False)
    ]


def _adopt(municipality: Authority, common: ActivityType, by: User) -> ActivityType:
    own = ActivityType(
        municipality=municipality,
        name=common.name,
        factors=common.factors,
        position=common.position,
        # So that a form that was opened on the common type is not out of date.
        version=common.version,
        copied_from=common,
    )
    save_kept(own, by=by)
    # The same type under the same name: nobody's words change, so these leave no version behind.
    here = {"facility__department__municipality": municipality, "activity_type": common}
    PlannedActivity.objects.filter(**here).update(activity_type=own)
    Activity.objects.filter(**here).update(activity_type=own)
    return own


def _own(kinds: list[ActivityType], type_id: int) -> ActivityType:
    """The municipality's type with that id, or its own of the common one that a page showed."""
    for kind in kinds:
        if type_id in (kind.pk, kind.copied_from_id):
            return kind
    raise ActivityType.DoesNotExist


def _refuse_same_name(kinds: list[ActivityType], name: str) -> None:
    for kind in kinds:
        if kind.name_key == look_alike_key(name):
            raise NameTaken(kind)
