"""The week grid as it was sent: every cell is read by itself, and a bad one spoils no other."""

import datetime as dt
import re
import uuid

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.normal_form import tidy
from krams.web.forms import CountField, LineField, SubmissionField

from ...enums import CancellationReason
from ..models import MOST_PARTICIPANTS
from ..week_grid import Base, Cell, Change, Grid, Said, Shut

LETTERS = {"a", "aflyst", "c", "cancelled"}
_COUNT = CountField(least=0, most=MOST_PARTICIPANTS, required=False)
_WORDS = LineField(
    max_length=200, error_messages={"required": gettext_lazy("Write the other reason.")}
)
_CELL = re.compile(r"c(\d{1,18})-([1-7])", re.ASCII)


class GridForm:
    """Compares what was sent with the ``grid`` as it stands, whose cells keep what was typed.

    After :meth:`read`, ``changes`` holds the cells that somebody changed, ``errors`` the cells
    that cannot be understood, and ``lost`` says whether something was sent for a row that is not
    in the grid.
    """

    def __init__(self, data: QueryDict, grid: Grid) -> None:
        self.data, self.grid = data, grid
        self.changes: list[Change] = []
        self.errors: list[Cell] = []
        self.lost = False
        self.submission_id: uuid.UUID | None = None
        self.submission_error = ""
        self.now = timezone.localtime()

    def read(self) -> "GridForm":
        try:
            self.submission_id = SubmissionField().clean(self.data.get("submission_id"))
        except ValidationError as error:
            self.submission_error = error.messages[0]
        for cell in self.grid.cells.values():
            self._read_cell(cell)
        names = {f"c{cell.name}" for cell in self.grid.cells.values()}
        self.lost = any(
            _CELL.fullmatch(name) and name not in names and self._typed(name).strip()
            for name in self.data
        )
        return self

    def _typed(self, name: str) -> str:
        return str(self.data[name])

    def _ask_early(self, cell: Cell, said: Said | None) -> None:
        """Held before its time is asked about here too."""
        is_new = said and said.count is not None and not cell.registered
        starts = cell.start_time
        if not (is_new and starts and cell.day == self.now.date() and starts > self.now.time()):
            return
        yes = f"early={said}"
        if self.data.get(f"s{cell.name}") != yes:
            cell.yes = yes
            message = _("It is planned for %(time)s. Has it been held already?")
            raise ValidationError(message % {"time": time_format(starts, "TIME_FORMAT")})

    def new_on(self, day: dt.date) -> list[Change]:
        """What was typed into empty cells of a day."""
        return [one for one in self.changes if one.cell.day == day and one.said and not one.base]

    def move(self, day: dt.date, other: dt.date) -> None:
        """Let what is new on ``day`` be of the ``other`` day, where its cell is free."""
        cells = self.grid.cells
        typed = {change.cell.key for change in self.changes} | {cell.key for cell in self.errors}
        for change in self.new_on(day):
            self.changes.remove(change)
            cell, to = change.cell, cells.get((change.cell.plan_id, other))
            if to is None or to.shut or to.registered or to.key in typed:
                message = _("It cannot be moved: the field of the other day is not free.")
                self._refuse(cell, change.said, message)
                continue
            try:
                self._ask_early(to, change.said)
            except ValidationError as error:
                self._refuse(to, change.said, error.messages[0])
            else:
                self.changes.append(Change(to, change.said, None))

    def _refuse(self, cell: Cell, said: Said | None, message: str) -> None:
        assert said is not None, "what is new says something"
        cell.text, cell.reason, cell.words = said.text, said.reason, said.words
        cell.error = message
        self.errors.append(cell)

    def _read_cell(self, cell: Cell) -> None:
        if f"c{cell.name}" not in self.data:
            return
        text = tidy(self._typed(f"c{cell.name}"))
        reason = self.data.get(f"r{cell.name}", "")
        if not text and not reason:
            # Last week's number, if the person said that it is this week's too.
            text = tidy(self.data.get(f"p{cell.name}", ""))
        words = self.data.get(f"t{cell.name}", "")
        base = Base.parse(self.data.get(f"b{cell.name}", ""))
        # Cancelled as "other" without a word, as an import may be: nobody has to add one here.
        if base and base.said == f"a-{reason}" and not words and text.casefold() in LETTERS:
            return
        try:
            said = _said(text, reason, words)
            if str(said or "") == (base.said if base else ""):
                return
            _refuse_shut(cell)
            self._ask_early(cell, said)
        except ValidationError as error:
            cell.error = error.messages[0]
            cell.text, cell.reason, cell.words = text, reason, words
            cell.base = str(base or "")
            self.errors.append(cell)
        else:
            self.changes.append(Change(cell, said, base, self.data.get(f"s{cell.name}", "")))


def _said(text: str, reason: str, words: str) -> Said | None:
    """What a cell says; None for nothing. Raises ``ValidationError``."""
    if not text and not reason:
        return None
    if not text or text.casefold() in LETTERS:
        if reason not in CancellationReason.values:
            raise ValidationError(_("Choose why it was cancelled."))
        is_other = reason == CancellationReason.OTHER
        return Said(reason=reason, words=_WORDS.clean(words) if is_other else "")
    if not re.search(r"\d", text):
        # Names the two ways: whoever wrote a word here needs to know both.
        raise ValidationError(_("Write a number, or A for cancelled."))
    count = _COUNT.clean(text)
    if reason:
        raise ValidationError(_("Held or cancelled? Clear the number or the reason."))
    return Said(count=count)


def _refuse_shut(cell: Cell) -> None:
    match cell.shut:
        case Shut.FUTURE:
            raise ValidationError(_("The day has not come yet."))
        case Shut.SEVERAL:
            raise ValidationError(_("The day has several registrations. Correct them in the log."))
        case Shut.CLOSED | Shut.NOT_RUNNING:
            raise ValidationError(_("The activity is not in the plan on that day."))
