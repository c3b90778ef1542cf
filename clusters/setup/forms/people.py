"""The form that gives somebody a role in a cluster."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.models import Authority
from krams.web.forms import EmailField, LineField, PortalForm

COORDINATOR = "klynge"


class OfferedRole(forms.ChoiceField):
    """Editor of an authority, or coordinator, which gives None; neither is chosen beforehand."""

    def offer(self, authorities: Iterable[Authority]) -> None:
        self.known: dict[str, Authority | None]
        self.known = {str(one.pk): one for one in authorities} | {COORDINATOR: None}
        editors: list[tuple[int | str, str | Promise]] = [
            (one.pk, _("Editor: %(name)s") % {"name": one.official_name}) for one in authorities
        ]
        self.choices = [("", "–"), *editors, (COORDINATOR, _("Coordinator of the cluster"))]

    def clean(self, value: Any) -> Authority | None:
        return self.known[super().clean(value)]


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

    def __init__(self, *args: Any, authorities: Iterable[Authority], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("authority", OfferedRole).offer(list(authorities))
        self.fields["authority"].widget.attrs["class"] = "in"
