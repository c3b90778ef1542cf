"""Who is offered the set-up of a cluster."""

from django import template

from ..access import may_coordinate
from ..actions.setup import may_create

register = template.Library()


@register.filter
def coordinates(user, cluster) -> bool:
    return may_coordinate(user, cluster)


@register.filter
def may_create_clusters(user) -> bool:
    return may_create(user)
