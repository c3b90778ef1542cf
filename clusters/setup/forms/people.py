"""The form that gives somebody a role in a cluster."""

from django.utils.translation import gettext_lazy as _

from krams.web.forms import EmailField, LineField, PortalForm

from .offered_authorities import OfferedAuthority

COORDINATOR = "klynge"


class OfferedRole(OfferedAuthority):
    """Editor of an authority, or coordinator, which gives None; neither is chosen beforehand."""

    def offer(self, authorities) -> None:
        self.known = {str(one.pk): one for one in authorities} | {COORDINATOR: None}
        editors = [
            (one.pk, _("Editor: %(name)s") % {"name": one.official_name}) for one in authorities
        ]
        self.choices = [("", "–"), *editors, (COORDINATOR, _("Coordinator of the cluster"))]


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
