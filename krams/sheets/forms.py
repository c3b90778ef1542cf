"""The forms of an import: the file or the pasted rows, and the answer to what they would do."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..danish.normal_form import visible
from ..documents.csv_reading import Unreadable
from ..documents.spreadsheet_reading import MOST_BYTES, ReadTable, read_pasted, read_table
from ..web.forms import PortalForm, SubmissionField
from .checking import Sheet
from .columns import headings

# What the page carries back to the server must be less than DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_SENT_BYTES = 1_900_000


class PastedField(forms.CharField):
    """Rows as they were copied, kept as they are: what is wrong in a cell is told by its row."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_SENT_BYTES, strip=False, **options)
        self.widget.attrs = {"class": "in", "rows": 6, "spellcheck": "false", "wrap": "off"}

    def to_python(self, value: Any) -> Any:
        """Empty where nobody sees anything in it."""
        return super().to_python(value) if value and visible(str(value)).strip() else ""


class FileForm(PortalForm):
    """The file, or rows that were pasted; ``table`` of a valid form is what stands in them."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx or .csv of at most 5 MB. Nothing is saved before you have seen it."),
        error_messages={"empty": _("The file is empty.")},
        required=False,
        widget=forms.FileInput(attrs={"class": "in", "accept": ".xlsx,.csv,.txt"}),
    )
    pasted = PastedField(
        label=_("Paste rows"),
        help_text=_(
            "Mark the rows in your spreadsheet, copy them, and paste them here. Without the names "
            "of the columns, the columns must stand in the order of the template."
        ),
        required=False,
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.table = ReadTable([], [])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        # Before it is read into memory.
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Divide it into several."), code="large"
            )
        self.table = _read(read_table, file.read(), headings(self.sheet.columns).keys())
        return file

    def clean_pasted(self) -> str:
        pasted: str = self.cleaned_data["pasted"]
        if pasted.strip() and not self.files.get("file"):
            columns = [str(column.heading) for column in self.sheet.columns]
            self.table = _read(read_pasted, pasted, headings(self.sheet.columns).keys(), columns)
        return pasted

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        file, pasted = data["file"], data["pasted"].strip()
        if file and pasted:
            text = _("Choose a file or paste rows, not both: nobody knows which of them counts.")
            self.add_error("pasted", text)
        elif not file and not pasted:
            self.add_error("file", _("Choose a file."))
        return data


def _read(reader: Callable[..., ReadTable], *given: Any) -> ReadTable:
    try:
        table = reader(*given)
    except Unreadable as unreadable:
        raise forms.ValidationError(unreadable.problems, code="unreadable") from unreadable
    if len(as_sent(table).encode()) > MOST_SENT_BYTES:
        text = _("There is more text in the file than can be read at once. Divide it.")
        raise forms.ValidationError(text, code="large")
    return table


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


def as_pasted(table: ReadTable) -> str:
    """The rows as a spreadsheet would copy them, so that they can be put right where they stand."""
    rows = [table.header, *(cells for _number, cells in table.rows)]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in cells) for cells in rows)


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
