from .activity import Activity, ActivityType
from .change import SectionChange
from .criterion import (
    Assessment,
    FacilityIndicator,
    Indicator,
    Measurement,
    SuccessCriterion,
)
from .initiative import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
)
from .meeting import AgendaItem, Decision, Meeting
from .plan import PlannedActivity, PlanPause
from .settings import FollowUpSettings

__all__ = [
    "Activity",
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
    "Policy",
    "PolicyGoal",
    "SectionChange",
    "SuccessCriterion",
]
