"""Writes that set a cluster up: the cluster itself, its members and the order of its columns.

Each locks the cluster and counts its version up, so that its history tells who let whom join and
leave. Permission is asked in the query that locks.
"""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.names import refuse_look_alike
from krams.danish.periods import period
from krams.enums import AuthorityKind, Role
from krams.history.actions.locking import StaleVersion, lock, save_kept, save_version
from krams.models import Authority, Cluster, ClusterMembership, Membership, RegionMembership
from krams.people.permissions import EDITING_COLUMNS
from krams.people.queries import memberships

from ...models import Proposal, ProposalGroup, SourceDocument
from ..succession import in_order_after, overlap

CLUSTER_FIELDS = (
    "name",
    "slug",
    "kind",
    "region_id",
    "valid_from",
    "valid_until",
    "confirmation_interval_months",
)


ADDRESS_TAKEN = gettext_lazy("The address is taken. Write another one.")


def may_create(user) -> bool:
    """Superusers and the administrators of an authority, from the roles already read."""
    return user.is_superuser or any(
        scope.role == Role.ADMINISTRATOR and scope.authority_id for scope in user.scopes
    )


def authorities_spoken_for(user):
    """The keys of the authorities whose own editor or administrator the person is."""
    return memberships(user, EDITING_COLUMNS).exclude(authority=None).values("authority")


def regions_of(authorities):
    """The regions that are among ``authorities`` or have ever had one of them."""
    inside = RegionMembership.objects.filter(municipality__in=authorities)
    return Authority.objects.filter(
        Q(pk__in=authorities) | Q(pk__in=inside.values("region")), kind=AuthorityKind.REGION
    )


def regions_to_create_in(user):
    """Where the person may create clusters: everywhere, or in the own authorities' regions."""
    if user.is_superuser:
        return Authority.objects.filter(kind=AuthorityKind.REGION)
    mine = memberships(user, (Role.ADMINISTRATOR,)).exclude(authority=None)
    return regions_of(mine.values("authority"))


def regions_to_move_to(cluster: Cluster, user):
    """Where a cluster, or the one that follows it, may lie: where its members are."""
    if user.is_superuser:
        return regions_to_create_in(user)
    kept = Q(pk=cluster.region_id) | Q(pk__in=regions_of(cluster.memberships.values("authority")))
    return Authority.objects.filter(kept)


def locked(cluster: Cluster, by, *, version: int | None = None, fields=()) -> Cluster:
    """The cluster under its lock. Raises ``PermissionDenied`` and ``StaleVersion``."""
    mine = Cluster.objects.filter(pk__in=Cluster.objects.coordinated_by(by).values("pk"))
    try:
        if version is None:
            return mine.select_for_update(of=("self",)).get(pk=cluster.pk)
        return lock(mine, version=version, fields=fields, pk=cluster.pk)
    except Cluster.DoesNotExist as none:
        raise PermissionDenied from none


@transaction.atomic
def create_cluster(
    *, authorities: list[Authority], submission_id: uuid.UUID, by, **content
) -> Cluster:
    """Create a cluster with its columns in the given order; the same submission twice makes one.

    Who creates it coordinates it. Raises ``PermissionDenied``, also for a region of others.
    """
    if not (may_create(by) and regions_to_create_in(by).filter(pk=content["region"].pk).exists()):
        raise PermissionDenied
    return new_cluster(authorities=authorities, submission_id=submission_id, by=by, **content)


def new_cluster(*, authorities, submission_id: uuid.UUID, by, agreed=(), **content) -> Cluster:
    """As ``create_cluster``, for callers that have asked for permission.

    ``agreed`` are the keys of the authorities that have said yes already.
    """
    if known := Cluster.objects.filter(submission_id=submission_id).first():
        if not Cluster.objects.coordinated_by(by).filter(pk=known.pk).exists():
            raise PermissionDenied
        return known
    cluster = Cluster(submission_id=submission_id, **content)
    _save_alone(cluster, by)
    agreed = {*agreed, *_keys(authorities_spoken_for(by))}
    for position, authority in enumerate(authorities):
        ClusterMembership.objects.create(
            awaits_consent=not by.is_superuser and authority.pk not in agreed,
            cluster=cluster,
            authority=authority,
            position=position,
            valid_from=cluster.valid_from,
            valid_until=cluster.valid_until,
        )
    if not by.is_superuser:
        save_kept(Membership(user=by, role=Role.COORDINATOR, cluster=cluster), by=by)
    return cluster


