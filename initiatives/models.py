"""All models of the KRAMS half; each stands in the room of its subject.

And the QuerySets that subjects name which may not import theirs.
"""

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
from .log.models import Activity, ActivityQuerySet
from .meetings.models import AgendaItem, Decision, Meeting
from .plans.models import ActivityType, PlannedActivity, PlannedActivityQuerySet, PlanPause
from .sustain.models import FollowUpSettings

__all__ = [
    "Activity",
    "ActivityQuerySet",
    "ActivityType",
    "AgendaItem",
    "Assessment",
    "AttentionPoint",
    "Decision",
    "EconomyLine",
    "FacilityIndicator",
    "FactorText",
    "FollowUpSettings",
    "Indicator",
    "Initiative",
    "Measurement",
    "Meeting",
    "PlanPause",
    "PlannedActivity",
    "PlannedActivityQuerySet",
    "Policy",
    "PolicyGoal",
    "SectionChange",
    "SuccessCriterion",
]
