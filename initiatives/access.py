"""Guards of the KRAMS half: not visible is 404, visible but not allowed is 403."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from krams.models import Facility

from .models import Activity, FollowUpSettings
from .sustain import rhythm


def facilities_of(user):
    """The facilities that the person may see.

    Each knows whether the person ``may_register`` there, and ``may_manage`` its weekly plan.
    """
    own = Facility.objects.loggable_by(user).filter(pk=OuterRef("pk"))
    managed = Facility.objects.managed_by(user).filter(pk=OuterRef("pk"))
    return (
        Facility.objects.visible_to(user)
        .select_related("department__municipality__follow_up_settings")
        .annotate(may_register=Exists(own), may_manage=Exists(managed))
    )


def visible_facility(user, slug: str, queryset=None) -> Facility:
    """The facility, read in one query. Raises ``Http404``."""
    facilities = facilities_of(user) if queryset is None else queryset
    # Not get(): a facility with several coming meetings has a row for each, the next one first.
    if facility := facilities.filter(slug=slug).first():
        return facility
    raise Http404


def loggable_facility(user, slug: str) -> Facility:
    """The facility, if the person may register there. Raises ``Http404``, ``PermissionDenied``."""
    facility = visible_facility(user, slug)
    if not facility.may_register:
        raise PermissionDenied
    return facility


def managed_facility(user, slug: str) -> Facility:
    """The facility, if the person may plan there. Raises ``Http404``, ``PermissionDenied``."""
    facility = visible_facility(user, slug)
    if not facility.may_manage:
        raise PermissionDenied
    return facility


def registration(user, facility: Facility, pk: int) -> Activity:
    """A registration of this facility, removed or not. Raises ``Http404``.

    Who may register at a facility may correct its log, so the guard of the facility has decided
    the rest.
    """
    return get_object_or_404(
        Activity.objects.visible_to(user).select_related("registered_by"),
        pk=pk,
        facility=facility,
    )


def thresholds_of(facility: Facility) -> rhythm.Thresholds:
    """When a plan counts as holding there; the defaults where the municipality has said nothing."""
    return FollowUpSettings.of(facility.department.municipality).thresholds()
