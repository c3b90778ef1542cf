"""The small form of one effort, a line of its cell."""

import datetime as dt
import re
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.enums import AuthorityKind
from krams.history.forms import VersionField
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    LinkField,
    PortalForm,
)

from ...enums import Division, EffortState
from ..answer import EffortInput
from ..cell_status import Cell
from ..layout import Column
from ..rows import EffortRow

LARGEST_KEY = 2**63 - 1
FURTHER_FIELDS = (
    "valid_from",
    "valid_until",
    "division",
    "link",
    "note",
    "explained_by",
    "themes",
    "new_theme",
    "initiative",
    "proposals",
    "responsible",
    "next_step",
    "next_step_on",
)


class LongLineField(LineField):
    """One line in a field that grows with it; a line break that came along becomes a space."""

    widget = forms.Textarea

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.attrs |= {"rows": 1, "cols": False}

    def to_python(self, value: Any) -> str:
        return super().to_python(" ".join((value or "").splitlines()))


class EffortForm(PortalForm):
    """One effort of the cell. An untouched new line is blank and counts for nothing."""

    effort = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = CountField(label=_("Order"), least=1, most=99, required=False)
    text = LongLineField(label=_("Effort"), max_length=300, min_length=2, required=False)
    state = forms.ChoiceField(label=_("Where it stands"), choices=EffortState.choices)
    valid_from = DanishDateField(label=_("From"), required=False)
    valid_until = DanishDateField(label=_("Until (the last day)"), required=False)
    division = forms.ChoiceField(
        label=_("Division"), choices=[("", "–"), *Division.choices], required=False
    )
    link = LinkField(
        label=_("Link"),
        max_length=500,
        required=False,
    )
    note = FreeTextField(
        label=_("More about it"),
        max_length=10_000,
        rows=3,
        required=False,
        help_text=_("Stands below the table. No names."),
    )
    explained_by = forms.TypedChoiceField(
        label=_("Explained by the note"), coerce=int, empty_value=None, required=False
    )
    proposals = forms.TypedMultipleChoiceField(
        label=_("Serves proposals"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.TypedMultipleChoiceField(
        label=_("Themes"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    new_theme = LineField(
        label=_("Another theme"),
        max_length=80,
        min_length=2,
        required=False,
        help_text=_("Only where none of them fits."),
    )
    initiative = forms.TypedChoiceField(
        label=_("The KRAMS initiative that it is"), coerce=int, empty_value=None, required=False
    )
    responsible = LineField(
        label=_("Responsible"),
        max_length=120,
        required=False,
        help_text=_("A role or department, no names of persons."),
    )
    next_step = LineField(label=_("Next step"), max_length=300, required=False)
    next_step_on = DanishDateField(label=_("Next step by"), required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(
        self,
        *args: Any,
        column: Column,
        number: int,
        choices: list[tuple[int, str]],
        known: frozenset[int],
        themes: list[tuple[int, str]],
        initiatives: list[tuple[int, str]],
        offered: str = "",
        **kwargs: Any,
    ):
        super().__init__(*args, prefix=f"l{number}", **kwargs)
        self.number, self.known = number, known
        self.served, self.named_themes = choices, themes
        self.notes = [
            (entry.note.pk, f"{entry.label} {entry.heading}")
            for entry in column.entries
            if entry.note
        ]
        if offered:
            self.fields["responsible"].widget.attrs["list"] = offered
        self.field("themes", forms.ChoiceField).choices = themes
        self.field("initiative", forms.ChoiceField).choices = [("", "–"), *initiatives]
        if not initiatives:
            self.fields["initiative"].widget = forms.HiddenInput()
        self.field("proposals", forms.ChoiceField).choices = choices
        self.field("explained_by", forms.ChoiceField).choices = [("", "–"), *self.notes]
        if column.authority.kind == AuthorityKind.MUNICIPALITY and not self.value("division"):
            self.fields["division"].widget = forms.HiddenInput()

    def full_clean(self) -> None:
        """A line that nobody wrote into is not wrong, whatever else is wrong in the cell."""
        if self.is_bound and self.is_blank:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        else:
            super().full_clean()

    def value(self, name: str) -> Any:
        """What the field shows, typed or stored."""
        return self[name].value()

    @property
    def key(self) -> int | None:
        """The effort that the line changes, unless what was sent is no key at all."""
        sent = str(self.value("effort") or "")
        return int(sent) if re.fullmatch(r"\d{1,18}", sent, re.ASCII) else None

    @property
    def is_blank(self) -> bool:
        names = (
            "effort", "text", "valid_from", "valid_until", "link", "note", "explained_by",
            "themes", "new_theme", "initiative", "responsible", "next_step", "next_step_on",
        )  # fmt: skip
        return not any(self.value(name) for name in names)

    @property
    def is_open(self) -> bool:
        """Whether the further fields show without being asked for: where one is wrong."""
        return bool(self.errors.keys() & {*FURTHER_FIELDS})

    @property
    def chosen_themes(self) -> list[str]:
        chosen = {str(key) for key in self.value("themes") or ()}
        return [name for key, name in self.named_themes if str(key) in chosen]

    @property
    def facts(self) -> str:
        """What the further fields hold, in short, as long as they are folded away."""
        notes = {str(key): text.split(" ")[0] for key, text in self.notes}
        served = {str(key) for key in self.value("proposals") or ()}
        numbers = [text.split(" ")[0] for key, text in self.served if str(key) in served]
        start, end = self["valid_from"], self["valid_until"]
        parts = [
            start.value() and _("from %(date)s") % {"date": _shown(start)},
            end.value() and _("until %(date)s") % {"date": _shown(end)},
            notes.get(str(self.value("explained_by") or "-")),
            *self.chosen_themes,
            self.value("initiative") and _("KRAMS initiative"),
            self.value("responsible"),
            self.value("next_step") and _("next step"),
            self.value("note") and _("more text"),
            self.value("link") and _("link"),
            len(numbers) > 1 and _("proposals %(numbers)s") % {"numbers": ", ".join(numbers)},
        ]
        return " · ".join(str(part) for part in parts if part)

    def clean_effort(self) -> int | None:
        key = self.cleaned_data["effort"]
        if key is not None and key not in self.known:
            raise forms.ValidationError(_("This effort belongs elsewhere."), code="foreign")
        return key

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("remove"):
            return data
        if not data.get("text") and "text" not in self.errors:
            message = _("Write what the effort is, or tick Remove.")
            self.add_error("text", forms.ValidationError(message, code="required"))
        if not data.get("proposals") and "proposals" not in self.errors:
            message = _("Tick at least one proposal, or tick Remove.")
            self.add_error("proposals", forms.ValidationError(message, code="required"))
        has_step = data.get("next_step") or "next_step" in self.errors
        if data.get("next_step_on") and not has_step:
            self.add_error("next_step", _("Write what the next step is, or delete its date."))
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The end lies before the start."))
        elif ended := ended_wrongly(end, data.get("state")):
            self.add_error("valid_until", forms.ValidationError(ended, code="expired"))
        return data

    def effort_input(self) -> EffortInput:
        data = self.cleaned_data
        return EffortInput(
            effort_id=data["effort"],
            text=data.get("text", ""),
            state=data["state"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            division=data["division"],
            link=data["link"],
            note=data["note"],
            explained_by_id=data["explained_by"],
            initiative_id=data["initiative"],
            responsible=data["responsible"],
            next_step=data["next_step"],
            next_step_on=data["next_step_on"],
            themes=frozenset(data["themes"]),
            new_theme=data["new_theme"],
            proposals=frozenset(data["proposals"]),
            removed=data["remove"],
        )


def ended_wrongly(end: dt.date | None, state: str | None) -> str:
    """What is wrong with an effort that has ended and is not said to be discontinued.

    A save confirms the answer, and "Still correct" refuses such an effort too.
    """
    if end is None or end >= timezone.localdate() or state == EffortState.DISCONTINUED:
        return ""
    return gettext("The effort has ended. Change its date, mark it as discontinued or remove it.")


class RestoreForm(PortalForm):
    """A removed effort, as it was seen."""

    effort = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput)
    version = VersionField()


def _shown(field: BoundField) -> str:
    """A date as typed, or as it is written in Danish."""
    return field.field.widget.format_value(field.value()) or ""


def blank_line(cell: Cell) -> dict[str, Any]:
    """A new effort serves all proposals that the cell answers."""
    served = [proposal.pk for proposal in cell.joint]
    return {"state": EffortState.RUNNING.value, "proposals": served}


def input_line(effort: EffortInput, number: int) -> dict[str, Any]:
    """A line of an answer as the values of its form."""
    return asdict(effort) | {
        "effort": effort.effort_id,
        "explained_by": effort.explained_by_id,
        "initiative": effort.initiative_id,
        "themes": sorted(effort.themes),
        "remove": effort.removed,
        "proposals": sorted(effort.proposals),
        "order": number,
    }


def stored_line(effort: EffortRow, proposals: list[int]) -> dict[str, Any]:
    """An effort as the values of its form."""
    return {
        "effort": effort.pk,
        "text": effort.text,
        "state": effort.state,
        "valid_from": effort.valid_from,
        "valid_until": effort.valid_until,
        "division": effort.division,
        "link": effort.link,
        "note": effort.note,
        "explained_by": effort.explained_by_id,
        "themes": sorted(theme.pk for theme in effort.theme_list),
        "initiative": effort.initiative_id,
        "responsible": effort.responsible,
        "next_step": effort.next_step,
        "next_step_on": effort.next_step_on,
        "proposals": proposals,
    }
