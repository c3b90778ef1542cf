"""The form that freezes an edition, and the one that withdraws it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
)

from ..models import Edition
from .read_links import LONGEST, USUAL

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


class TextsForm(PortalForm):
    introduction = FreeTextField(
        label=_("Introduction"),
        max_length=5000,
        rows=6,
        required=False,
        help_text=_("What the politicians have before them, and what they are asked to do."),
    )
    conclusion = FreeTextField(
        label=_("Conclusion"),
        max_length=5000,
        rows=6,
        required=False,
        help_text=_("What the matrix shows, and what the cluster recommends."),
    )
    version = VersionField()


class ReadLinkForm(PortalForm):
    """Whom a link is for, and how long it works: at most a year."""

    label = LineField(
        label=_("For whom?"),
        max_length=120,
        help_text=_("A committee or a board, no person, such as “The health committee”."),
    )
    expires_on = DanishDateField(
        label=_("Last day"), help_text=_("The link can be read until the end of that day.")
    )
    submission_id = SubmissionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"expires_on": timezone.localdate() + USUAL} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("That day has passed."), code="past")
        if day > today + LONGEST:
            raise forms.ValidationError(_("A link works for at most a year."), code="far")
        return day


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
