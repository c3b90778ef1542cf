"""The forms that set a cluster up: the cluster, its members, proposals, sources and people."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krams.danish.names import refuse_look_alike
from krams.danish.slugs import danish_slug
from krams.enums import AuthorityKind, ClusterKind
from krams.history.forms import VersionField
from krams.models import Authority, Cluster, RegionMembership
from krams.web.forms import (
    CountField,
    DanishDateField,
    EmailField,
    LineField,
    PortalForm,
    SlugField,
    SubmissionField,
    TodayField,
)

from ..models import ProposalGroup, SourceDocument
from .actions.clusters import ADDRESS_TAKEN, CLUSTER_FIELDS

# Addresses that mean something else below /klynger/.
RESERVED = {"ny"}
LARGEST_NUMBER = 9_999
COORDINATOR = "klynge"


class AuthorityChoice(forms.ModelChoiceField):
    def label_from_instance(self, authority) -> str:
        return authority.official_name


class Offered:
    """A choice among authorities that were read already; it gives back the authorities."""

    def offer(self, authorities, *, blank: bool = False) -> None:
        self.known = {str(one.pk): one for one in authorities}
        choices = [(one.pk, one.official_name) for one in authorities]
        self.choices = [("", "–"), *choices] if blank else choices


class OfferedAuthority(Offered, forms.ChoiceField):
    def clean(self, value):
        return self.known[super().clean(value)]


class OfferedRole(OfferedAuthority):
    """Editor of an authority, or coordinator, which gives None; neither is chosen beforehand."""

    def offer(self, authorities) -> None:
        self.known = {str(one.pk): one for one in authorities} | {COORDINATOR: None}
        editors = [
            (one.pk, _("Editor: %(name)s") % {"name": one.official_name}) for one in authorities
        ]
        self.choices = [("", "–"), *editors, (COORDINATOR, _("Coordinator of the cluster"))]


class OfferedAuthorities(Offered, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value) -> list[Authority]:
        chosen = set(super().clean(value))
        return [one for key, one in self.known.items() if key in chosen]


def candidates(region_id: int, day):
    """The municipalities of a region on a day, and the region itself, which comes last."""
    inside = RegionMembership.objects.valid_on(day).filter(region=region_id)
    return (
        Authority.objects.valid_on(day)
        .filter(Q(pk=region_id) | Q(pk__in=inside.values("municipality")))
        .order_by("kind", "name", "pk")
    )


def check_dates(form, cleaned: dict) -> None:
    """The end is not before the start."""
    first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
    if first and last and last < first:
        form.add_error("valid_until", _("The end lies before the start."))


class ClusterForm(PortalForm):
    """What a cluster is. An address that is left empty follows from the name."""

    name = LineField(label=_("Name"), max_length=80)
    slug = SlugField(
        label=_("Address"),
        max_length=50,
        required=False,
        help_text=_("Small letters, figures and hyphens; it follows from the name if left empty."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ClusterKind.choices)
    region = OfferedAuthority(label=_("Region"))
    valid_from = TodayField(label=_("First day"), required=False)
    valid_until = DanishDateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty as long as no end is decided."),
    )
    confirmation_interval_months = CountField(
        label=_("Months before an answer counts as unconfirmed"), least=1, most=60, initial=6
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("kind", "region"):
            self.fields[name].widget.attrs["class"] = "in"

    def clean(self):
        cleaned = super().clean()
        check_dates(self, cleaned)
        region, day = cleaned.get("region"), cleaned.get("valid_from")
        if region and day and not self.keeps(region) and not region.is_valid_on(day):
            self.add_error("region", _("The region does not exist on the first day."))
        name, slug = cleaned.get("name"), cleaned.get("slug")
        if name and region:
            try:
                refuse_look_alike(self.others(Cluster.objects.filter(region=region)), "name", name)
            except forms.ValidationError as twice:
                self.add_error(None, twice)
        if name and "slug" not in self.errors:
            slug = (slug or danish_slug(name)[:50]).strip("-").lower()
            others = self.others(Cluster.objects.ever_at(slug))
            if not slug or slug in RESERVED or others.exists():
                self.add_error("slug", ADDRESS_TAKEN)
            cleaned["slug"] = slug
        return cleaned

    def keeps(self, region: Authority) -> bool:
        """Whether the cluster has been in this region all along."""
        return False


class OldClusterForm(ClusterForm):
    version = VersionField()

    def __init__(self, data, *, cluster: Cluster, regions):
        initial = {name: getattr(cluster, name) for name in (*CLUSTER_FIELDS, "version")}
        super().__init__(data, initial=initial | {"region": cluster.region_id})
        self.cluster = cluster
        self.fields["region"].offer(regions)
        self.fields["slug"].help_text = _(
            "Links to the address that it had until now go on to the new one."
        )

    def keeps(self, region: Authority) -> bool:
        return region.pk == self.cluster.region_id

    def others(self, clusters):
        return clusters.exclude(pk=self.cluster.pk)


class NewClusterForm(ClusterForm):
    """A cluster with the authorities of its region, as columns in the order offered."""

    field_order = ("name", "slug", "kind", "region", "valid_from", "valid_until")
    authorities = OfferedAuthorities(
        label=_("Members"),
        help_text=_("Each has a column, in this order; it can be changed afterwards."),
    )
    submission_id = SubmissionField()

    def __init__(self, *args, regions, members=None, **kwargs):
        """``regions`` are those offered; of their authorities only ``members``, if any."""
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].required = True
        regions, inside = self._read(regions, members)
        self.fields["region"].offer(regions, blank=True)
        self.fields["authorities"].offer(inside)
        self.fields["name"].widget.attrs["data-address"] = self["slug"].id_for_label

    def others(self, clusters):
        """The same submission twice makes one cluster, whose address is no other's."""
        return clusters.exclude(submission_id=self.cleaned_data.get("submission_id"))

    def _read(self, regions, members) -> tuple[list[Authority], list[Authority]]:
        """The regions, and the authorities of what was chosen, however wrong the rest is."""
        chosen = str(self["region"].value() or "")
        try:
            day = self.fields["valid_from"].clean(self["valid_from"].value())
        except forms.ValidationError:
            return list(regions), []
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
            return list(regions), []
        inside = candidates(int(chosen), day)
        if members is not None:
            inside = inside.filter(Q(pk__in=members) | Q(pk=int(chosen)))
        found = list(inside.model.objects.filter(Q(pk__in=regions) | Q(pk__in=inside)))
        regions = [one for one in found if one.kind == AuthorityKind.REGION]
        own = [one for one in regions if one.pk == int(chosen) and one.is_valid_on(day)]
        return regions, [one for one in found if one.kind != AuthorityKind.REGION] + own

    @property
    def has_candidates(self) -> bool:
        return bool(self.fields["authorities"].known)


