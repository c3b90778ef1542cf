"""An authority's yes to being a member of a cluster, and taking it back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.audit.actions import record
from krams.enums import AuditKind
from krams.history.actions.locking import save_version
from krams.models import Cluster, ClusterMembership, User
from krams.roles.actions.grants import end_and_tell
from krams.roles.queries.granting import authorities_spoken_for

from ..queries import given_through, may_take_back


@transaction.atomic
def agree(*, column: ClusterMembership, by: User) -> ClusterMembership:
    """Say yes for an authority: the coordinators may fill in its column and name editors for it.

    Twice is once. Raises ``PermissionDenied`` for whoever does not speak for the authority.
    """
    mine = authorities_spoken_for(by).filter(authority=column.authority_id)
    if not (by.is_superuser or mine.exists()):
        raise PermissionDenied
    cluster = _locked(column)
    waiting = cluster.memberships.filter(authority=column.authority_id, awaits_consent=True)
    if waiting.update(awaits_consent=False, consent_withdrawn_on=None):
        reason = _("%(authority)s has agreed to be a member") % {"authority": column.authority}
        save_version(cluster, by=by, reason=reason)
        _note(column, cluster, "agreed", by)
    column.awaits_consent = False
    return column


@transaction.atomic
def take_back(*, column: ClusterMembership, by: User) -> ClusterMembership:
    """Take an authority's yes back: from now on only its own people fill in its column.

    The roles that the cluster gave for it end; what was written stays, and so does every edition.
    Twice is once. Raises ``PermissionDenied`` for whoever is not its administrator.
    """
    if not may_take_back(column=column, by=by):
        raise PermissionDenied
    cluster, today = _locked(column), timezone.localdate()
    # Also that of a cluster which has ended: it would count in the one that follows.
    last = Q(valid_until=None) | Q(valid_until=cluster.valid_until) | Q(valid_until__gte=today)
    given = cluster.memberships.filter(
        last,
        authority=column.authority_id,
        awaits_consent=False,
    )
    if given.update(awaits_consent=True, consent_withdrawn_on=today):
        for role in given_through(column).select_for_update(of=("self",)):
            end_and_tell(role, by=by)
        reason = _("%(authority)s has taken its consent back") % {"authority": column.authority}
        save_version(cluster, by=by, reason=reason)
        _note(column, cluster, "taken back", by)
    column.refresh_from_db(fields=["awaits_consent", "consent_withdrawn_on"])
    return column


def _note(column: ClusterMembership, cluster: Cluster, what: str, by: User) -> None:
    """In the audit log of the authority."""
    about = f"clustermembership:{column.pk} {cluster.name}"
    record(AuditKind.CONSENT, actor=by, about=about, authority=column.authority, what=what)


def _locked(column: ClusterMembership) -> Cluster:
    return Cluster.objects.select_for_update(of=("self",)).get(pk=column.cluster_id)
