"""Makes the demo's measurements, assessments and house meetings, relative to today."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.models import Facility, User
from krams.seeding.actions import Seeder
from krams.seeding.facts_files import FIXTURES, Entry, read_facts

from ...enums import AssessmentLevel, MeetingKind
from ...models import (
    Assessment,
    AttentionPoint,
    Decision,
    FacilityIndicator,
    Initiative,
    Measurement,
    Meeting,
    PlannedActivity,
    SuccessCriterion,
)
from .activities import MANAGER, REASON, demo_department

QUARTERS_TO_TARGET = 2
WEEKS_BETWEEN_MEETINGS = 4
# As long as the demo has activities: what has no figure since then is overdue.
WEEKS_FOLLOWED = 26
LEAST_DAYS_TO_MEETING = 3


@transaction.atomic
def make_demo_figures(today: dt.date | None = None) -> Seeder:
    """Make what is not there yet. Raises ``FactsError`` where the initiative is missing."""
    return _Figures(today or timezone.localdate()).make()


def quarter_end(today: dt.date, quarters_ago: int) -> dt.date:
    """The last day of a quarter; 0 quarters ago is the latest one that is over."""
    quarter = today.year * 4 + (today.month - 1) // 3 - quarters_ago
    return dt.date(quarter // 4, quarter % 4 * 3 + 1, 1) - dt.timedelta(days=1)


def latest_period_end(today: dt.date, quarters: int) -> dt.date:
    """The last day of the latest quarter (1) or half year (2) that is over."""
    end = quarter_end(today, 0)
    return end if quarters == 1 or end.month in (6, 12) else quarter_end(today, 1)


class _Figures:
    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.facts = read_facts(FIXTURES / "demo_figures.toml")
        self.facts.only("figures", "assessments", "meeting", "attention")
        department = demo_department(read_facts(FIXTURES / "demo_plans.toml"))
        self.facilities = {one.name: one for one in department.facilities.all()}
        initiative = Initiative.objects.filter(department=department).first()
        if initiative is None:
            raise self.facts.refuse(_("the initiative is not there; first run load_initiatives"))
        self.initiative = initiative
        self.manager = User.objects.filter(email=MANAGER).first()
        self.seeder = Seeder(REASON, by=self.manager)

    def make(self) -> Seeder:
        for entry in self.facts.tables("figures"):
            self._figures(entry)
        for entry in self.facts.tables("assessments"):
            self._assessment(entry)
        self._meetings(self.facts.table("meeting"))
        self._attention(self.facts.table("attention"))
        return self.seeder

    def _facility(self, entry: Entry) -> Facility:
        if entry["facility"] not in self.facilities:
            raise entry.refuse(_("unknown facility: %(name)s") % {"name": entry["facility"]})
        return self.facilities[entry["facility"]]

    def _criterion(self, entry: Entry) -> SuccessCriterion | None:
        return self.initiative.criteria.filter(number=entry["criterion"]).first()

    # --- Measurements -----------------------------------------------------------------------------

    def _figures(self, entry: Entry) -> None:
        entry.only(
            *("facility", "criterion", "indicator", "values", "target", "step"),
            "ends_quarters_ago",
        )
        criterion = self._criterion(entry)
        indicator = (
            criterion and criterion.indicators.filter(position=entry.get("indicator", 1)).first()
        )
        if indicator is None:
            return  # A person has deleted it.
        step = entry.get("step", 1)
        figures = [self._figure(entry, value) for value in entry["values"]]
        ends = latest_period_end(self.today, step)
        days = [
            quarter_end(
                ends + dt.timedelta(days=1), entry.get("ends_quarters_ago", 0) + step * back
            )
            for back in reversed(range(len(figures)))
        ]
        followed = self.seeder.keep_once(
            entry,
            FacilityIndicator,
            {"indicator": indicator, "facility": self._facility(entry)},
            baseline=figures[0]["value"] if figures else None,
            baseline_on=days[0] if days else None,
            followed_on=days[0] if days else self.today - dt.timedelta(weeks=WEEKS_FOLLOWED),
            target=_decimal(entry["target"]),
            target_on=quarter_end(self.today, -QUARTERS_TO_TARGET),
        )
        if followed is None:
            return
        for day, figure in zip(days, figures, strict=True):
            self.seeder.keep_once(
                entry,
                Measurement,
                {"facility_indicator": followed, "measured_on": day},
                registered_by=self.manager,
                **figure,
            )

    @staticmethod
    def _figure(entry: Entry, value: Any) -> dict[str, Any]:
        """[13, 18], or a table with ``of``, or with ``average`` and ``people``, and a ``note``."""
        note, people = "", None
        if isinstance(value, dict):
            note, people = value.get("note", ""), value.get("people")
            value = value.get("of", value.get("average"))
        if isinstance(value, list) and len(value) == 2 and 0 <= value[0] <= value[1]:
            share = Decimal(100 * value[0]) / Decimal(value[1])
            share = share.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
            return {
                "value": share,
                "numerator": value[0],
                "denominator": value[1],
                "note": note,
            }
        if isinstance(value, int | float) and isinstance(people, int):
            return {"value": _decimal(value), "people": people, "note": note}
        raise entry.refuse(_("%(value)s is no figure") % {"value": value})

    def _assessment(self, entry: Entry) -> None:
        entry.only("facility", "criterion", "level", "days_ago", "reason")
        criterion = self._criterion(entry)
        if criterion:
            self.seeder.keep_once(
                entry,
                Assessment,
                {
                    "criterion": criterion,
                    "facility": self._facility(entry),
                    "reason": entry["reason"],
                },
                level=entry.choice("level", AssessmentLevel),
                assessed_on=self.today - dt.timedelta(days=entry["days_ago"]),
                assessed_by=self.manager,
            )

    # --- Follow-up --------------------------------------------------------------------------------

    def _meetings(self, entry: Entry) -> None:
        entry.only(
            *("facility", "kind", "weekday", "time", "place", "wishes", "minutes", "decisions")
        )
        facility, kind = self._facility(entry), entry.choice("kind", MeetingKind)
        common = {"starts_at": entry["time"], "place": entry["place"]}
        next_on = self.today + dt.timedelta(days=LEAST_DAYS_TO_MEETING)
        next_on += dt.timedelta(days=(entry["weekday"] - next_on.isoweekday()) % 7)
        meetings = Meeting.objects.filter(facility=facility, kind=kind)
        if not meetings.filter(held_on__gte=self.today).exists():
            key = {"facility": facility, "kind": kind, "held_on": next_on}
            self.seeder.keep_once(entry, Meeting, key, wishes=entry["wishes"], **common)
        if meetings.filter(held_on__lt=self.today).exists():
            return
        held_on = next_on - dt.timedelta(weeks=WEEKS_BETWEEN_MEETINGS)
        meeting = self.seeder.keep_once(
            entry,
            Meeting,
            {"facility": facility, "kind": kind, "held_on": held_on},
            minutes=entry["minutes"].strip(),
            closed_at=timezone.make_aware(dt.datetime.combine(held_on, dt.time(15))),
            **common,
        )
        for row in entry.tables("decisions"):
            self._decision(row, facility, meeting)

    def _decision(self, entry: Entry, facility: Facility, meeting: Meeting | None) -> None:
        entry.only("text", "responsible_role", "due_in_days", "plan")
        plans = PlannedActivity.objects.filter(facility=facility).select_related("activity_type")
        self.seeder.keep_once(
            entry,
            Decision,
            {"meeting": meeting, "text": entry["text"]},
            planned_activity=next((plan for plan in plans if str(plan) == entry["plan"]), None),
            responsible_role=entry["responsible_role"],
            due_on=self.today + dt.timedelta(days=entry["due_in_days"]),
        )

    def _attention(self, entry: Entry) -> None:
        """Give an attention point a date, unless somebody has."""
        entry.only("position", "days_ago")
        point = AttentionPoint.objects.filter(
            initiative=self.initiative, position=entry["position"], follow_up_on=None
        ).first()
        if point and point.history.count() == 1:
            overruling = Seeder(REASON, by=self.manager, overrules=True)
            day = self.today - dt.timedelta(days=entry["days_ago"])
            overruling.keep(entry, AttentionPoint, {"pk": point.pk}, follow_up_on=day)


def _decimal(value: int | float) -> Decimal:
    return Decimal(str(value))
