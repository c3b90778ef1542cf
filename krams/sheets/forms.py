"""The forms of an import: the file, and the answer to what it would do."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..documents.csv_reading import Unreadable
from ..documents.spreadsheet_reading import MOST_BYTES, ReadTable, read_table
from ..web.forms import PortalForm, SubmissionField
from .checking import Sheet
from .columns import headings

# What the page carries back to the server must be less than DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_SENT_BYTES = 1_900_000


class FileForm(PortalForm):
    """The file; ``table`` of a valid form is what stands in it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx or .csv of at most 5 MB. Nothing is saved before you have seen it."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"class": "in", "accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.table = ReadTable([], [])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        # Before it is read into memory.
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Divide it into several."), code="large"
            )
        try:
            self.table = read_table(file.read(), headings(self.sheet.columns).keys())
        except Unreadable as unreadable:
            raise forms.ValidationError(unreadable.problems, code="unreadable") from unreadable
        if len(as_sent(self.table).encode()) > MOST_SENT_BYTES:
            text = _("There is more text in the file than can be read at once. Divide it.")
            raise forms.ValidationError(text, code="large")
        return file


class TableField(forms.Field):
    """A table that was read, as the page brings it back.

    It is checked as a file is, so that no signature need vouch for it.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> ReadTable | None:
        if value in self.empty_values:
            return None
        try:
            return table_of(value)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise forms.ValidationError(_("Choose the file once more."), code="table") from error


class AgreeForm(PortalForm):
    """Carries the table that was read: nothing of it stays on the server before it is taken in."""

    table = TableField()
    seen = forms.UUIDField(widget=forms.HiddenInput)
    submission_id = SubmissionField()


def as_sent(table: ReadTable) -> str:
    """The table as the form carries it."""
    return json.dumps([table.header, table.rows, table.remarks], ensure_ascii=False)


def table_of(sent: str) -> ReadTable:
    """The reverse of ``as_sent``.

    Raises ``ValueError``, ``TypeError``, ``OverflowError`` or ``RecursionError`` for anything else.
    """
    header, rows, remarks = json.loads(sent)
    table = ReadTable(
        [str(name) for name in header],
        [(int(number), [str(cell) for cell in cells]) for number, cells in rows],
        tuple(str(remark) for remark in remarks),
    )
    if not table.rows:
        raise ValueError("no rows")
    # Half a surrogate pair can be sent in JSON and in nothing else: the page could not bring it.
    as_sent(table).encode()
    return table
