"""The form of one cell: the answer, with a small form for each of its efforts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.danish.collation import sort_key
from krams.history.forms import VersionField
from krams.web.forms import DanishDateField, PortalForm

from ...enums import EffortState, PositionState
from ..answer import Answer, Choices, EffortInput
from ..cell_status import DATED_STATES, Cell, agreeing
from ..conflict import MINE, THEIRS
from ..layout import Matrix
from .effort import EffortForm, blank_line, input_line, stored_line

# More lines than any cell needs; a request with more is no form of ours.
MOST_EFFORTS = 60
LINE_NAME = re.compile(r"l(\d{1,2})-text")
PICK = re.compile(r"pick-(\d{1,18})", re.ASCII)


class AnswerForm(PortalForm):
    """State and date of the cell, and which other proposals have the same state."""

    version = VersionField()
    state = forms.ChoiceField(label=_("Answer"), choices=PositionState.choices)
    state_from = DanishDateField(
        label=_("From or since"),
        required=False,
        help_text=_("Only with Planned and Discontinued."),
    )
    same_for = forms.TypedMultipleChoiceField(
        label=_("The answer also goes for"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("state_from") and data.get("state") not in (None, *DATED_STATES):
            message = _(
                "The date belongs to Planned and Discontinued. Delete it, or choose one of the two."
            )
            self.add_error("state_from", message)
        return data

    def __init__(self, *args: Any, others: list[Cell], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("same_for", forms.ChoiceField).choices = [
            (o.proposal.pk, str(o.proposal)) for o in others
        ]
        self.fields["state"].widget.attrs["autofocus"] = True


class ChoiceForm(PortalForm):
    """Which version shall stand after a conflict."""

    choice = forms.ChoiceField(choices=[(MINE, MINE), (THEIRS, THEIRS)])


def picks(data: Mapping[str, str]) -> dict[int, str]:
    """What was picked for each effort of a conflict, as far as it is one of the choices."""
    found = {match[1]: data[name] for name in data if (match := PICK.fullmatch(name))}
    return {int(key): value for key, value in found.items() if value in (MINE, THEIRS)}


# Raw values of the answer, and of each line.
Draft: TypeAlias = tuple[dict[str, Any], list[dict[str, Any]]]


class CellEditor:
    """The forms of one cell together.

    ``data`` is what was sent, about efforts that are ``known`` by their keys. Without it, the forms
    show ``draft`` (raw values of the answer and of each line), or else what is stored.
    """

    def __init__(
        self,
        matrix: Matrix,
        cell: Cell,
        choices: Choices,
        *,
        data: QueryDict | None = None,
        known: frozenset[int] = frozenset(),
        draft: Draft | None = None,
        spare: int = 1,
    ):
        self.matrix, self.cell, self.choices, self.data = matrix, cell, choices, data
        self.sent = QueryDict() if data is None else data
        self.is_draft = draft is not None
        self.auto_id = f"{cell.anchor}-%s"
        column = [matrix.cells[row.proposal.pk, cell.column.authority.pk] for row in matrix.rows]
        others = [other for other in column if other is not cell and self._may_follow(other)]
        self.known = known
        self.line_options: dict[str, Any] = {
            "column": cell.column,
            "choices": [(other.proposal.pk, str(other.proposal)) for other in column],
            "known": self.known,
            "themes": [(theme.pk, theme.name) for theme in choices.themes],
            "initiatives": self._initiatives(),
        }
        self.responsible = sorted(
            {line.effort.responsible for one in column for line in one.lines} - {""}, key=sort_key
        )
        if self.responsible:
            self.line_options["offered"] = self.offered_id
        head, lines = draft or self._stored(spare)
        self.form = AnswerForm(data, initial=head, auto_id=self.auto_id, others=others)
        numbers = range(len(lines)) if data is None else line_numbers(data)
        self.lines = [
            EffortForm(
                data,
                initial=lines[number] if data is None else None,
                number=number,
                auto_id=self.auto_id,
                **self.line_options,
            )
            for number in numbers
        ]

    @property
    def offered_id(self) -> str:
        """Of the list of who is responsible for other efforts of the column."""
        return f"{self.cell.editor_id}-r"

    def _initiatives(self) -> list[tuple[int, str]]:
        """Those to choose from, and what stands there already though the person may not see it."""
        found = list(self.choices.initiatives)
        known = {key for key, _title in found}
        for line in self.cell.lines:
            key = line.effort.initiative_id
            if key and key not in known:
                known.add(key)
                found.append((key, str(_("As it stands: one that you may not open"))))
        return found

    def _may_follow(self, other: Cell) -> bool:
        sent = self.sent.getlist("same_for")
        key = str(other.proposal.pk)
        return other.proposal in self.cell.joint or not other.is_filled or key in sent

    def _stored(self, spare: int) -> Draft:
        cell = self.cell
        joint = [proposal.pk for proposal in cell.joint]
        head = {
            "version": cell.version,
            "state": cell.state.value,
            "state_from": cell.state_from,
            "same_for": [key for key in joint if key != cell.proposal.pk],
        }
        lines = [
            stored_line(line.effort, self.matrix.served[line.effort.pk]) | {"order": number}
            for number, line in enumerate(cell.lines, start=1)
        ]
        spare += not lines
        return head, lines + [blank_line(cell) for _number in range(spare)]

    def is_valid(self) -> bool:
        """Validates everything, so that every error shows at once."""
        written = self.written
        valid = all([self.form.is_valid(), *(line.is_valid() for line in written)])
        if valid and (message := self._disagreement()):
            self.form.add_error("state", message)
            valid = False
        if len(self.lines) > MOST_EFFORTS:
            self.form.add_error(None, _("That is more efforts than a cell can hold."))
            valid = False
        if not valid:
            self._point_at_first_error(written)
        return valid

    def _disagreement(self) -> str:
        """What is wrong where the answer and the efforts do not go together."""
        state = self.form.cleaned_data["state"]
        holds = self._keeps_efforts()
        if agreeing(state, holds_efforts=holds) == state:
            return ""
        if holds:
            return gettext("Choose an answer; there are efforts below it.")
        return gettext(
            "Without a state there must be an effort: write it, or choose another answer."
        )

    def _keeps_efforts(self) -> bool:
        """Whether the cell will hold efforts, those included that the form does not name."""
        here = self.cell.proposal.pk
        named = {line.key for line in self.written} | self.dropped
        # What a colleague has written since is a conflict, no error.
        stored = self.cell.lines if self.version == self.cell.version else ()
        return any(line.effort.pk not in named for line in stored) or any(
            not line.cleaned_data["remove"] and here in line.cleaned_data["proposals"]
            for line in self.written
        )

    def _point_at_first_error(self, written: list[EffortForm]) -> None:
        """The focus goes to the first field that is wrong, inside the cell as on a page."""
        self.form.fields["state"].widget.attrs.pop("autofocus", None)
        for form in [self.form, *written]:
            for name in form.fields:
                if name in form.errors and not form.fields[name].widget.is_hidden:
                    form.fields[name].widget.attrs["autofocus"] = True
                    return

    def with_blank_line(self) -> "CellEditor":
        """What was typed, right or wrong, with one more line, which has the focus."""
        lines = [{name: line[name].value() for name in line.fields} for line in self.lines]
        editor = self._redrawn(self._head(), [*lines, blank_line(self.cell)])
        del editor.form.fields["state"].widget.attrs["autofocus"]
        editor.lines[-1].fields["text"].widget.attrs["autofocus"] = True
        return editor

    def with_efforts(self, efforts: list[EffortInput]) -> "CellEditor":
        """What was typed, with these efforts in place of its own, upon the cell as it stands."""
        lines = [input_line(effort, number) for number, effort in enumerate(efforts, start=1)]
        return self._redrawn(self._head() | {"version": self.cell.version}, lines)

    def _head(self) -> dict[str, Any]:
        return {name: self.form[name].value() for name in self.form.fields}

    def _redrawn(self, head: dict[str, Any], lines: list[dict[str, Any]]) -> "CellEditor":
        return CellEditor(self.matrix, self.cell, self.choices, draft=(head, lines))

    @property
    def written(self) -> list[EffortForm]:
        """The lines that somebody has written something into."""
        return [line for line in self.lines if not line.is_blank]

    @property
    def errors(self) -> int:
        """How many fields are wrong."""
        if self.data is None:
            return 0
        return sum(len(form.errors) for form in (self.form, *self.written))

    @property
    def hidden_errors(self) -> list[str]:
        """What no visible field shows."""
        if self.data is None:
            return []
        found = [str(error) for error in self.form.non_field_errors()]
        for form in (self.form, *self.written):
            found += [str(error) for field in form.hidden_fields() for error in field.errors]
        return found

    @property
    def version(self) -> int:
        return self.form.cleaned_data["version"]

    @property
    def base_version(self) -> int:
        """The version that the person began with, before any conflict."""
        return self._number("base") or self.version

    @property
    def dropped(self) -> frozenset[int]:
        """Efforts of the saved version that the person's own shall replace."""
        sent = self.sent.getlist("drop")
        return frozenset(key for key in self.known if str(key) in sent)

    def _number(self, name: str) -> int | None:
        sent = self.sent.get(name) or ""
        return int(sent) if re.fullmatch(r"\d{1,9}", sent, re.ASCII) else None

    def _ordered(self) -> list[EffortForm]:
        """Lines with a new number go to that place; the others keep their order around them."""
        stay: list[EffortForm] = []
        moved: list[EffortForm] = []
        for line in self.written:
            wanted = line.cleaned_data["order"]
            is_moved = wanted and wanted != line.number + 1
            (moved if is_moved else stay).append(line)
        # Of two with one number, the later is put in first and gives way to the other.
        for line in sorted(reversed(moved), key=lambda line: line.cleaned_data["order"]):
            stay.insert(line.cleaned_data["order"] - 1, line)
        return stay

    def answer(self, dropped: frozenset[int] = frozenset()) -> Answer:
        """What was sent; ``dropped`` are efforts to remove besides those that are ticked."""
        head = self.form.cleaned_data
        efforts = [line.effort_input() for line in self._ordered()]
        gone = dropped & self.known - {effort.effort_id for effort in efforts}
        efforts += [
            EffortInput(
                text="",
                state=EffortState.RUNNING,
                proposals=frozenset(),
                effort_id=key,
                removed=True,
            )
            for key in sorted(gone)
        ]
        return Answer(
            state=head["state"],
            state_from=head["state_from"],
            same_for=frozenset(head["same_for"]),
            efforts=tuple(efforts),
        )


def line_numbers(data: Iterable[str]) -> list[int]:
    """The numbers of the lines that were sent."""
    found = {match[1] for name in data if (match := LINE_NAME.fullmatch(name))}
    return sorted(int(number) for number in found)
