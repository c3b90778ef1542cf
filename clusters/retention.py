"""The kinds of data of the cluster half, and how long they are kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krams.data_protection.registry import Kind

from .models import Effort, ImportDraft, ReadLink, RefusedSave

KINDS = (
    Kind(
        "refused-saves",
        "RETENTION_REFUSED_SAVES",
        _("That two people met in a field of the matrix"),
        _("since then"),
        lambda moment: RefusedSave.objects.filter(at__lt=moment),
    ),
    Kind(
        "imports",
        "RETENTION_IMPORTS",
        _("Documents that were read, taken in or dropped"),
        _("since they were read; an import can be undone until then"),
        lambda moment: ImportDraft.objects.filter(
            Q(applied_at=None) | Q(applied_at__lt=moment), created_at__lt=moment
        ),
    ),
    Kind(
        "read-links",
        "RETENTION_READ_LINKS",
        _("Read links that have run out or were stopped"),
        _("since their last day"),
        lambda moment: ReadLink.objects.filter(expires_on__lt=moment.date()),
    ),
    Kind(
        "removed-efforts",
        "RETENTION_REMOVED",
        _("Efforts that were removed"),
        _("since they were removed"),
        lambda moment: Effort.objects.filter(removed_at__lt=moment),
    ),
)
