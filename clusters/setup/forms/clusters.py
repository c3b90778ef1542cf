"""The form of a cluster: what is asked, which address and region it may have."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.danish.names import refuse_look_alike
from krams.danish.slugs import danish_slug
from krams.enums import AuthorityKind, ClusterKind
from krams.history.forms import VersionField
from krams.models import Authority, Cluster, DatedQuerySet
from krams.organisations.models import ClusterQuerySet
from krams.web.forms import (
    CountField,
    DanishDateField,
    LineField,
    PortalForm,
    SlugField,
    SubmissionField,
)
from krams.web.forms.dates import TodayField

from ..actions.clusters import ADDRESS_TAKEN, CLUSTER_FIELDS
from ..queries import candidates
from .offered_authorities import OfferedAuthorities, OfferedAuthority

# Addresses that mean something else below /klynger/.
RESERVED = {"ny"}


def check_dates(form: PortalForm, cleaned: dict[str, Any]) -> None:
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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("kind", "region"):
            self.fields[name].widget.attrs["class"] = "in"

    def clean(self) -> dict[str, Any]:
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

    def others(self, clusters: ClusterQuerySet) -> ClusterQuerySet:
        """Without the cluster itself."""
        return clusters


class OldClusterForm(ClusterForm):
    version = VersionField()

    def __init__(
        self, data: QueryDict | None, *, cluster: Cluster, regions: DatedQuerySet[Authority]
    ):
        initial = {name: getattr(cluster, name) for name in (*CLUSTER_FIELDS, "version")}
        super().__init__(data, initial=initial | {"region": cluster.region_id})
        self.cluster = cluster
        self.field("region", OfferedAuthority).offer(list(regions))
        self.fields["slug"].help_text = _(
            "Links to the address that it had until now go on to the new one."
        )

    def keeps(self, region: Authority) -> bool:
        return region.pk == self.cluster.region_id

    def others(self, clusters: ClusterQuerySet) -> ClusterQuerySet:
        return clusters.exclude(pk=self.cluster.pk)


class NewClusterForm(ClusterForm):
    """A cluster with the authorities of its region, as columns in the order offered."""

    field_order = ("name", "slug", "kind", "region", "valid_from", "valid_until")
    authorities = OfferedAuthorities(
        label=_("Members"),
        help_text=_("Each has a column, in this order; it can be changed afterwards."),
    )
    submission_id = SubmissionField()

    def __init__(
        self,
        *args: Any,
        regions: DatedQuerySet[Authority],
        members: QuerySet[Any, Any] | None = None,
        **kwargs: Any,
    ):
        """``regions`` are those offered; of their authorities only ``members``, if any."""
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].required = True
        offered, inside = self._read(regions, members)
        self.field("region", OfferedAuthority).offer(offered, blank=True)
        self.field("authorities", OfferedAuthorities).offer(inside)
        self.fields["name"].widget.attrs["data-address"] = self["slug"].id_for_label

    def others(self, clusters: ClusterQuerySet) -> ClusterQuerySet:
        """The same submission twice makes one cluster, whose address is no other's."""
        return clusters.exclude(submission_id=self.cleaned_data.get("submission_id"))

    def _read(
        self, regions: DatedQuerySet[Authority], members: QuerySet[Any, Any] | None
    ) -> tuple[list[Authority], list[Authority]]:
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
        offered = [one for one in found if one.kind == AuthorityKind.REGION]
        own = [one for one in offered if one.pk == int(chosen) and one.is_valid_on(day)]
        return offered, [one for one in found if one.kind != AuthorityKind.REGION] + own

    @property
    def has_candidates(self) -> bool:
        return bool(self.field("authorities", OfferedAuthorities).known)
