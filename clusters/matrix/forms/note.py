"""The form of a note below the table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krams.enums import AuthorityKind
from krams.history.forms import VersionField
from krams.models import Authority
from krams.web.forms import FreeTextField, LineField, LinkField, PortalForm, SubmissionField

from ...enums import Division


class NoteForm(PortalForm):
    """Heading, text, link and division; the division only where the authority has any."""

    heading = LineField(label=_("Heading"), max_length=160)
    text = FreeTextField(label=_("Text"), max_length=10_000, rows=5, help_text=_("No names."))
    link = LinkField(
        label=_("Link"),
        max_length=500,
        required=False,
    )
    division = forms.ChoiceField(
        label=_("Division"), choices=[("", "–"), *Division.choices], required=False
    )

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["heading"].widget.attrs["autofocus"] = True
        if authority.kind == AuthorityKind.MUNICIPALITY and not self["division"].value():
            self.fields["division"].widget = forms.HiddenInput()


class NewNoteForm(NoteForm):
    submission_id = SubmissionField()


class OldNoteForm(NoteForm):
    version = VersionField()
    remove = forms.BooleanField(label=_("Remove this note"), required=False)
