"""The forms in which a role is given, changed and ended, and the search for people."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...enums import Role
from ...web.forms import DanishDateField, EmailField, FilterForm, LineField, PortalForm
from ..rules import Kind
from ..shown import ENDED, INVITED

LAST_DAY = _("Last day")
# What a role opens, said where it is chosen: at a place, and in a cluster.
EXPLAINED = {
    (Role.STAFF, Kind.FACILITY): _("registers the day's activities"),
    (Role.STAFF, Kind.DEPARTMENT): _("registers activities at all facilities of the department"),
    (Role.MANAGER, Kind.FACILITY): _("plans, and invites colleagues at the facility"),
    (Role.MANAGER, Kind.DEPARTMENT): _("plans, follows up and invites colleagues"),
    (Role.MANAGER, Kind.AUTHORITY): _("plans and follows up in all departments"),
    (Role.EDITOR, Kind.AUTHORITY): _("fills in the authority's column in all its clusters"),
    (Role.EDITOR, Kind.COLUMN): _("fills in the column in this cluster alone"),
    (Role.COORDINATOR, Kind.CLUSTER): _("sets up the cluster, asks, and freezes editions"),
    (Role.ADMINISTRATOR, Kind.AUTHORITY): _("may do everything here, also name administrators"),
    (Role.ADMINISTRATOR, Kind.CLUSTER): _("may do everything here, also name administrators"),
}


class SearchForm(FilterForm):
    """Which people a page shows."""

    q = LineField(label=_("Name, e-mail or place"), max_length=100, required=False)
    vis = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Everybody with a role or an invitation")),
            (INVITED, _("Invited, not answered yet")),
            (ENDED, _("Roles that have ended")),
        ],
        widget=forms.Select(attrs={"class": "in"}),
    )


class RoleField(forms.ChoiceField):
    """One of the roles that may be given; with its meaning beside it."""

    widget = forms.RadioSelect

    def offer(self, roles: Collection[Role], kind: Kind) -> None:
        self.choices = [(role.value, _said(role, kind)) for role in roles]

    def clean(self, value: Any) -> Role:
        return Role(super().clean(value))


def _said(role: Role, kind: Kind) -> str:
    meaning = EXPLAINED.get((role, kind), _("may look, and change nothing"))
    return f"{role.label}: {meaning}"


class GiveForm(PortalForm):
    """Who is to have which role at a place."""

    email = EmailField(label=_("E-mail"))
    name = LineField(
        label=_("Shown as"),
        max_length=120,
        required=False,
        help_text=_("For a new account: a role and a place, such as “Night shift, Elm House”."),
    )
    role = RoleField(label=_("Role"))
    valid_until = DanishDateField(
        label=LAST_DAY, required=False, help_text=_("For a substitute. Empty: without an end.")
    )

    def __init__(self, *args: Any, roles: Collection[Role], kind: Kind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("role", RoleField).offer(roles, kind)
        if len(roles) == 1:
            self.fields["role"].initial = next(iter(roles))


class ChangeForm(PortalForm):
    """Another role at the same place, or another last day; ``seen`` is the record that was read."""

    role = RoleField(label=_("Role"))
    valid_until = DanishDateField(
        label=LAST_DAY, required=False, help_text=_("Empty: without an end.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, roles: Collection[Role], kind: Kind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("role", RoleField).offer(roles, kind)


class EndForm(PortalForm):
    """When a role ends; whose own it is says that they know what it means."""

    valid_until = DanishDateField(
        label=LAST_DAY, required=False, help_text=_("Empty: the role ends now.")
    )
    sure = forms.BooleanField(
        label=_("I know that I lose this access myself"),
        error_messages={"required": _("Set the tick if you mean to end your own role.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not is_own:
            del self.fields["sure"]


class PlaceSearchForm(FilterForm):
    q = LineField(label=_("Place"), max_length=100, required=False)
