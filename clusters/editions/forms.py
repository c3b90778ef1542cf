"""The form that freezes an edition, and the one that withdraws it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.web.forms import DanishDateField, LineField, PortalForm, SubmissionField

from ..models import Edition

# Today's matrix among the versions to compare.
DRAFT = "kladde"


class FreezeForm(PortalForm):
    title = LineField(
        label=_("Title"),
        max_length=200,
        help_text=_("What the politicians call it, such as “Status before the autumn meeting”."),
    )
    meeting = LineField(label=_("Meeting"), max_length=200)
    meeting_on = DanishDateField(label=_("Date of the meeting"))
    submission_id = SubmissionField()


class WithdrawForm(PortalForm):
    reason = LineField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        help_text=_("The edition stays readable, marked as withdrawn with this reason."),
    )


class CompareForm(forms.Form):
    """Two versions and perhaps one authority: numbers of editions, or ``kladde`` for today."""

    def __init__(
        self, *args: Any, editions: Iterable[Edition], authorities: dict[str, str], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        versions: list[tuple[str, str | Promise]] = [
            (str(one.number), _("Edition %(number)s") % {"number": one.number}) for one in editions
        ]
        versions.append((DRAFT, _("Draft (today)")))
        everyone = [("", _("All authorities"))]
        self.fields["fra"] = forms.ChoiceField(label=_("From"), choices=versions)
        self.fields["til"] = forms.ChoiceField(label=_("To"), choices=versions)
        self.fields["myndighed"] = forms.ChoiceField(
            label=_("Authority"),
            required=False,
            choices=[*everyone, *authorities.items()],
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"
