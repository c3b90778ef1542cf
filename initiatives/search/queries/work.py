"""What of the weekly plan, the log and the meetings is found, for whom, and where it stands."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.models import Facility
from krams.search.kinds import FACILITY
from krams.search.registry import LOGGED, WRITTEN, Kind, Row

from ...enums import MeetingKind
from ...models import (
    Activity,
    AgendaItem,
    Decision,
    FacilityPause,
    LaterPoint,
    Meeting,
    PlannedActivity,
    PlanPause,
)
from .documents import DEPARTMENT

PLAN, REGISTRATION = _("Weekly plan"), _("Registration")
MEETING, POINT, DECISION = _("Meeting"), _("Point on an agenda"), _("Decision")
LATER = _("Point for a later meeting")
# The name of a planned registration is found with its plan.
OWN_TITLE = Case(
    When(planned_activity=None, then=F("title")), default=Value(""), output_field=CharField()
)


def _plan(row: Row) -> str:
    fragment = f"plan-{row.owner or row.pk}"
    return reverse("initiatives:plan", args=[row.slug], fragment=fragment)


def _week_plan(row: Row) -> str:
    return reverse("initiatives:plan", args=[row.slug])


def _in_log(row: Row) -> str:
    """Its day in the log, which is where remarks are shown."""
    day = f"{row.day:%d.%m.%Y}"
    log = reverse("initiatives:log", args=[row.slug])
    return f"{log}?fra={day}&til={day}#r-{row.pk}"


def _plan_name(path: str = "") -> Coalesce:
    """Its own, or that of its type."""
    own = Cast(F(f"{path}title"), TextField())
    kind = Cast(F(f"{path}activity_type__name"), TextField())
    return Coalesce(NullIf(own, Value("")), kind, output_field=TextField())


def _at_meeting(anchor: str) -> Callable[[Row], str]:
    return lambda row: reverse(
        "initiatives:meeting", args=[row.owner], fragment=f"{anchor}-{row.pk}"
    )


def _later(row: Row) -> str:
    if row.slug:
        return reverse("initiatives:meetings", args=[row.slug], fragment="later")
    return reverse("initiatives:department-meetings", args=[row.also_slug], fragment="later")


def _meeting(row: Row) -> str:
    fragment = row.name if row.name in ("wishes", "minutes") else ""
    return reverse("initiatives:meeting", args=[row.pk], fragment=fragment)


def _holds_text(activity: Activity) -> bool:
    is_planned = activity.planned_activity_id is not None
    return not is_planned or bool(activity.note or activity.cancellation_text)


def _on_meetings(model: type[AgendaItem] | type[Decision], anchor: str) -> dict[str, Any]:
    return {
        "visible": lambda user: (
            model.objects.visible_to(user).standing().filter(meeting__removed_at=None)
        ),
        "standing": Q(removed_at=None),
        "url": _at_meeting(anchor),
        "title": "text",
        "place": "meeting__facility__name",
        "also": "meeting__department__name",
        "day": "meeting__held_on",
        "of": "meeting_id",
        "called": "meeting__kind",
        "names": _meeting_kind,
        "scope": {FACILITY: "meeting__facility_id", DEPARTMENT: "meeting__department_id"},
        "tier": WRITTEN,
    }


def _meeting_kind(code: str) -> str:
    return str(MeetingKind(code).label)


WORK = (
    Kind(
        "plan",
        PlannedActivity,
        PLAN,
        visible=lambda user: PlannedActivity.objects.visible_to(user),
        texts=("name", "responsible_role"),
        computed={"name": _plan_name()},
        follows={"activity_type": ("name",)},
        may_hold=lambda plan: True,
        url=_plan,
        title="name",
        place="facility__name",
        slug="facility__slug",
        scope={FACILITY: "facility_id"},
    ),
    Kind(
        "pause",
        PlanPause,
        PLAN,
        visible=lambda user: PlanPause.objects.filter(
            planned_activity__in=PlannedActivity.objects.visible_to(user)
        ),
        texts=("reason",),
        url=_plan,
        title=_plan_name("planned_activity__"),
        place="planned_activity__facility__name",
        slug="planned_activity__facility__slug",
        of="planned_activity_id",
        day="starts_on",
        scope={FACILITY: "planned_activity__facility_id"},
        tier=WRITTEN,
        named=False,
    ),
    Kind(
        "housepause",
        FacilityPause,
        PLAN,
        visible=lambda user: FacilityPause.objects.filter(
            facility__in=Facility.objects.visible_to(user)
        ),
        texts=("reason",),
        url=_week_plan,
        title="facility__name",
        place="facility__name",
        slug="facility__slug",
        day="starts_on",
        scope={FACILITY: "facility_id"},
        tier=WRITTEN,
        named=False,
    ),
    Kind(
        "registration",
        Activity,
        REGISTRATION,
        visible=lambda user: Activity.objects.visible_to(user).standing(),
        texts=("own_title", "note", "cancellation_text"),
        computed={"own_title": OWN_TITLE},
        may_hold=_holds_text,
        standing=Q(removed_at=None),
        url=_in_log,
        title="title",
        place="facility__name",
        slug="facility__slug",
        day="held_on",
        scope={FACILITY: "facility_id"},
        tier=LOGGED,
    ),
    Kind(
        "meeting",
        Meeting,
        MEETING,
        visible=lambda user: Meeting.objects.visible_to(user).standing(),
        texts=("minutes", "wishes", "place"),
        standing=Q(removed_at=None),
        url=_meeting,
        title="",
        place="facility__name",
        also="department__name",
        day="held_on",
        called="kind",
        names=_meeting_kind,
        scope={FACILITY: "facility_id", DEPARTMENT: "department_id"},
        tier=WRITTEN,
        named=False,
    ),
    Kind(
        "point",
        AgendaItem,
        POINT,
        texts=("text",),
        newest="handled_on",
        **_on_meetings(AgendaItem, "item"),
    ),
    Kind(
        "later",
        LaterPoint,
        LATER,
        visible=lambda user: LaterPoint.objects.visible_to(user).waiting(),
        texts=("text",),
        standing=Q(item=None, removed_at=None),
        url=_later,
        title="text",
        place="facility__name",
        also="department__name",
        slug="facility__slug",
        also_slug="department__slug",
        scope={FACILITY: "facility_id", DEPARTMENT: "department_id"},
        tier=WRITTEN,
    ),
    Kind(
        "decision",
        Decision,
        DECISION,
        texts=("text", "closing_note", "responsible_role"),
        # Of its own: that of the meeting may change without it.
        newest="due_on",
        **_on_meetings(Decision, "decision"),
    ),
)
