"""Takes plans of other facilities over."""

import datetime as dt

from django.db import transaction

from krams.history.actions.locking import save_kept
from krams.models import Facility, User

from ...models import PlannedActivity
from ..queries.choices import offered_initiatives
from ..queries.copies import running_copies
from .plans import CONTENT, locked_facility
from .resting import rest_with_facility


@transaction.atomic
def copy_plans(
    *,
    facility: Facility,
    sources: list[PlannedActivity],
    type_ids: dict[int, int],
    starts_on: dt.date,
    by: User,
) -> list[PlannedActivity]:
    """Take plans of other facilities over; returns the new rows.

    ``type_ids`` says which activity type each source has here. What has been copied and still
    runs is left out, so that nothing is there twice. The initiative comes along where the
    facility takes part in it; pauses, end and log stay behind. Raises ``Facility.DoesNotExist``
    where the person does not manage the facility, and ``DoesNotExist`` of PlannedActivity for a
    source that the person may not see.
    """
    facility = locked_facility(facility, by)
    wanted = {source.pk for source in sources}
    if PlannedActivity.objects.visible_to(by).filter(pk__in=wanted).count() < len(wanted):
        raise PlannedActivity.DoesNotExist
    there = set(running_copies(facility, starts_on).values_list("copied_from_id", flat=True))
    served = set(offered_initiatives(facility, facility.department_id).values_list("pk", flat=True))
    copies = []
    for source in sources:
        if source.pk in there:
            continue
        content = {name: getattr(source, name) for name in CONTENT}
        copy = PlannedActivity(
            facility=facility,
            activity_type_id=type_ids[source.pk],
            initiative_id=source.initiative_id if source.initiative_id in served else None,
            starts_on=starts_on,
            copied_from=source,
            **content,
        )
        copies.append(save_kept(copy, by=by))
        rest_with_facility(copy, by)
    return copies
