"""Forms of an import: the document, one of its cells, and what could not be told."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from krams.danish.normal_form import tidy
from krams.documents.reading import ReadDocument
from krams.documents.table_pasting import read_pasted
from krams.documents.word_reading import read_docx
from krams.uploads.packages import Refused
from krams.uploads.recognition import Kind
from krams.web.forms import (
    DanishDateField,
    FreeTextField,
    PortalForm,
    SubmissionField,
    UploadField,
)
from krams.web.submissions import submission_id

from ..enums import PositionState
from ..matrix.cell_status import DATED_STATES, agreeing
from ..matrix.rows import ProposalRow
from .cell_reading import LONGEST_EFFORT, SHORTEST_EFFORT
from .reading import Reading
from .table_reading import Sought, read_matrix_of
from .units import ACCEPT, SKIP, Unit

MOST_LINES = 60


class PastedField(forms.CharField):
    """A table as text; ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says how much of it.

    Numbers of people in it are told cell by cell, not here.
    """

    widget = forms.Textarea

    def __init__(self, **options: Any):
        super().__init__(strip=False, **options)
        self.widget.attrs = {"class": "in", "rows": 6, "data-paste-table": True}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if tidy(text) else ""


class PasteForm(PortalForm):
    """A pasted table; ``reading`` is what was read of it for those who are ``sought``."""

    table = PastedField(
        label=_("A table that you have copied"),
        help_text=_("Mark the whole table in Word or Excel, copy it and paste it here."),
    )
    # What the clipboard knows besides, as long as nobody has written in the text.
    html = forms.CharField(required=False, widget=forms.HiddenInput)
    submission_id = SubmissionField()

    def __init__(self, *args: Any, sought: Callable[[], Sought], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._sought = sought
        self.reading = Reading()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if pasted := data.get("table"):
            self._read("table", lambda: read_pasted(data.get("html") or pasted))
        return data

    def _read(self, name: str, read: Callable[[], ReadDocument]) -> None:
        try:
            document = read()
        except Refused as refused:
            self.add_error(name, ValidationError(str(refused), code="refused"))
            return
        if not document.tables:
            message = _("There is no table in it. A matrix stands in a table.")
            self.add_error(name, ValidationError(message, code="no_table"))
            return
        self.reading = read_matrix_of(document, self._sought())


class IntakeForm(PasteForm):
    """A Word document or a pasted table, one of the two."""

    field_order = ("file", "table")
    file = UploadField(
        label=_("Word document"),
        kind=Kind.WORD,
        required=False,
        help_text=_("A .docx with the matrix as a table, at most 20 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["table"].required = False
        self.fields["table"].label = _("Or a table that you have copied")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        upload = data.get("file")
        if self.errors:
            return data
        if bool(upload) == bool(data.get("table")):
            self.add_error("file", _("Choose a file, or paste a table."))
        elif upload:
            # Another file in the same form is another import.
            content = [("file", hashlib.sha256(upload.data).hexdigest())]
            data["submission_id"] = submission_id(data["submission_id"], content)
            self._read("file", lambda: read_docx(upload.data))
        return data


class DecisionForm(PortalForm):
    """A button beside a cell; an empty choice takes back what was decided."""

    choice = forms.ChoiceField(choices=[("", ""), (ACCEPT, ACCEPT), (SKIP, SKIP)], required=False)
    seen = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


class EditForm(PortalForm):
    """A cell of the document as somebody wants it taken in."""

    seen = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("Answer"), choices=PositionState.choices)
    state_from = DanishDateField(
        label=_("From or since"),
        required=False,
        help_text=_("Only with Planned and Discontinued."),
    )
    lines = FreeTextField(
        label=_("Efforts"),
        max_length=10_000,
        rows=8,
        required=False,
        help_text=_("One effort a line."),
    )

    @classmethod
    def of(cls, unit: Unit) -> "EditForm":
        read = unit.read
        return cls(
            initial={
                "seen": unit.seen,
                "state": unit.state.value,
                "state_from": unit.state_from,
                "lines": "\n".join(line.text for line in read.lines) if read else "",
            }
        )

    def clean_lines(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["lines"].splitlines()]
        lines = [line for line in lines if line]
        if any(not SHORTEST_EFFORT <= len(line) <= LONGEST_EFFORT for line in lines):
            raise ValidationError(
                _("Each line must have from %(least)s to %(most)s characters."),
                params={"least": SHORTEST_EFFORT, "most": LONGEST_EFFORT},
            )
        if len(lines) > MOST_LINES:
            raise ValidationError(_("That is more efforts than a cell can hold."))
        return lines

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        state, day = data.get("state"), data.get("state_from")
        if state is None or "lines" not in data:
            return data
        if day and state not in DATED_STATES:
            message = _(
                "The date belongs to Planned and Discontinued. Delete it, or choose one of the two."
            )
            self.add_error("state_from", message)
        if agreeing(state, holds_efforts=bool(data["lines"])) != state:
            self.add_error("state", _("The answer and the efforts do not go together."))
        return data

    def edited(self) -> dict[str, Any]:
        """As a decision keeps it."""
        day = self.cleaned_data["state_from"]
        return {
            "state": self.cleaned_data["state"],
            "state_from": day.isoformat() if day else None,
            "lines": self.cleaned_data["lines"],
        }


class PlaceForm(PortalForm):
    """To whom the columns belong that could not be told, and the rows to which proposals."""

    def __init__(
        self,
        *args: Any,
        reading: Reading,
        authorities: Iterable[Any],
        proposals: Iterable[ProposalRow],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        whose = [(one.pk, one.official_name) for one in authorities]
        which = [(one.pk, str(one)) for one in proposals]
        for number, column in enumerate(reading.columns):
            if column.authority is None:
                label = _("Column “%(heading)s”") % {"heading": column.heading or "–"}
                self._add(f"c{number}", label, whose, column.maybe)
        for number, row in enumerate(reading.rows):
            if not row.proposals:
                label = _("Row “%(heading)s”") % {"heading": row.text[:120]}
                self._add(f"r{number}", label, which, row.maybe)

    def _add(self, name: str, label: str, choices: list[tuple[int, str]], maybe: list[int]) -> None:
        """Those that it may be stand first."""
        likely = [one for one in choices if one[0] in maybe]
        rest = [one for one in choices if one[0] not in maybe]
        self.fields[name] = forms.TypedChoiceField(
            label=label,
            coerce=int,
            empty_value=None,
            required=False,
            choices=[("", _("Leave it out")), *likely, *rest],
        )
        self.fields[name].widget.attrs["class"] = "in"

    def placed(self, letter: str) -> dict[int, int]:
        return {
            int(name[1:]): key
            for name, key in self.cleaned_data.items()
            if name.startswith(letter) and key is not None
        }
