"""Writes of getting started: what was left out, and what is copied from a template."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from krams.danish.names import find_look_alike
from krams.history.actions.locking import save_version
from krams.models import Authority, Department, Facility, User
from krams.organisations.actions.department import keep_facility
from krams.organisations.queries import administered_by

from ..documents.actions.facilities import choose_facilities
from ..documents.actions.word_import import Accepted, begin_of_paper
from ..models import Initiative, PlannedActivity
from ..plans.actions.plans import locked_facility
from ..plans.actions.resting import rest_with_facility
from .models import SkippedStep
from .starters import StarterInitiative, StarterLine
from .steps import Step

# Each line at each facility has an id that follows from the form's: sent twice it is one row.
_LINES = uuid.UUID("0a5b9f0e-6a55-4d1c-9a0b-6f2f4c6e8d11")


class NameTaken(Exception):
    """The department has a facility of that name, and it is another than what was written."""


@transaction.atomic
def skip_step(*, municipality: Authority, step: Step, skipped: bool, by: User) -> None:
    """Leave a step out, or take it up again. Raises ``Authority.DoesNotExist`` (not allowed)."""
    mine = administered_by(by).select_for_update(of=("self",), no_key=True)
    municipality = mine.get(pk=municipality.pk)
    if skipped:
        SkippedStep.objects.get_or_create(
            municipality=municipality, step=step.value, defaults={"skipped_by": by}
        )
    else:
        SkippedStep.objects.filter(municipality=municipality, step=step.value).delete()


@transaction.atomic
def add_facility(
    *, department: Department, name: str, kind: str, place_count: int | None, by: User
) -> Facility:
    """A facility of the department; the same sent twice is one.

    Raises ``Department.DoesNotExist`` (not allowed) and ``NameTaken``.
    """
    mine = Department.objects.managed_by(by).select_for_update(of=("self",), no_key=True)
    department = mine.get(pk=department.pk)
    values = {"name": name, "kind": kind, "place_count": place_count}
    if there := find_look_alike(department.facilities.all(), "name", name):
        if all(getattr(there, field) == value for field, value in values.items()):
            return there
        raise NameTaken
    return keep_facility(department=department, facility=None, values=values, by=by)


@transaction.atomic
def copy_starter_lines(
    *,
    facilities: Sequence[Facility],
    lines: Sequence[tuple[StarterLine, int]],
    starts_on: dt.date,
    submission_id: uuid.UUID,
    by: User,
) -> list[PlannedActivity]:
    """Give each facility the lines, each with the id of its activity type; returns the new rows.

    Sent twice it makes nothing the second time. Raises ``Facility.DoesNotExist`` where the person
    does not manage one of them: then none gets any.
    """
    made = []
    for facility in sorted(facilities, key=lambda one: one.pk):
        current = locked_facility(facility, by)
        for line, type_id in lines:
            key = uuid.uuid5(_LINES, f"{submission_id} {line.key}")
            if current.planned_activities.filter(submission_id=key).exists():
                continue
            planned = PlannedActivity(
                facility=current,
                activity_type_id=type_id,
                starts_on=starts_on,
                submission_id=key,
                **line.values(),
            )
            made.append(save_version(planned, by=by, reason=_("Copied from a template")))
            rest_with_facility(planned, by)
    return made


@transaction.atomic
def begin_of_starter(
    *,
    department: Department,
    starter: StarterInitiative,
    facilities: list[Facility],
    submission_id: uuid.UUID,
    by: User,
) -> Initiative:
    """A draft with the template's sections, at the facilities; the same sent twice is one.

    Raises ``DoesNotExist`` where the person does not manage the department.
    """
    sections = [Accepted(section, 1, values) for section, values in starter.sections()]
    made = begin_of_paper(
        department=department,
        facility=None,
        title=starter.title,
        submission_id=submission_id,
        sections=sections,
        reason=_("Copied from a template"),
        by=by,
    )
    made.refresh_from_db()
    if facilities and not made.facilities.exists():
        choose_facilities(initiative=made, version=made.version, chosen=facilities, by=by)
    return made
