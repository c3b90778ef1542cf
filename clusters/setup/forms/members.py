"""The forms of one membership: an authority joins, or its dates change."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Authority, Cluster, RegionMembership
from krams.web.forms import DanishDateField, PortalForm
from krams.web.forms.dates import TodayField

from ..queries import candidates
from .clusters import check_dates


class AuthorityChoice(forms.ModelChoiceField):
    def label_from_instance(self, authority: Authority) -> str:
        return authority.official_name


class AddMemberForm(PortalForm):
    """An authority that joins from a day; only those of the cluster's region."""

    authority = AuthorityChoice(
        label=_("Authority"), queryset=Authority.objects.none(), empty_label="–"
    )
    valid_from = TodayField(label=_("Member from"))
    version = VersionField()

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cluster = cluster
        ever = RegionMembership.objects.filter(region=cluster.region_id).values("municipality")
        self.field("authority", forms.ModelChoiceField).queryset = Authority.objects.filter(
            Q(pk=cluster.region_id) | Q(pk__in=ever)
        )
        self.fields["authority"].widget.attrs["class"] = "in"

    def clean(self) -> dict[str, Any]:
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

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cluster = cluster

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_dates(self, cleaned)
        for name in ("valid_from", "valid_until"):
            day = cleaned.get(name)
            if day and not self.cluster.is_valid_on(day):
                self.add_error(name, _("The cluster does not exist on this day."))
        return cleaned
