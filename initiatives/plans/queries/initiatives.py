"""Which initiatives a plan of a facility can serve."""

from django.db.models import Q

from krams.models import Facility

from ...models import Initiative


def offered_initiatives(facility: Facility):
    """What a plan of the facility can serve: its department's, or those it takes part in."""
    return (
        Initiative.objects.filter(department=facility.department_id)
        .filter(Q(facility=None) | Q(facility=facility) | Q(facilities=facility))
        .distinct()
    )