@transaction.atomic
def save_cluster(*, cluster: Cluster, version: int, by, **content) -> Cluster:
    """Save what a cluster is. Members with the cluster's own dates follow them.

    Its earlier addresses stay in its history, which leads from there to the new one. Raises
    ``PermissionDenied`` (also for a region without a member), ``StaleVersion`` and
    ``ValidationError`` (the name or the address is another one's).
    """
    current = locked(cluster, by, version=version, fields=CLUSTER_FIELDS)
    region = content.get("region", current.region)
    if not regions_to_move_to(current, by).filter(pk=region.pk).exists():
        raise PermissionDenied
    before = {name: getattr(current, name) for name in ("valid_from", "valid_until")}
    for name, value in content.items():
        setattr(current, name, value)
    for member in current.memberships.all():
        dates = {
            name: getattr(current if getattr(member, name) == old else member, name)
            for name, old in before.items()
        }
        # One who left before the cluster now begins keeps the dates it had.
        if in_order_after(dates["valid_from"], dates["valid_until"]):
            _give_dates(member, by=by, **dates)
            member.save()
    return _save_alone(current, by)


def _save_alone(cluster: Cluster, by) -> Cluster:
    """Save it if name and address are no other's, also where two are saved at once."""
    refuse_twice(cluster)
    try:
        with transaction.atomic():
            return save_version(cluster, by=by)
    except IntegrityError as twice:
        refuse_twice(cluster)
        raise ValidationError({"slug": ADDRESS_TAKEN}) from twice


def refuse_twice(cluster: Cluster) -> None:
    """Refuse a name of another cluster of the region, and an address of any other.

    Also an address that another once had: links to that one must not end here.
    """
    others = Cluster.objects.exclude(pk=cluster.pk)
    refuse_look_alike(others.filter(region=cluster.region), "name", cluster.name)
    if others.ever_at(cluster.slug).exists():
        raise ValidationError({"slug": ADDRESS_TAKEN})


@transaction.atomic
def add_member(
    *, cluster: Cluster, authority: Authority, valid_from: dt.date | None, version: int, by
) -> ClusterMembership:
    """Give an authority a column from a day, at the end. Sent twice, it is added once.

    Its own people can fill it in; others first when somebody who speaks for it has agreed
    (``agree``), unless ``by`` is that somebody. Raises ``PermissionDenied``, ``StaleVersion`` and
    ``ValidationError`` (a member already).
    """
    current = locked(cluster, by)
    columns = list(current.memberships.filter(authority=authority))
    for column in columns:
        if column.valid_from == valid_from and column.valid_until == current.valid_until:
            return column
    if current.version != version:
        raise StaleVersion(current)
    new = ClusterMembership(
        cluster=current,
        authority=authority,
        valid_from=valid_from,
        valid_until=current.valid_until,
        awaits_consent=not (
            by.is_superuser
            or any(not (column.awaits_consent or _has_left(column)) for column in columns)
            or authority.pk in _keys(authorities_spoken_for(by))
        ),
        position=max((one.position for one in current.memberships.all()), default=-1) + 1,
    )
    _refuse_overlap(new, columns)
    new.save()
    date = date_format(valid_from, "SHORT_DATE_FORMAT") if valid_from else "–"
    reason = _("%(authority)s joins from %(date)s") % {"authority": authority, "date": date}
    save_version(current, by=by, reason=reason)
    return new


def _keys(authorities) -> set[int]:
    return set(authorities.values_list("authority", flat=True))


@transaction.atomic
def save_member(
    *,
    column: ClusterMembership,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    version: int,
    by,
) -> ClusterMembership:
    """Change when an authority is a member; ``version`` is the cluster's.

    What it answered stays in the data and in every edition. Raises as ``add_member`` does.
    """
    cluster = locked(column.cluster, by, version=version)
    member = cluster.memberships.select_related("authority").get(pk=column.pk)
    _give_dates(member, valid_from=valid_from, valid_until=valid_until, by=by)
    _refuse_overlap(
        member, cluster.memberships.filter(authority=member.authority).exclude(pk=member.pk)
    )
    member.save()
    dates = period(valid_from, valid_until) or "–"
    reason = _("%(authority)s is a member %(dates)s") % {
        "authority": member.authority,
        "dates": dates,
    }
    save_version(cluster, by=by, reason=reason)
    return member


def _has_left(member: ClusterMembership) -> bool:
    return member.valid_until is not None and member.valid_until < timezone.localdate()


def _give_dates(
    member: ClusterMembership, *, valid_from: dt.date | None, valid_until: dt.date | None, by
) -> None:
    """An authority that has left and comes back says yes anew: leaving ended what it agreed to."""
    had_left = _has_left(member)
    member.valid_from, member.valid_until = valid_from, valid_until
    if had_left and not _has_left(member) and not by.is_superuser:
        member.awaits_consent = member.authority_id not in _keys(authorities_spoken_for(by))


def _refuse_overlap(member: ClusterMembership, others) -> None:
    dates = (member.valid_from, member.valid_until)
    for other in others:
        if overlap(dates, (other.valid_from, other.valid_until)):
            raise ValidationError(_("The authority is a member on these dates already."))


