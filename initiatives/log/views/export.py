"""The activity log as a file: exactly what the filter shows, all pages of it."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krams.danish.weeks import Week
from krams.documents.spreadsheets import WRITERS, Table, download

from ... import access
from ...models import Activity, ActivityType
from ..forms.filters import LogFilter


@require_GET
def log_export(request, slug: str, kind: str):
    """Same filter as the log; one that means nothing goes back to the log, which says so."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    used = Activity.objects.for_facility(facility).filter(activity_type=OuterRef("pk"))
    form = LogFilter(request.GET, types=ActivityType.objects.filter(Exists(used)))
    found = form.narrow(Activity.objects.standing().for_facility(facility))
    if form.errors:
        return redirect(f"{reverse('initiatives:log', args=[slug])}?{request.GET.urlencode()}")
    rows = found.select_related("registered_by", "initiative").order_by("-held_on", "-pk")
    day = timezone.localdate()
    title = _("Registrations %(facility)s %(day)s") % {"facility": facility, "day": day.isoformat()}
    return download(Table(title, _columns(), map(_row, rows.iterator(chunk_size=2000))), kind)


def _columns() -> list[str]:
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


def _row(activity: Activity) -> list:
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
