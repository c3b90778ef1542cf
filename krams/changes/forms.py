"""Which version is put back, and which words are taken away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..database.keyset import LARGEST
from ..enums import AuditKind
from ..history.forms import VersionField
from ..web.forms import DanishDateField, FilterForm, LineField, PortalForm
from .words import FEWEST_LETTERS, pattern_of


class RestoreForm(PortalForm):
    """A version, and what the person saw as the newest."""

    saved = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    version = VersionField()


class RedactForm(PortalForm):
    """The words that go, and why. They may be a CPR number: that is no reason to refuse them."""

    words = forms.CharField(
        label=_("What is to be taken away"),
        help_text=_("As it stands in the text, such as a name. Upper and lower case are the same."),
        max_length=100,
    )
    reason = LineField(
        label=_("Why"),
        help_text=_("Stays in the history. Do not repeat what is taken away."),
        max_length=200,
    )
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_words(self) -> str:
        words = " ".join(self.cleaned_data["words"].split())
        if sum(map(str.isalnum, words)) < FEWEST_LETTERS:
            raise forms.ValidationError(_("Write at least three letters."))
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        words, reason = cleaned.get("words"), cleaned.get("reason")
        if words and reason and pattern_of(words).search(reason):
            self.add_error("reason", _("The reason must not repeat what is taken away."))
        return cleaned


class AuditFilter(FilterForm):
    """Which entries of the audit log are shown."""

    slags = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *AuditKind.choices]
    )
    person = LineField(label=_("By"), required=False, max_length=120)
    fra = DanishDateField(label=_("From"), required=False)
    til = DanishDateField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("fra"), cleaned.get("til")
        if first and last and last < first:
            self.add_error("til", _("The end lies before the start."))
        return cleaned
