"""Reads one point of a meeting: an agenda item, or a decision."""

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import User
from krams.people.access import one_of

from ...models import AgendaItem, Decision


@prepared
def _item(user: User, pk: int) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.visible_to(user).filter(pk=pk).order_by()


def item_of(user: User, pk: int) -> AgendaItem:
    """Removed or not. Raises ``Http404``."""
    return one_of(_item(user, pk))


@prepared
def _decision(user: User, pk: int) -> QuerySet[Decision]:
    mine = Decision.objects.visible_to(user).filter(pk=pk).order_by()
    return mine.select_related("meeting")


def decision_of(user: User, pk: int) -> Decision:
    """With its meeting; removed or not. Raises ``Http404``."""
    return one_of(_decision(user, pk))
