"""Which columns the exported log has. Pure."""

from datetime import date, time
from typing import Any, Protocol

from django.utils.translation import gettext as _

from krams.danish.weeks import Week

from ..enums import Factor


def log_columns() -> list[str]:
    return [
        _("Date"),
        _("Week"),
        _("Time"),
        _("Activity"),
        _("KRAMS factors"),
        _("Outcome"),
        _("Participants"),
        _("Minutes"),
        _("Reason for cancelling"),
        _("Remark"),
        _("Planned"),
        _("Initiative"),
        _("Registered by"),
        _("Source"),
    ]


class Registration(Protocol):
    """A row of the log."""

    @property
    def held_on(self) -> date: ...
    @property
    def started_at(self) -> time | None: ...
    @property
    def title(self) -> str: ...
    @property
    def factor_list(self) -> tuple[Factor, ...]: ...
    @property
    def participant_count(self) -> int | None: ...
    @property
    def duration_minutes(self) -> int | None: ...
    @property
    def cancellation_reason(self) -> str: ...
    @property
    def cancellation_text(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def planned_activity_id(self) -> int | None: ...
    @property
    def initiative(self) -> object: ...
    @property
    def registered_by(self) -> object: ...
    def get_outcome_display(self) -> str: ...
    def get_cancellation_reason_display(self) -> str: ...
    def get_source_display(self) -> str: ...


def log_row(activity: Registration) -> list[Any]:
    reason = activity.get_cancellation_reason_display() if activity.cancellation_reason else ""
    if activity.cancellation_text:
        reason = f"{reason}: {activity.cancellation_text}"
    return [
        activity.held_on,
        str(Week.of(activity.held_on)),
        activity.started_at,
        activity.title,
        ", ".join(str(factor.label) for factor in activity.factor_list),
        activity.get_outcome_display(),
        activity.participant_count,
        activity.duration_minutes,
        reason,
        activity.note,
        _("yes") if activity.planned_activity_id else _("no"),
        str(activity.initiative or ""),
        str(activity.registered_by or ""),
        activity.get_source_display(),
    ]
