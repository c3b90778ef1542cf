"""On which days somebody who was asked is reminded. Pure."""

import datetime as dt
from dataclasses import dataclass

DAYS_BEFORE, DAYS_AFTER = 3, 1
MOST_DAYS = 30
# A timer that stood still for a while makes up for what it missed, but not for months of it.
LATE = dt.timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """When an ask went out, when it is due, and the days between that and the reminders."""

    asked_on: dt.date
    deadline: dt.date
    before: int | None
    after: int | None

    @property
    def days(self) -> list[dt.date]:
        """The days of its reminders; none on the day of the ask or earlier."""
        found = []
        if self.before is not None:
            found.append(self.deadline - dt.timedelta(days=self.before))
        if self.after is not None:
            found.append(self.deadline + dt.timedelta(days=self.after))
        return [day for day in found if day > self.asked_on]


def is_due(plan: Plan, reminded_on: dt.date | None, today: dt.date) -> bool:
    """Whether a reminder goes out today.

    One that was missed is made up for: that before the deadline until the deadline, that after it
    for a week. Whoever was reminded since its day, also by hand, is left alone.
    """
    for day in plan.days:
        last = plan.deadline if day <= plan.deadline else day + LATE
        if day <= today <= last and (reminded_on is None or reminded_on < day):
            return True
    return False


def may_remind_now(asked_on: dt.date, reminded_on: dt.date | None, today: dt.date) -> bool:
    """At most one letter a day, that of the ask itself included."""
    return asked_on < today and (reminded_on is None or reminded_on < today)
