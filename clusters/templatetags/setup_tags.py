"""Who is offered the set-up of a cluster."""

from django import template

from krams.permissions import COORDINATING

from ..actions.setup import may_create

register = template.Library()


@register.filter
def coordinates(user, cluster) -> bool:
    """Whether to offer it, from the roles already read; views and actions ask the database."""
    return user.is_superuser or any(
        scope.cluster_id == cluster.pk and scope.role in COORDINATING for scope in user.scopes
    )


@register.filter
def may_create_clusters(user) -> bool:
    return may_create(user)
