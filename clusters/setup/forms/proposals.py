"""The forms of proposals, their groups and their sources, and of copying them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Cluster, User
from krams.web.forms import CountField, DanishDateField, LineField, PortalForm, SubmissionField

from ...enums import Concerned
from ...models import ProposalGroup, SourceDocument

LARGEST_NUMBER = 9_999


class GroupForm(PortalForm):
    name = LineField(label=_("Name of the group"), max_length=120)


class OldGroupForm(GroupForm):
    version = VersionField()


class SourceForm(PortalForm):
    title = LineField(label=_("Title"), max_length=300)
    dated_on = DanishDateField(label=_("Date"), required=False)
    remark = LineField(
        label=_("Remark"),
        max_length=500,
        required=False,
        help_text=_("Where the paper contradicts itself, for example."),
    )
    is_exhaustive = forms.BooleanField(label=_("The list is exhaustive"), required=False)


class NewSourceForm(SourceForm):
    submission_id = SubmissionField()


class OldSourceForm(SourceForm):
    version = VersionField()


class ProposalForm(PortalForm):
    """Number, text, group and source; both of the same cluster."""

    number = CountField(label=_("Number"), least=1, most=LARGEST_NUMBER)
    title = LineField(label=_("Proposal"), max_length=300)
    concerned = forms.ChoiceField(
        label=_("Whom it concerns"),
        choices=Concerned.choices,
        initial=Concerned.ALL,
        help_text=_("Only they are missed where nothing is answered. Others may answer as well."),
    )
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=ProposalGroup.objects.none(), empty_label="–"
    )
    source = forms.ModelChoiceField(
        label=_("Source document"),
        required=False,
        queryset=SourceDocument.objects.none(),
        empty_label="–",
    )

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("group", forms.ModelChoiceField).queryset = cluster.proposal_groups.all()
        self.field("source", forms.ModelChoiceField).queryset = cluster.source_documents.all()
        for name in ("concerned", "group", "source"):
            self.fields[name].widget.attrs["class"] = "in"


class NewProposalForm(ProposalForm):
    submission_id = SubmissionField()


class OldProposalForm(ProposalForm):
    version = VersionField()


class CopyForm(PortalForm):
    """The cluster that proposals are copied from; only one that the person may see."""

    origin = forms.ModelChoiceField(
        label=_("Copy from"), queryset=Cluster.objects.none(), empty_label="–"
    )

    def __init__(self, *args: Any, cluster: Cluster, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        visible = Cluster.objects.visible_to(user).exclude(pk=cluster.pk)
        self.field("origin", forms.ModelChoiceField).queryset = visible
        self.fields["origin"].widget.attrs["class"] = "in"
