"""Which columns the exported log has. Pure."""

from django.utils.translation import gettext as _

from krams.danish.weeks import Week


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


def log_row(activity) -> list:
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
