"""The filter of the matrix page: which proposals and which columns are shown."""

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from krams.danish.collation import fold
from krams.web.forms import FilterForm, LineField

from ...enums import PositionState
from ..cell_status import Cell, Line
from ..layout import Matrix, Row

EXPIRED = "udloebet"
CONFIRMED, OUTDATED, NEVER = "0", "1", "aldrig"
FRESHNESS = [
    ("", _("Any age")),
    (CONFIRMED, _("Confirmed in time")),
    (OUTDATED, _("Unconfirmed or expired")),
    (NEVER, _("Never confirmed")),
]


class MatrixFilter(FilterForm):
    """All fields may be left out; a value that does not exist is an error, never "nothing found".

    ``vis`` picks one authority; the others choose proposals by their cells in what is picked.
    """

    beside = ("vis",)

    q = LineField(label=_("Search"), max_length=100, required=False)
    gruppe = forms.ChoiceField(label=_("Group"), required=False)
    tilstand = forms.ChoiceField(label=_("Answer"), required=False)
    tema = forms.ChoiceField(label=_("Theme"), required=False)
    gammel = forms.ChoiceField(label=_("Freshness"), choices=FRESHNESS, required=False)
    vis = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict, matrix: Matrix):
        super().__init__({name: data[name] for name in data if name in self.base_fields})
        self.matrix = matrix
        groups = [group.group for group in matrix.groups]
        self.field("gruppe", forms.ChoiceField).choices = [("", _("All groups"))] + [
            (str(group.pk), group.name) for group in groups
        ]
        self.field("tilstand", forms.ChoiceField).choices = [
            ("", _("All answers")),
            *PositionState.choices,
            (EXPIRED, _("Expired")),
        ]
        self.field("tema", forms.ChoiceField).choices = [("", _("All themes"))] + [
            (theme.slug, theme.name) for theme in matrix.themes
        ]
        self.field("vis", forms.ChoiceField).choices = [
            (column.authority.slug, column.authority.name) for column in matrix.columns
        ]
        for name in self.fields:
            message = _("There is no such choice; the whole matrix is shown.")
            self.fields[name].error_messages["invalid_choice"] = message
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].widget.attrs["autocomplete"] = "off"

    def value(self, name: str) -> str:
        return self.cleaned_data.get(name, "") if self.is_valid() else ""

    @cached_property
    def needle(self) -> str:
        """What is searched for, as :func:`krams.danish.collation.fold` sees it."""
        return fold(self.value("q").strip())

    @property
    def is_narrowing(self) -> bool:
        return any(self.value(name) for name in ("q", "gruppe", "tilstand", "tema", "gammel"))

    @property
    def shown(self) -> Matrix:
        """What is left; the whole matrix where a value was not understood."""
        columns = self.matrix.columns
        if picked := self.value("vis"):
            columns = [column for column in columns if column.authority.slug == picked]
        for line in _lines(self.matrix):
            line.is_hit = self._has_theme(line)
        return self.matrix.narrowed(self._keeps, columns)

    def _has_theme(self, line: Line) -> bool:
        return any(theme.slug == self._theme for theme in line.effort.theme_list)

    @cached_property
    def _theme(self) -> str:
        return self.value("tema")

    def _keeps(self, row: Row) -> bool:
        group = self.value("gruppe")
        return (
            (not group or str(row.proposal.group_id) == group)
            and (not row.cells or any(self._fits(cell) for cell in row.cells))
            and self._is_found(row)
        )

    def _fits(self, cell: Cell) -> bool:
        """State, theme and age must hold of one and the same cell."""
        state = self.value("tilstand")
        if state == EXPIRED and not cell.has_expired:
            return False
        if state and state != EXPIRED and cell.state != state:
            return False
        if state == PositionState.NOT_FILLED and not cell.concerns:
            return False
        if self._theme and not any(map(self._has_theme, cell.lines)):
            return False
        return self._is_of_age(cell)

    def _is_of_age(self, cell: Cell) -> bool:
        age = self.value("gammel")
        if age == CONFIRMED:
            return cell.is_filled and not (cell.is_unconfirmed or cell.has_expired)
        if age == NEVER:
            return cell.is_filled and cell.confirmed_on is None
        return not age or cell.is_outdated

    def _is_found(self, row: Row) -> bool:
        if not self.needle:
            return True
        texts = [row.proposal.title]
        for cell in row.cells:
            for line in cell.lines:
                texts.append(line.effort.text)
                texts += [part for e in line.entries for part in (e.heading, e.text)]
        return any(self.needle in fold(text) for text in texts)


def _lines(matrix: Matrix) -> list[Line]:
    return [line for cell in matrix.cells.values() for line in cell.lines]
