"""The weekly plan as a table of a spreadsheet: its columns, and what a row would change."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.normal_form import look_alike_key
from krams.danish.weeks import Week
from krams.models import Facility, User
from krams.sheets.columns import EXAMPLE_DAY, YES_OR_NO, Choice, Column
from krams.sheets.report import Change, Checked, Line, Problem, changes_between
from krams.web.submissions import submission_id

from ...cycle import has_turn
from ...enums import Repeats, Weekday
from ...fields import factor_names
from ...form_fields import FACTOR_WORDS
from ...models import PlannedActivity
from ...weekdays import NAMED_SETS, repeats_name, weekday_names
from ..actions import plans as actions
from ..queries.activity_types import offered_types
from ..queries.choices import current_plans, titles_of_initiatives
from .plans import PlanForm

_SHORT = ("ma", "ti", "on", "to", "fr", "lø", "sø")
_SHORTER = ("man", "tir", "ons", "tor", "tors", "fre", "lør", "søn")
WEEKDAY_WORDS = (
    *(
        Choice(
            day.value,
            day.label,
            (_SHORT[day - 1], *(s for s in _SHORTER if s[:2] == _SHORT[day - 1])),
        )
        for day in Weekday
    ),
    *(Choice(tuple(map(int, digits)), label) for digits, label in NAMED_SETS.items()),
)
# As a tick in a form is sent.
TICK = tuple(
    Choice(sent, one.label, one.also)
    for sent, one in zip(("true", "false"), YES_OR_NO, strict=True)
)
# Field of the form -> field of the model, where they differ.
MODEL_FIELDS = {"activity_type": "activity_type_id", "initiative": "initiative_id"}
ENDS_ON = gettext_lazy("Last day")
WEEKDAYS = gettext_lazy("Weekdays")


class PlanSheet:
    """The plan of a facility.

    A row is found by its name among the activities that go on; where several share a name, by its
    rhythm too.
    """

    lead = gettext_lazy("Activities that the file does not name stay in the plan as they are.")
    back_label = gettext_lazy("Weekly plan")

    def __init__(self, facility: Facility, by: User) -> None:
        self.facility, self.by = facility, by
        self.title = _("Weekly plan of %(facility)s") % {"facility": facility.name}
        self.back = reverse("initiatives:plan", args=[facility.slug])
        self.types = offered_types(facility.department.municipality_id)
        self.initiatives = titles_of_initiatives(facility)
        self.today = timezone.localdate()
        self.columns = self._columns()

    def _columns(self) -> tuple[Column, ...]:
        return (*self._columns_of_activity(), *_columns_of_rhythm(), *self._columns_of_days())

    def _columns_of_activity(self) -> tuple[Column, ...]:
        types = tuple(Choice(kind.pk, kind.name) for kind in self.types)
        return (
            Column(
                "activity_type",
                gettext_lazy("Activity type"),
                types[0].label if types else "",
                is_required=True,
                choices=types,
            ),
            Column("title", gettext_lazy("Name"), "", PlanForm.base_fields["title"].help_text),
            Column(
                "factors",
                gettext_lazy("KRAMS factors"),
                "M, S",
                gettext_lazy("Empty means those of the activity type."),
                choices=FACTOR_WORDS,
                is_several=True,
            ),
        )

    def _columns_of_days(self) -> tuple[Column, ...]:
        initiatives = tuple(Choice(pk, title) for pk, title in self.initiatives)
        return (
            Column("start_time", gettext_lazy("Time"), "14.00"),
            Column("duration_minutes", gettext_lazy("Minutes"), "60"),
            Column(
                "responsible_role",
                gettext_lazy("Responsible"),
                gettext_lazy("duty staff"),
                gettext_lazy("A role, never a name."),
            ),
            Column("initiative", gettext_lazy("Initiative"), "", choices=initiatives),
            Column(
                "starts_on",
                gettext_lazy("First day"),
                EXAMPLE_DAY,
                is_required=True,
                also=(gettext_lazy("Start"),),
            ),
            Column("ends_on", ENDS_ON, "", also=(gettext_lazy("End"),)),
        )

    def form(self, data: dict[str, Any]) -> BaseForm:
        return PlanForm(
            data | {"submission_id": str(uuid.uuid4())},
            facility=self.facility,
            types=self.types,
            initiatives=self.initiatives,
        )

    def values(self, form: BaseForm) -> dict[str, Any]:
        assert isinstance(form, PlanForm)
        return form.values()

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        plans: dict[str, list[PlannedActivity]] = defaultdict(list)
        for plan in current_plans(self.facility, self.today):
            plans[look_alike_key(str(plan))].append(plan)
        named: dict[str, list[Checked]] = defaultdict(list)
        for row in rows:
            named[look_alike_key(self._name(row.values))].append(row)
        for key, mine in named.items():
            yield from self._of_one_name(mine, plans.get(key, []))

    def _name(self, values: dict[str, Any]) -> str:
        kinds = {kind.pk: kind.name for kind in self.types}
        return values["title"] or kinds[values["activity_type_id"]]

    def _of_one_name(
        self, rows: list[Checked], plans: list[PlannedActivity]
    ) -> Iterator[Line | Problem]:
        left, plans = [], list(plans)
        for row in rows:
            rhythm = _rhythm(row.values)
            found = [plan for plan in plans if _rhythm(_stands(plan)) == rhythm]
            if found:
                plans.remove(found[0])
                yield from self._line(row, found[0])
            else:
                left.append(row)
        if len(left) == len(plans) == 1:
            yield from self._line(left[0], plans[0])
            return
        for row in left:
            if plans:
                text = _("Several activities have that name. Give them names of their own first.")
                yield Problem(row.row, "", text)
            else:
                yield from self._line(row, None)

    def _line(self, row: Checked, plan: PlannedActivity | None) -> Iterator[Line | Problem]:
        name = self._name(row.values)
        if plan is None:
            yield Line.of(row, name, self._changes({}, row.values))
            return
        standing = _stands(plan)
        given = {MODEL_FIELDS.get(field, field) for field in row.given}
        values = standing | {name: row.values[name] for name in standing if name in given}
        self._fit_weeks(values, plan)
        if problem := self._impossible(row.row, plan, values):
            yield problem
            return
        has_new_rhythm = any(values[name] != standing[name] for name in actions.RHYTHM)
        if plan.starts_on < self.today:
            del values["starts_on"], standing["starts_on"]
        changes = self._changes(standing, values)
        if has_new_rhythm and plan.starts_on < self.today:
            day = date_format(self.changes_on, "SHORT_DATE_FORMAT")
            changes.append(Change(_("A new rhythm goes from"), "–", day))
        yield Line.of(Checked(row.row, values, row.given), name, changes, plan)

    def _fit_weeks(self, values: dict[str, Any], plan: PlannedActivity) -> None:
        """A file may name one column of a rhythm and leave the others out."""
        if values["times_per_week"]:
            values["repeats"] = Repeats.WEEKLY
        if values["repeats"] != Repeats.FORTNIGHTLY:
            values["anchor"] = None
        elif plan.anchor and (
            values["anchor"] in (None, plan.starts_on)
            or has_turn(Repeats.FORTNIGHTLY, plan.anchor, values["anchor"])
        ):
            values["anchor"] = plan.anchor
        elif values["anchor"] is None:
            values["anchor"] = self.changes_on

    @property
    def changes_on(self) -> dt.date:
        """As the form of the plan suggests it."""
        return (Week.of(self.today) + 1).monday

    def _impossible(
        self, row: int, plan: PlannedActivity, values: dict[str, Any]
    ) -> Problem | None:
        ends_on, last = values["ends_on"], plan.last_held_on
        if plan.starts_on < self.today and values["starts_on"] != plan.starts_on:
            day = date_format(plan.starts_on, "SHORT_DATE_FORMAT")
            text = _("It has begun, on %(day)s: that cannot be changed.") % {"day": day}
            return Problem(row, str(gettext_lazy("First day")), text)
        if ends_on and last and ends_on < last:
            day = date_format(last, "SHORT_DATE_FORMAT")
            text = _("It has a registration of %(day)s. Choose that day or later.") % {"day": day}
            return Problem(row, str(ENDS_ON), text)
        new_rhythm = any(values[name] != getattr(plan, name) for name in actions.RHYTHM)
        if new_rhythm and ends_on and plan.starts_on < self.today and ends_on < self.changes_on:
            text = _("It ends before a new rhythm can begin.")
            return Problem(row, str(ENDS_ON), text)
        return None

    def _changes(self, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
        kinds = {kind.pk: kind.name for kind in self.types}
        titles = dict(self.initiatives)
        shown: dict[str, Callable[[Any], object]] = {
            "activity_type_id": kinds.get,
            "initiative_id": titles.get,
            "factors": factor_names,
            "weekdays": weekday_names,
            "repeats": repeats_name,
            "anchor": lambda value: date_format(value, "SHORT_DATE_FORMAT"),
            "on_holidays": lambda value: _("yes"),
            "start_time": lambda value: time_format(value, "TIME_FORMAT"),
            "starts_on": lambda value: date_format(value, "SHORT_DATE_FORMAT"),
            "ends_on": lambda value: date_format(value, "SHORT_DATE_FORMAT"),
        }
        labels = {MODEL_FIELDS.get(one.field, one.field): one.heading for one in self.columns}

        def text(values: dict[str, Any], name: str) -> str:
            value = values.get(name)
            return str(shown.get(name, str)(value)) if value else ""

        return changes_between(
            [(labels[name], text(before, name), text(after, name)) for name in after]
        )

    def lock(self) -> None:
        actions.locked_facility(self.facility, self.by)

    def write(self, lines: list[Line], form_id: uuid.UUID) -> None:
        for line in lines:
            if line.current is None:
                actions.add_plan(
                    facility=self.facility,
                    values=line.values,
                    submission_id=submission_id(form_id, [("row", str(line.row))]),
                    by=self.by,
                )
            else:
                actions.edit_plan(
                    planned=line.current,
                    version=line.current.version,
                    values=line.values,
                    changes_on=self.changes_on,
                    by=self.by,
                )


def _columns_of_rhythm() -> tuple[Column, ...]:
    return (
        Column(
            "weekdays",
            WEEKDAYS,
            gettext_lazy("Monday, Thursday"),
            gettext_lazy("Either weekdays, or how many times a week."),
            choices=WEEKDAY_WORDS,
            is_several=True,
        ),
        Column("times_per_week", gettext_lazy("Times a week"), ""),
        Column(
            "repeats",
            gettext_lazy("How often?"),
            "",
            gettext_lazy("Empty means every week."),
            choices=tuple(Choice(one.value, one.label) for one in Repeats),
        ),
        Column(
            "anchor",
            gettext_lazy("Every other week, counted from"),
            "",
            PlanForm.base_fields["anchor"].help_text,
        ),
        Column("on_holidays", gettext_lazy("Also on public holidays"), "", choices=TICK),
    )


def _stands(plan: PlannedActivity) -> dict[str, Any]:
    """The plan in the shape of ``PlanForm.values``."""
    names = ("activity_type_id", "title", "factors", "initiative_id", *actions.RHYTHM)
    more = ("start_time", "duration_minutes", "responsible_role", "ends_on", "starts_on")
    return {name: getattr(plan, name) for name in (*names, *more)}


def _rhythm(values: dict[str, Any]) -> tuple[Any, ...]:
    names = ("weekdays", "times_per_week", "repeats", "start_time")
    return tuple(values[name] for name in names)
