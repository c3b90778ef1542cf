"""The form of a whole column: below each other the answers to all proposals, or some.

Each field has a small form with its own version. Only what somebody touched is saved: ``was`` says
what a field held when the page was drawn.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import DanishDateField, FreeTextField, PortalForm

from ...enums import EffortState, PositionState
from ...matrix.answer import Answer, EffortInput
from ...matrix.cell_status import DATED_STATES, Cell, Line, agreeing
from ...matrix.conflict import stored_efforts
from ...matrix.forms.effort import LongLineField, ended_wrongly
from ...matrix.layout import Matrix
from ..fingerprint import fingerprint

# More new efforts than anybody writes at once; a request with more is no form of ours.
MOST_NEW = 20
LONGEST, SHORTEST = 300, 2


class EffortLinesField(FreeTextField):
    """New efforts, one a line."""

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in super().clean(value).split("\n")]
        lines = [line for line in lines if line]
        if len(lines) > MOST_NEW:
            raise forms.ValidationError(_("That is more efforts than a cell can hold."))
        wrong = [str(n) for n, one in enumerate(lines, 1) if not SHORTEST <= len(one) <= LONGEST]
        if wrong:
            message = ngettext(
                "Line %(numbers)s must have from 2 to 300 characters.",
                "Lines %(numbers)s must have from 2 to 300 characters.",
                len(wrong),
            ) % {"numbers": ", ".join(wrong)}
            raise forms.ValidationError(message, code="length")
        return lines


class HeadForm(PortalForm):
    """Answer and date of one field, its new efforts, and that it is right as it stands."""

    version = VersionField()
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    state = forms.ChoiceField(label=_("Answer"), choices=PositionState.choices)
    state_from = DanishDateField(label=_("From or since"), required=False)
    new = EffortLinesField(
        label=_("New efforts, one a line"),
        max_length=MOST_NEW * (LONGEST + 1),
        rows=2,
        required=False,
    )
    right = forms.BooleanField(label=_("The answer is right as it stands"), required=False)
    theirs = forms.BooleanField(label=_("Keep what is saved, drop mine"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("state_from") and data.get("state") not in (None, *DATED_STATES):
            message = _(
                "The date belongs to Planned and Discontinued. Delete it, or choose one of the two."
            )
            self.add_error("state_from", message)
        return data


class LineForm(PortalForm):
    """One effort that stands in the field: its words, its last day, and whether it goes."""

    text = LongLineField(label=_("Effort"), max_length=LONGEST, min_length=SHORTEST)
    valid_until = DanishDateField(label=_("Until (the last day)"), required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, line: Line, **kwargs: Any):
        effort = line.effort
        kwargs["initial"] = {"text": effort.text, "valid_until": effort.valid_until}
        super().__init__(*args, **kwargs)
        self.effort = effort
        self.fields["text"].required = not self.is_removed

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self["remove"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("remove"):
            return data
        start, end = self.effort.valid_from, data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The end lies before the start."))
        elif message := ended_wrongly(end, self.effort.state):
            self.add_error("valid_until", message)
        return data

    def effort_input(self, stored: EffortInput) -> EffortInput:
        """The effort as it is to be: what the form does not show stays as it is ``stored``."""
        data = self.cleaned_data
        return replace(
            stored,
            text=data.get("text", ""),
            valid_until=data.get("valid_until"),
            removed=data["remove"],
        )


class FieldEditor:
    """The forms of one field together; ``data`` is what was sent, if it was.

    An effort that stands in several fields is changed in the first of them (``mine`` are its keys);
    in the others it is but read (``elsewhere``).
    """

    def __init__(
        self,
        matrix: Matrix,
        cell: Cell,
        mine: Collection[int],
        data: QueryDict | None = None,
    ):
        self.matrix, self.cell, self.data = matrix, cell, data
        self.prefix = f"f{cell.proposal.pk}"
        self.conflict: Any = None
        self.is_saved = False
        own: dict[str, Any] = {"auto_id": f"{cell.anchor}-%s", "prefix": self.prefix}
        initial = {
            "version": cell.version,
            "state": cell.state.value,
            "state_from": cell.state_from,
        }
        self.head = HeadForm(data, initial=initial, **own)
        if not cell.is_filled:
            del self.head.fields["right"]
        self.elsewhere = [line for line in cell.lines if line.effort.pk not in mine]
        self.lines = [self._line(line) for line in cell.lines if line.effort.pk in mine]
        if data is None:
            self.head.initial["was"] = self._shown()

    @property
    def anchor(self) -> str:
        return f"felt-{self.cell.proposal.pk}"

    def _line(self, line: Line) -> LineForm:
        prefix = f"{self.prefix}-e{line.effort.pk}"
        # What a colleague has added since was not on the page: it is shown, not read.
        sent = self.data if self.data is not None and f"{prefix}-text" in self.data else None
        return LineForm(sent, line=line, prefix=prefix, auto_id=f"{self.cell.anchor}-%s")

    def _shown(self) -> str:
        """What the page shows, in the words that it will be sent in."""
        fields = [self.head["state"], self.head["state_from"]]
        for line in self.lines:
            fields += [line["text"], line["valid_until"]]
        return fingerprint(
            (one.html_name, one.field.widget.format_value(one.value())) for one in fields
        )

    @property
    def was_sent(self) -> bool:
        return self.data is not None and f"{self.prefix}-state" in self.data

    @property
    def is_touched(self) -> bool:
        """Whether somebody changed what the page showed, or says that it is right."""
        if not self.was_sent:
            return False
        ticks = [self.head["new"], *(line["remove"] for line in self.lines if line.is_bound)]
        if "right" in self.head.fields:
            ticks.append(self.head["right"])
        return any(one.value() for one in ticks) or self._sent() != self.head["was"].value()

    def _sent(self) -> str:
        """As it was sent, whatever the field holds by now."""
        assert self.data is not None
        names = [f"{self.prefix}-state", f"{self.prefix}-state_from"]
        for key in self._sent_efforts():
            names += [f"{self.prefix}-e{key}-text", f"{self.prefix}-e{key}-valid_until"]
        return fingerprint((name, self.data.get(name)) for name in names)

    def _sent_efforts(self) -> list[str]:
        assert self.data is not None
        pattern = re.compile(rf"{self.prefix}-e(\d{{1,18}})-text", re.ASCII)
        return [match[1] for name in self.data if (match := pattern.fullmatch(name))]

    @property
    def drops_mine(self) -> bool:
        """After a conflict the saved answer was chosen."""
        return bool(self.was_sent and self.head["theirs"].value())

    def is_valid(self) -> bool:
        """Validates everything, so that every error shows at once."""
        valid = all([self.head.is_valid(), *(one.is_valid() for one in self._bound())])
        if valid and (message := self._disagreement()):
            self.head.add_error("state", message)
            valid = False
        return valid

    def _bound(self) -> list[LineForm]:
        return [line for line in self.lines if line.is_bound]

    def _disagreement(self) -> str:
        state = self.head.cleaned_data["state"]
        stays = [line for line in self._bound() if not line.cleaned_data["remove"]]
        unread = [line for line in self.lines if not line.is_bound]
        holds = bool(stays or unread or self.elsewhere or self.head.cleaned_data["new"])
        if agreeing(state, holds_efforts=holds) == state:
            return ""
        if holds:
            return gettext("Choose an answer; there are efforts below it.")
        return gettext(
            "Without a state there must be an effort: write it, or choose another answer."
        )

    @property
    def version(self) -> int:
        return self.head.cleaned_data["version"]

    @property
    def errors(self) -> int:
        if self.data is None:
            return 0
        return sum(len(form.errors) for form in (self.head, *self._bound()))

    @property
    def hidden_errors(self) -> list[str]:
        """What no visible field shows."""
        if self.data is None:
            return []
        fields = self.head.hidden_fields()
        found = [str(error) for field in fields for error in field.errors]
        return [*map(str, self.head.non_field_errors()), *found]

    def answer(self) -> Answer:
        """What was sent; efforts that only other fields change are not named, and stay."""
        head, joint = self.head.cleaned_data, [one.pk for one in self.cell.joint]
        stored = stored_efforts(self.cell, self.matrix)
        efforts = [line.effort_input(stored[line.effort.pk]) for line in self._bound()]
        is_planned = head["state"] == PositionState.PLANNED
        new = EffortInput(
            text="",
            state=(EffortState.PLANNED if is_planned else EffortState.RUNNING).value,
            proposals=frozenset(joint),
        )
        efforts += [replace(new, text=text) for text in head["new"]]
        return Answer(
            state=head["state"],
            state_from=head["state_from"],
            same_for=frozenset(joint) - {self.cell.proposal.pk},
            efforts=tuple(efforts),
        )

    @property
    def has_lost_lines(self) -> bool:
        """Whether words were sent of an effort that is not changed here any more: a conflict."""
        return any(self._gone(self.cell, {line.effort.pk for line in self.lines}).values())

    def _gone(self, cell: Cell, mine: Collection[int]) -> dict[str, bool]:
        """Which efforts were sent and are not changed in ``cell``, and whether that loses words."""
        assert self.data is not None
        there = {str(line.effort.pk): line.effort.text for line in cell.lines}
        own = {str(key) for key in mine}
        found = {}
        for key in self._sent_efforts():
            if key not in own or key not in there:
                line = f"{self.prefix}-e{key}"
                text = " ".join(self.data.get(f"{line}-text", "").split())
                is_kept = bool(text) and f"{line}-remove" not in self.data
                found[key] = is_kept and there.get(key) != text
        return found

    @property
    def sent_version(self) -> int | None:
        """None where what was sent is no version."""
        return self.head.cleaned_data.get("version") if self.head.is_bound else None

    def upon(
        self, matrix: Matrix, cell: Cell, mine: Collection[int], version: int | None
    ) -> "FieldEditor":
        """What was typed, upon the field as it stands by now; ``version`` is that of the next save.

        The words of an effort that is gone meanwhile stand among the new ones.
        """
        assert self.data is not None
        data = self.data.copy()
        if version is not None:
            data[f"{self.prefix}-version"] = str(version)
        gone = self._gone(cell, mine)
        lost = [data.get(f"{self.prefix}-e{key}-text", "") for key in gone if gone[key]]
        new = f"{self.prefix}-new"
        data[new] = "\n".join(filter(None, [data.get(new, ""), *lost]))
        for key in gone:
            for name in ("text", "valid_until", "remove"):
                data.pop(f"{self.prefix}-e{key}-{name}", None)
        editor = FieldEditor(matrix, cell, mine, data)
        # Validated, so that its errors show; whether it may be saved is the next save's business.
        editor.is_valid()
        return editor