@transaction.atomic
def move_member(*, cluster: Cluster, column_id: int, step: int, version: int, by) -> None:
    """Move a column one place left (-1) or right (1). Raises ``DoesNotExist``, ``StaleVersion``."""
    current = locked(cluster, by, version=version)
    moved = current.memberships.select_related("authority").get(pk=column_id)
    columns = list(current.memberships.all())
    if swap(columns, moved, step):
        for position, column in enumerate(columns):
            if column.position != position:
                column.position = position
                column.save()
        reason = _("%(what)s was moved") % {"what": moved.authority}
        save_version(current, by=by, reason=reason)


def swap(items: list, moved, step: int) -> bool:
    """Let ``moved`` change places with its neighbour; False where there is none."""
    place = items.index(moved)
    other = place + step
    if not 0 <= other < len(items):
        return False
    items[place], items[other] = items[other], items[place]
    return True


@transaction.atomic
def add_source(*, cluster: Cluster, submission_id: uuid.UUID, by, **content) -> SourceDocument:
    """Add a source document; the same submission twice adds one. Raises ``PermissionDenied``."""
    current = locked(cluster, by)
    if known := SourceDocument.objects.filter(submission_id=submission_id).first():
        if known.cluster_id != current.pk:
            raise PermissionDenied
        return known
    return save_kept(SourceDocument(cluster=current, submission_id=submission_id, **content), by=by)


@transaction.atomic
def save_source(*, source: SourceDocument, version: int, by, **content) -> SourceDocument:
    """Save a source; ``version`` is the cluster's. ``PermissionDenied``, ``StaleVersion``."""
    cluster = locked(source.cluster, by, version=version)
    return _save_part(cluster, cluster.source_documents.get(pk=source.pk), content, by)


@transaction.atomic
def save_group(*, group: ProposalGroup, version: int, by, **content) -> ProposalGroup:
    """Rename a group; ``version`` is the cluster's. ``PermissionDenied``, ``StaleVersion``."""
    cluster = locked(group.cluster, by, version=version)
    found = cluster.proposal_groups.get(pk=group.pk)
    _refuse_group_twice(cluster, content["name"], but=found.pk)
    return _save_part(cluster, found, content, by)


def _save_part(cluster: Cluster, part, content: dict, by):
    for name, value in content.items():
        setattr(part, name, value)
    save_kept(part, by=by)
    save_version(cluster, by=by, reason=_("%(what)s was changed") % {"what": part})
    return part


@transaction.atomic
def add_group(*, cluster: Cluster, name: str, by) -> ProposalGroup:
    """Add a group of proposals at the end. ``PermissionDenied``, ``ValidationError`` (twice)."""
    current = locked(cluster, by)
    _refuse_group_twice(current, name)
    last = current.proposal_groups.order_by("position").last()
    group = ProposalGroup(cluster=current, name=name, position=last.position + 1 if last else 0)
    return save_kept(group, by=by)


def _refuse_group_twice(cluster: Cluster, name: str, but: int | None = None) -> None:
    refuse_look_alike(cluster.proposal_groups.exclude(pk=but), "name", name)


@transaction.atomic
def move_group(*, cluster: Cluster, group_id: int, step: int, version: int, by) -> None:
    """Move a group up (-1) or down (1). Raises ``DoesNotExist`` and ``StaleVersion``."""
    current = locked(cluster, by, version=version)
    groups = list(current.proposal_groups.all())
    moved = current.proposal_groups.get(pk=group_id)
    if swap(groups, moved, step):
        for position, group in enumerate(groups):
            if group.position != position:
                group.position = position
                save_kept(group, by=by)
        save_version(current, by=by, reason=_("%(what)s was moved") % {"what": moved})


@transaction.atomic
def move_proposal(*, cluster: Cluster, proposal_id: int, step: int, version: int, by) -> None:
    """Let a proposal change numbers with its neighbour in the group, up (-1) or down (1).

    Raises ``DoesNotExist``, also for a retired one, and ``StaleVersion``.
    """
    current = locked(cluster, by, version=version)
    standing = Proposal.objects.standing().filter(cluster=current)
    moved = standing.get(pk=proposal_id)
    proposals = list(standing.filter(group=moved.group).order_by("number"))
    place = proposals.index(moved)
    if not swap(proposals, moved, step):
        return
    other = proposals[place]
    moved.number, other.number = other.number, moved.number
    # Out of the way first: no two proposals of a cluster may have one number at any moment.
    standing.filter(pk=other.pk).update(number=0)
    for proposal in (moved, other):
        save_version(proposal, by=by)
    save_version(current, by=by, reason=_("%(what)s was moved") % {"what": moved.title})