class AddMemberForm(PortalForm):
    """An authority that joins from a day; only those of the cluster's region."""

    authority = AuthorityChoice(
        label=_("Authority"), queryset=Authority.objects.none(), empty_label="–"
    )
    valid_from = TodayField(label=_("Member from"))
    version = VersionField()

    def __init__(self, *args, cluster: Cluster, **kwargs):
        super().__init__(*args, **kwargs)
        self.cluster = cluster
        ever = RegionMembership.objects.filter(region=cluster.region_id).values("municipality")
        self.fields["authority"].queryset = Authority.objects.filter(
            Q(pk=cluster.region_id) | Q(pk__in=ever)
        )
        self.fields["authority"].widget.attrs["class"] = "in"

    def clean(self):
        cleaned = super().clean()
        authority, day = cleaned.get("authority"), cleaned.get("valid_from")
        if day and not self.cluster.is_valid_on(day):
            self.add_error("valid_from", _("The cluster does not exist on this day."))
        elif authority and day and authority not in candidates(self.cluster.region_id, day):
            self.add_error(
                "authority", _("It does not exist, or is not in the region, on this day.")
            )
        return cleaned


class MemberForm(PortalForm):
    """From when to when an authority is a member."""

    valid_from = DanishDateField(label=_("Member from"), required=False)
    valid_until = DanishDateField(
        label=_("Last day as a member"),
        required=False,
        help_text=_("From the day after, the column is in earlier editions only."),
    )
    version = VersionField()

    def __init__(self, *args, cluster: Cluster, **kwargs):
        super().__init__(*args, **kwargs)
        self.cluster = cluster

    def clean(self):
        cleaned = super().clean()
        check_dates(self, cleaned)
        for name in ("valid_from", "valid_until"):
            day = cleaned.get(name)
            if day and not self.cluster.is_valid_on(day):
                self.add_error(name, _("The cluster does not exist on this day."))
        return cleaned


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
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=ProposalGroup.objects.none(), empty_label="–"
    )
    source = forms.ModelChoiceField(
        label=_("Source document"),
        required=False,
        queryset=SourceDocument.objects.none(),
        empty_label="–",
    )

    def __init__(self, *args, cluster: Cluster, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = cluster.proposal_groups.all()
        self.fields["source"].queryset = cluster.source_documents.all()
        for name in ("group", "source"):
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

    def __init__(self, *args, cluster: Cluster, user, **kwargs):
        super().__init__(*args, **kwargs)
        visible = Cluster.objects.visible_to(user).exclude(pk=cluster.pk)
        self.fields["origin"].queryset = visible
        self.fields["origin"].widget.attrs["class"] = "in"


class AppointForm(PortalForm):
    """Who is to edit a member's column, or to coordinate the cluster (no authority)."""

    email = EmailField(label=_("E-mail"))
    name = LineField(
        label=_("Shown as"),
        max_length=120,
        required=False,
        help_text=_("For a new account: a role and a place, such as “Editor, Rebild”."),
    )
    authority = OfferedRole(label=_("Role"))

    def __init__(self, *args, authorities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["authority"].offer(list(authorities))
        self.fields["authority"].widget.attrs["class"] = "in"


class ColumnsForm(PortalForm):
    """Which columns go along into the successor."""

    columns = OfferedAuthorities(
        label=_("Columns that go along"),
        required=False,
    )
    submission_id = SubmissionField()

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].offer(columns)


class SuccessorForm(NewClusterForm):
    """The new cluster, and which of the old one's columns go along."""

    columns = OfferedAuthorities(
        label=_("Columns that go along"),
        required=False,
        help_text=_("With answers, efforts and notes. Each must be confirmed anew."),
    )

    def __init__(self, *args, predecessor: Cluster, columns, **kwargs):
        self.predecessor = predecessor
        super().__init__(*args, **kwargs)
        self.fields["columns"].offer(columns)

    def clean(self):
        cleaned = super().clean()
        first = cleaned.get("valid_from")
        if first and first <= self.predecessor.valid_until:
            self.add_error("valid_from", _("It must begin after the cluster that it follows."))
        members = set(cleaned.get("authorities") or ())
        if set(cleaned.get("columns") or ()) - members and "authorities" not in self.errors:
            self.add_error("columns", _("A column that goes along must be that of a member."))
        return cleaned
