"""What the weekly e-mail says of answers that wait: to editors, and to coordinators."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.enums import Role
from krams.mail.digests import Line, Section
from krams.models import Cluster, ClusterMembership, Membership, User

from ...access import Sheet
from ...matrix.queries.read_matrix import read_matrix


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """For the digest: columns of an editor, and all columns of a coordinator's clusters."""
    edited, coordinated = _columns(user, today)
    counts = _outdated([*edited, *coordinated], user, today)
    texts = [
        (_("Your answers that wait to be confirmed"), edited, _("Confirm them")),
        (_("Answers in your clusters that wait to be confirmed"), coordinated, _("Ask")),
    ]
    for title, columns, action in texts:
        lines, path = [], reverse("clusters:clusters")
        for column in columns:
            number = counts[column.cluster_id, column.authority_id]
            if not number:
                continue
            path = column.cluster.get_absolute_url()
            where = f"{path}?vis={column.authority.slug}&gammel=1"
            if columns is coordinated:
                path = where = reverse("clusters:confirmations", args=[column.cluster.slug])
            text = ngettext(
                "%(authority)s, %(cluster)s: %(number)s answer is unconfirmed after"
                " %(months)s months or holds an effort that has expired",
                "%(authority)s, %(cluster)s: %(number)s answers are unconfirmed after"
                " %(months)s months or hold an effort that has expired",
                number,
            ) % {
                "authority": column.authority,
                "cluster": column.cluster,
                "number": number,
                "months": column.cluster.confirmation_interval_months,
            }
            lines.append(Line(text, action, where))
        yield Section(title, tuple(lines), path)


def _columns(user: User, today: dt.date) -> tuple[list[ClusterMembership], list[ClusterMembership]]:
    """The columns in force that the person edits, and those that the person coordinates.

    Where both, the person is asked as an editor.
    """
    roles = list(Membership.objects.valid_on(today).filter(user=user))
    editors = [one for one in roles if one.role == Role.EDITOR]
    authorities = {one.authority_id for one in editors if not one.within_id}
    parts = {(one.within_id, one.authority_id) for one in editors if one.within_id}
    clusters = {one.cluster_id for one in roles if one.role == Role.COORDINATOR}
    columns = (
        ClusterMembership.objects.valid_on(today)
        .filter(Q(cluster__valid_from=None) | Q(cluster__valid_from__lte=today))
        .filter(Q(cluster__valid_until=None) | Q(cluster__valid_until__gte=today))
        .filter(
            Q(authority__in=authorities)
            | Q(cluster__in=clusters)
            | Q(cluster__in={cluster for cluster, _authority in parts})
        )
        .select_related("cluster", "authority")
        .order_by("cluster__name", "position", "pk")
    )
    edited = [
        column
        for column in columns
        if column.authority_id in authorities or (column.cluster_id, column.authority_id) in parts
    ]
    return edited, [
        column for column in columns if column not in edited and column.cluster_id in clusters
    ]


def _outdated(
    columns: list[ClusterMembership], user: User, today: dt.date
) -> Counter[tuple[int, int]]:
    """How many answers are out of date, as the pages count them (two queries a cluster).

    By cluster and authority.
    """
    clusters: dict[Cluster, list[ClusterMembership]] = {}
    for column in columns:
        column.may_edit = False  # Nothing is edited in a letter.
        clusters.setdefault(column.cluster, []).append(column)
    found: Counter[tuple[int, int]] = Counter()
    for cluster, shown in clusters.items():
        matrix = read_matrix(Sheet(cluster, shown, today, user), with_notes=False)
        for (_proposal, authority), cell in matrix.cells.items():
            found[cluster.pk, authority] += cell.is_outdated
    return found
