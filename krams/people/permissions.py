"""Which roles may do what; QuerySets use these so that access is decided in the query."""

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from ..enums import Role

READING_FACILITIES = (Role.STAFF, Role.MANAGER, Role.VIEWER, Role.ADMINISTRATOR)
REGISTERING = (Role.STAFF, Role.MANAGER, Role.ADMINISTRATOR)
MANAGING = (Role.MANAGER, Role.ADMINISTRATOR)
EDITING_COLUMNS = (Role.EDITOR, Role.ADMINISTRATOR)
COORDINATING = (Role.COORDINATOR, Role.ADMINISTRATOR)


def memberships(user, roles=None):
    """The memberships of ``user`` in force today, optionally of some roles only.

    Without those that count in one cluster alone: whoever asks for an authority's people means its
    own. ``in_one_cluster`` has the others.
    """
    return _in_force(user, roles).filter(within=None)


def in_one_cluster(user, roles=None):
    """The memberships in force that a cluster's coordinator gave; they count ``within`` it."""
    return _in_force(user, roles).exclude(within=None)


def _in_force(user, roles):
    mine = apps.get_model("krams", "Membership").objects.valid_on().filter(user=user)
    return mine if roles is None else mine.filter(role__in=roles)


def get_permitted(visible, permitted, **lookup):
    """The one object: 404 where the person may not see it, 403 where they may only read it.

    ``visible`` and ``permitted`` are QuerySets of the same model, the second of what the person
    may do this very thing with. Raises ``Http404`` or ``PermissionDenied``.
    """
    found = get_object_or_404(visible, **lookup)
    if not permitted.filter(pk=found.pk).exists():
        raise PermissionDenied
    return found
