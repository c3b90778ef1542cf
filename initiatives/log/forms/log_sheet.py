"""Registrations as a table of a spreadsheet: its columns, and what a row would add to the log."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.normal_form import look_alike_key
from krams.models import Facility, User
from krams.sheets.columns import EXAMPLE_DAY, Choice, Column
from krams.sheets.report import Change, Checked, Line, Problem, State
from krams.web.forms import CountField, FreeTextField, LineField, TimeOfDayField
from krams.web.submissions import submission_id

from ...enums import CancellationReason, Outcome
from ...models import Activity, PlannedActivity
from ...plans.models import MOST_MINUTES
from ...plans.queries.activity_types import offered_types
from ..actions.back_dated import BackDated, register_back_dated
from ..actions.registrations import locked_facility
from ..queries.back_dated import plans_ever, registered_between
from .registrations import NO_NAMES, OutcomeForm

ACTIVITY, OUTCOME = gettext_lazy("Activity"), gettext_lazy("Outcome")


class ActivityRowForm(OutcomeForm):
    """A row: an activity by its name, and what became of it."""

    activity = LineField(max_length=120)
    started_at = TimeOfDayField(required=False)
    duration_minutes = CountField(least=1, most=MOST_MINUTES, required=False)
    note = FreeTextField(max_length=1000, required=False)


class ReasonColumn(Column):
    """Also as the exported log has it: "Andet: det regnede"."""

    def read(self, text: str) -> Any:
        reason, _colon, words = text.partition(": ")
        return super().read(reason), words


class LogSheet:
    """What a facility did on days that have passed.

    A row belongs to the plan of that name on its day; else its name is that of an activity type.
    """

    lead = gettext_lazy(
        "Activities of days that have passed. What is registered already is not registered again."
    )
    back_label = gettext_lazy("Registrations")

    def __init__(self, facility: Facility, by: User) -> None:
        self.facility, self.by = facility, by
        self.title = _("Registrations at %(facility)s") % {"facility": facility.name}
        self.back = reverse("initiatives:log", args=[facility.slug])
        self.types = {
            look_alike_key(kind.name): kind
            for kind in offered_types(facility.department.municipality_id)
        }
        self.columns = self._columns()

    def _columns(self) -> tuple[Column, ...]:
        name = next((kind.name for kind in self.types.values()), "")
        return (
            Column(
                "held_on",
                gettext_lazy("Date"),
                EXAMPLE_DAY,
                is_required=True,
            ),
            Column(
                "activity",
                ACTIVITY,
                name,
                gettext_lazy("The name in the weekly plan, or an activity type."),
                is_required=True,
            ),
            Column("started_at", gettext_lazy("Time"), "14.00"),
            Column(
                "outcome",
                OUTCOME,
                Outcome.HELD.label,
                gettext_lazy("Empty means held."),
                choices=tuple(Choice(one.value, one.label) for one in Outcome),
            ),
            Column("participant_count", gettext_lazy("Participants"), "5"),
            Column("duration_minutes", gettext_lazy("Minutes"), "45"),
            ReasonColumn(
                "cancellation_reason",
                gettext_lazy("Reason for cancelling"),
                "",
                choices=tuple(Choice(one.value, one.label) for one in CancellationReason),
            ),
            Column("cancellation_text", gettext_lazy("Other reason"), ""),
            Column("note", gettext_lazy("Remark"), "", NO_NAMES),
        )

    def form(self, data: dict[str, Any]) -> BaseForm:
        reason, words = data.get("cancellation_reason") or ("", "")
        data = data | {
            "outcome": data.get("outcome") or Outcome.HELD.value,
            "cancellation_reason": reason,
            "cancellation_text": data.get("cancellation_text") or words,
        }
        return ActivityRowForm(data, facility=self.facility)

    def values(self, form: BaseForm) -> dict[str, Any]:
        return dict(form.cleaned_data)

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        if not rows:
            return
        days = [row.values["held_on"] for row in rows]
        known = _Known(self.facility, min(days), max(days))
        for row in rows:
            name, day = row.values["activity"], row.values["held_on"]
            shown = f"{date_format(day, 'SHORT_DATE_FORMAT')} {name}"
            if known.has(_row_said(row.values)):
                yield Line(row.row, State.SAME, shown, {})
                continue
            plan = known.plan_on(name, day, row.values["started_at"])
            kind = None if plan else self.types.get(look_alike_key(name))
            if plan is None and kind is None:
                text = _("“%(word)s” is not known here.") % {"word": name}
                yield Problem(row.row, str(ACTIVITY), text)
            elif plan is None and row.values["outcome"] != Outcome.HELD:
                text = _("Only what was planned on that day can be cancelled.")
                yield Problem(row.row, str(OUTCOME), text)
            else:
                told = {name: value for name, value in row.values.items() if name != "activity"}
                entry = BackDated(plan=plan, kind=kind, **told)
                yield from known.weigh(row, entry, shown)

    def lock(self) -> None:
        locked_facility(self.facility, self.by)

    def write(self, lines: list[Line], form_id: uuid.UUID) -> None:
        rows = [
            (submission_id(form_id, [("row", str(line.row))]), line.values["entry"])
            for line in lines
        ]
        register_back_dated(facility=self.facility, rows=rows, by=self.by)


class _Known:
    """What the facility planned and registered in a time, less what rows of the file were."""

    def __init__(self, facility: Facility, first: dt.date, last: dt.date) -> None:
        self.plans: dict[str, list[PlannedActivity]] = defaultdict(list)
        for plan in plans_ever(facility):
            self.plans[look_alike_key(str(plan))].append(plan)
        registered = registered_between(facility, first, last)
        self.of_plan = {
            (one.planned_activity_id, one.held_on): one
            for one in registered
            if one.planned_activity_id
        }
        self.standing = Counter(map(_said, registered))
        self.taken: set[tuple[int, dt.date]] = set()

    def plan_on(self, name: str, day: dt.date, time: dt.time | None) -> PlannedActivity | None:
        """The plan of that name on that day; of several the one at that time, then a free one."""
        found = [plan for plan in self.plans.get(look_alike_key(name), []) if _runs(plan, day)]
        found.sort(key=lambda plan: (plan.start_time != time, (plan.pk, day) in self.taken))
        if not found:
            return None
        self.taken.add((found[0].pk, day))
        return found[0]

    def has(self, said: tuple[Any, ...]) -> bool:
        """Whether that is registered, once for each row that says so."""
        if not self.standing[said]:
            return False
        self.standing[said] -= 1
        return True

    def weigh(self, row: Checked, entry: BackDated, what: str) -> Iterator[Line | Problem]:
        if self.has(_entry_said(entry)):
            yield Line(row.row, State.SAME, what, {"entry": entry})
            return
        if entry.plan and entry.plan.weekdays:
            key = (entry.plan.pk, entry.held_on)
            if key in self.of_plan:
                text = _("It is registered on that day otherwise. Correct it in the log.")
                yield Problem(row.row, str(ACTIVITY), text)
                return
            # One a day, also within the file.
            self.of_plan[key] = Activity()
        yield Line(row.row, State.NEW, what, {"entry": entry}, (_told(entry),))


def _runs(plan: PlannedActivity, day: dt.date) -> bool:
    is_on = plan.starts_on <= day and (plan.ends_on is None or day <= plan.ends_on)
    return is_on and (not plan.weekdays or day.isoweekday() in plan.weekday_list)


def _said(one: Activity) -> tuple[Any, ...]:
    told = (one.outcome, one.participant_count, one.cancellation_reason)
    return (one.held_on, look_alike_key(one.title), one.started_at, *told)


def _row_said(values: dict[str, Any]) -> tuple[Any, ...]:
    """As the exported log has it, whatever has become of its plan since."""
    told = (values["outcome"], values["participant_count"], values["cancellation_reason"])
    return (values["held_on"], look_alike_key(values["activity"]), values["started_at"], *told)


def _entry_said(entry: BackDated) -> tuple[Any, ...]:
    name = str(entry.plan) if entry.plan else entry.kind.name if entry.kind else ""
    time = entry.started_at or (entry.plan.start_time if entry.plan else None)
    told = (entry.outcome, entry.participant_count, entry.cancellation_reason)
    return (entry.held_on, look_alike_key(name), time, *told)


def _told(entry: BackDated) -> Change:
    outcome = Outcome(entry.outcome)
    if outcome == Outcome.HELD:
        return Change(str(outcome.label), "–", f"{entry.participant_count} {_('participants')}")
    reason = CancellationReason(entry.cancellation_reason).label
    return Change(str(outcome.label), "–", entry.cancellation_text or str(reason))
