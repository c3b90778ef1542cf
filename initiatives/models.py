"""All models of the KRAMS half; each stands in the room of its subject.

And the QuerySets that subjects name which may not import theirs, and what rows of summaries hold.
"""

from .calendar.models import CalendarLink
from .criteria.models import Assessment, FacilityIndicator, Indicator, Measurement, SuccessCriterion
from .documents.models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
    SectionChange,
)
from .getting_started.models import SkippedStep
from .log.models import Activity
from .meetings.models import (
    AgendaItem,
    Decision,
    LaterPoint,
    Meeting,
)
from .plans.models import (
    ActivityType,
    FacilityPause,
    PlannedActivity,
    PlannedActivityQuerySet,
    PlanPause,
)
from .summaries.models import NO_PLAN, MonthSummary, PlanCount, WeekSummary
from .sustain.models import FollowUpSettings

__all__ = [
    "NO_PLAN",
    "Activity",
    "ActivityType",
    "AgendaItem",
    "Assessment",
    "AttentionPoint",
    "CalendarLink",
    "Decision",
    "EconomyLine",
    "FacilityIndicator",
    "FacilityPause",
    "FactorText",
    "FollowUpSettings",
    "Indicator",
    "Initiative",
    "LaterPoint",
    "Measurement",
    "Meeting",
    "MonthSummary",
    "PlanCount",
    "PlanPause",
    "PlannedActivity",
    "PlannedActivityQuerySet",
    "Policy",
    "PolicyGoal",
    "SectionChange",
    "SkippedStep",
    "SuccessCriterion",
    "WeekSummary",
]
