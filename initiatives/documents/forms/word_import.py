"""The forms of a paper that is taken in: the file, and section by section what becomes of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from krams.documents.word_reading import read_docx
from krams.models import Department, Facility
from krams.uploads.packages import Refused
from krams.uploads.recognition import Kind
from krams.web.forms import PortalForm, UploadField

from ..form_reading import ReadForm, read_form
from ..sections import CRITERIA, FACTORS, GOALS, Section
from .life_cycle import InitiativeForm

TAKE, SKIP = "tag", "spring"
CHOICES = [(TAKE, _("Take in")), (SKIP, _("Leave as it stands"))]


class PaperField(UploadField):
    """A Word document with some of the ten sections; what is clean is what was read of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            kind=Kind.WORD,
            label=_("File"),
            help_text=_("A .docx with the ten sections. Nothing is saved before you have seen it."),
            error_messages={"required": _("Choose a file.")},
            **options,
        )

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        try:
            paper = read_form(read_docx(upload.data))
        except Refused as refused:
            raise forms.ValidationError(str(refused), code="refused") from refused
        if not paper.sections:
            raise forms.ValidationError(
                _("The file has none of the ten sections of an initiative."), code="none"
            )
        return paper


class PaperForm(PortalForm):
    """The file that an initiative is compared with."""

    file = PaperField()

    @property
    def paper(self) -> ReadForm:
        """What was read, of a form that is valid."""
        paper: ReadForm = self.cleaned_data["file"]
        return paper


class NewPaperForm(InitiativeForm):
    """The file of an initiative that is not in the portal yet, and whose it is.

    Without ``files`` it comes with the answers to what the file says.
    """

    file = PaperField()

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        departments: Iterable[Department],
        facilities: Iterable[Facility],
    ) -> None:
        super().__init__(data, departments=departments, facilities=facilities)
        # The paper has the title.
        del self.fields["title"]
        if files is not None:
            self.files = files
        elif data is not None:
            del self.fields["file"]

    @property
    def paper(self) -> ReadForm:
        paper: ReadForm = self.cleaned_data["file"]
        return paper

    def chosen_owner(self) -> tuple[Department, Facility | None]:
        owner = self.owners[self.cleaned_data["owner"]]
        if isinstance(owner, Facility):
            return owner.department, owner
        return owner, None


class ChoiceForm(PortalForm):
    """What becomes of a section, or of a facility's text."""

    choice = forms.ChoiceField(
        label=_("What is to be done?"),
        choices=CHOICES,
        widget=forms.RadioSelect(attrs={"class": "chips chips--plain"}),
    )

    def __init__(self, data: QueryDict | None = None, *, slug: str, choice: str = TAKE) -> None:
        super().__init__(data, initial={"choice": choice}, prefix=f"valg-{slug}")


def section_data(section: Section, values: dict[str, Any], version: int) -> QueryDict:
    """What ``SectionForm`` is sent where somebody writes these values into it."""
    data = QueryDict(mutable=True)

    def put(name: str, value: Any) -> None:
        data[f"{section.slug}-{name}"] = _as_typed(value)

    put("version", version)
    for name in section.fields:
        put(name, values[name])
    if section.part == GOALS:
        data.setlist(f"{section.slug}-goals", [str(goal.pk) for goal in values["goals"]])
    elif section.part == FACTORS:
        for name in (one for one in values if one.startswith("factor_")):
            put(name, values[name])
    elif section.has_lines:
        rows = values["rows"]
        put("rows-TOTAL_FORMS", len(rows))
        # Every line is one to keep, whatever it began as.
        put("rows-INITIAL_FORMS", len(rows))
        for number, row in enumerate(rows):
            for name, value in row.items():
                if name == "factors" and section.part == CRITERIA:
                    data.setlist(f"{section.slug}-rows-{number}-factors", list(value))
                elif name != "number":
                    put(f"rows-{number}-{name}", value)
    return data


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    return str(getattr(value, "pk", value))
