"""What a person who may not see or may not change something gets: 404 or 403."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=Model)


def get_permitted(visible: QuerySet[M], permitted: QuerySet[M], **lookup: Any) -> M:
    """The one object: 404 where the person may not see it, 403 where they may only read it.

    ``visible`` and ``permitted`` are QuerySets of the same model, the second of what the person
    may do this very thing with. Raises ``Http404`` or ``PermissionDenied``.
    """
    found = get_object_or_404(visible, **lookup)
    if not permitted.filter(pk=found.pk).exists():
        raise PermissionDenied
    return found
