"""The forms of the cluster that follows another, and of the columns that go along."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from krams.models import Authority, Cluster
from krams.web.forms import PortalForm, SubmissionField

from .clusters import NewClusterForm
from .offered_authorities import OfferedAuthorities


class ColumnsForm(PortalForm):
    """Which columns go along into the successor."""

    columns = OfferedAuthorities(
        label=_("Columns that go along"),
        required=False,
    )
    submission_id = SubmissionField()

    def __init__(self, *args: Any, columns: list[Authority], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("columns", OfferedAuthorities).offer(columns)


class SuccessorForm(NewClusterForm):
    """The new cluster, and which of the old one's columns go along."""

    columns = OfferedAuthorities(
        label=_("Columns that go along"),
        required=False,
        help_text=_("With answers, efforts and notes. Each must be confirmed anew."),
    )

    def __init__(self, *args: Any, predecessor: Cluster, columns: list[Authority], **kwargs: Any):
        self.predecessor = predecessor
        super().__init__(*args, **kwargs)
        self.field("columns", OfferedAuthorities).offer(columns)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first = cleaned.get("valid_from")
        if first and first <= self.predecessor.valid_until:
            self.add_error("valid_from", _("It must begin after the cluster that it follows."))
        members = set(cleaned.get("authorities") or ())
        if set(cleaned.get("columns") or ()) - members and "authorities" not in self.errors:
            self.add_error("columns", _("A column that goes along must be that of a member."))
        return cleaned
