"""What is asked, answered and proposed about a cell."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
    VersionForm,
)

from ..enums import PositionState
from ..matrix.cell_status import DATED_STATES, Cell, agreeing
from .models import MOST_LETTERS

NEW_LINES = 3
# More than any cell needs; a request with more is no form of ours.
MOST_EFFORTS = 60
NO_NAMES = _("No names of persons, and nothing that can identify a citizen.")


class CommentForm(PortalForm):
    """One entry of a thread."""

    text = FreeTextField(label=_("Your reply"), max_length=MOST_LETTERS, rows=3, help_text=NO_NAMES)


class QuestionForm(CommentForm):
    submission_id = SubmissionField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Question or remark")


class ReplyForm(CommentForm):
    submission_id = SubmissionField()


class OldCommentForm(CommentForm):
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your comment")


class DeclineForm(CommentForm):
    """Why a proposed wording is declined."""

    version = VersionField()
    submission_id = SubmissionField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why not?")


class AcceptForm(VersionForm):
    """``cell`` is the version of the cell that the editor saw beside the proposal."""

    cell = VersionField()


class WordingForm(PortalForm):
    """A proposed state, a line for each effort that the cell has, and some for new ones.

    A line that is made blank proposes that its effort goes.
    """

    state = forms.ChoiceField(label=_("Answer"), choices=PositionState.choices)
    state_from = DanishDateField(
        label=_("From or since"), required=False, help_text=_("Only with Planned and Discontinued.")
    )
    text = FreeTextField(
        label=_("Why do you propose this?"), max_length=MOST_LETTERS, rows=2, help_text=NO_NAMES
    )
    seen = VersionField()
    submission_id = SubmissionField()

    def __init__(self, *args: Any, cell: Cell, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cell = cell
        self.fields["state"].widget.attrs["class"] = "in"
        texts = {line.effort.pk: line.effort.text for line in cell.lines}
        # What was sent about an effort that left the cell meanwhile is kept.
        sent = {int(match[1]) for name in self.data if (match := LINE.fullmatch(name))}
        self.keys = [*texts, *sorted(sent - texts.keys())]
        for number, key in enumerate(self.keys, start=1):
            self.fields[f"line-{key}"] = LineField(
                label=_("Effort %(number)s") % {"number": number},
                max_length=300,
                required=False,
                min_length=2,
                initial=texts.get(key, ""),
            )
        for number in range(1, NEW_LINES + 1):
            self.fields[f"new-{number}"] = LineField(
                label=_("New effort %(number)s") % {"number": number},
                max_length=300,
                required=False,
                min_length=2,
            )

    @property
    def effort_fields(self) -> list:
        return [self[name] for name in self.fields if name.startswith(("line-", "new-"))]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """As ``Wording.lines`` keeps them."""
        data = self.cleaned_data
        old = [{"effort": key, "text": data.get(f"line-{key}", "")} for key in self.keys]
        new = [data.get(f"new-{number}", "") for number in range(1, NEW_LINES + 1)]
        return [*old, *({"effort": None, "text": text} for text in new if text)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        state = data.get("state")
        if data.get("state_from") and state not in (None, *DATED_STATES):
            message = _(
                "The date belongs to Planned and Discontinued. Delete it, or choose one of the two."
            )
            self.add_error("state_from", message)
        if len(self.effort_fields) > MOST_EFFORTS:
            self.add_error(None, _("That is more efforts than a cell can hold."))
        if not self.errors and state:
            holds = any(line["text"] for line in self.lines)
            if agreeing(state, holds_efforts=holds) != state:
                self.add_error("state", _("The answer and the efforts do not go together."))
            elif self._says_the_same():
                self.add_error(None, _("This is what the cell says already. Change something."))
        return data

    def _says_the_same(self) -> bool:
        stands = [(line.effort.pk, line.effort.text) for line in self.cell.lines]
        wanted = [(line["effort"], line["text"]) for line in self.lines]
        head = (self.cleaned_data["state"], self.cleaned_data.get("state_from"))
        return wanted == stands and head == (self.cell.state, self.cell.state_from)


LINE = re.compile(r"line-(\d{1,18})", re.ASCII)
