"""Which version is put back, and which words are taken away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..danish.normal_form import tidy
from ..database.keyset import LARGEST
from ..enums import AuditKind
from ..history.forms import VersionField
from ..web.forms import DanishDateField, FilterForm, LineField, PortalForm
from ..web.forms.text import MostLettersValidator
from .words import FEWEST_LETTERS, pattern_of


class RestoreForm(PortalForm):
    """A version, and what the person saw as the newest."""

    saved = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    version = VersionField()


class WordsField(forms.CharField):
    """One line in normal form, which may be what every other field refuses."""

    def __init__(self, *, most: int, **options: Any):
        super().__init__(validators=[MostLettersValidator(most)], **options)

    def to_python(self, value: Any) -> Any:
        return tidy(super().to_python(value) or "") or self.empty_value


class RedactForm(PortalForm):
    """The words that go, and why. They may be a CPR number: that is no reason to refuse them."""

    words = WordsField(
        label=_("What is to be taken away"),
        help_text=_("As it stands in the text, such as a name. Upper and lower case are the same."),
        most=100,
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
