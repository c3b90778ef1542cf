"""What the activity log comes to by week and by month.

The database itself keeps them, in the transaction that writes the log (``triggers``); nothing else
writes here. A key without a standing row in the log has no row here.
"""

import datetime as dt
from typing import Self, TypeAlias

from django.db import models

from krams.models import Facility

from ..fields import FactorSetField
from .definition import BY_MONTH, BY_WEEK

# Of what was held without a plan.
NO_PLAN = 0
# Plan, Monday, fate and number.
PlanCount: TypeAlias = tuple[int, dt.date, str, int]


class _Place(models.Model):
    """``factors`` are those of the registrations, which may be several ("KM")."""

    # The database does not ask for the facility again: the log, which these rows follow, has.
    facility = models.ForeignKey(
        Facility,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    factors = FactorSetField()
    # How many registrations, of these how many were held with nobody, how many took part where
    # that is known, and how many were held without a number.
    times = models.IntegerField()
    nobody = models.IntegerField()
    participants = models.IntegerField()
    unknown = models.IntegerField()

    class Meta:
        abstract = True


class WeekSummaryQuerySet(models.QuerySet["WeekSummary"]):
    def planned(self) -> Self:
        """Without what was held without a plan."""
        return self.exclude(plan=NO_PLAN)

    def counts(self) -> "models.QuerySet[WeekSummary, PlanCount]":
        """How often which fate befell each plan in each week; a plan's week may come twice."""
        return self.planned().values_list("plan", "monday", "fate", "times")


class WeekSummary(_Place):
    """A facility, an ISO week, a plan and a fate (``ActivityQuerySet.with_fate``)."""

    pk = models.CompositePrimaryKey("facility_id", "monday", "plan", "factors", "fate")
    monday = models.DateField()
    # Its key, or ``NO_PLAN``.
    plan = models.BigIntegerField()
    fate = models.CharField(max_length=20)
    # Written down later than the week after (``followup.completeness.is_late``).
    late = models.IntegerField()

    objects = WeekSummaryQuerySet.as_manager()

    class Meta:
        db_table = BY_WEEK.table

    def __str__(self) -> str:
        return f"{self.facility_id} {self.monday} {self.plan} {self.factors} {self.fate}"


class MonthSummary(_Place):
    """A facility and a month, by the factors of what was registered.

    What a municipality comes to is asked through its facilities, which may change hands.
    """

    pk = models.CompositePrimaryKey("facility_id", "month", "factors")
    # Its first day.
    month = models.DateField()
    # Of ``times``: held with somebody, or without a number.
    held = models.IntegerField()

    class Meta:
        db_table = BY_MONTH.table

    def __str__(self) -> str:
        return f"{self.facility_id} {self.month} {self.factors}"
