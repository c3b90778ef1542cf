"""Which texts of initiatives, plans, logs and meetings are found, for whom, and where they stand.

Whatever people write is a kind here (a test compares this with the models), and only within what
the person may see. Each hit leads to where the text stands.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.enums import AuthorityKind
from krams.models import Authority, Department, Facility, User
from krams.people.queries import memberships
from krams.search.kinds import FACILITY
from krams.search.registry import LOGGED, WRITTEN, Kind, Row, Visible

from ...access import municipalities_seen_by
from ...documents.sections import ATTENTION, ECONOMY, FACTORS, SECTIONS
from ...enums import MeetingKind
from ...models import (
    Activity,
    ActivityType,
    AgendaItem,
    Assessment,
    AttentionPoint,
    Decision,
    EconomyLine,
    FactorText,
    Indicator,
    Initiative,
    Measurement,
    Meeting,
    PlannedActivity,
    PlanPause,
    Policy,
    PolicyGoal,
    SuccessCriterion,
)

INITIATIVE, POLICY, TYPE = _("KRAMS initiative"), _("Policy"), _("Activity type")
FIGURES, PLAN, REGISTRATION = _("Assessments and figures"), _("Weekly plan"), _("Registration")
MEETING, POINT, DECISION = _("Meeting"), _("Point on an agenda"), _("Decision")
CRITERION, MUNICIPALITY = _("Success criterion"), _("Municipality")
# A text of the initiative itself leads to its section.
SECTION_OF = {name: section.slug for section in SECTIONS for name in section.fields}
SECTION_OF |= {section.part: section.slug for section in SECTIONS if section.part}
SECTION_OF["status_reason"] = "livsforloeb"

DEPARTMENT, AUTHORITY = "department", "authority"


def _departments(user: User) -> QuerySet[Department]:
    """Those whose initiatives the person may see, in whatever role."""
    if user.is_superuser:
        return Department.objects.all()
    here = Q(department=OuterRef("pk")) | Q(authority=OuterRef("municipality"))
    here |= Q(facility__department=OuterRef("pk"))
    return Department.objects.filter(Exists(memberships(user).filter(here)))


SCOPES: dict[str, Visible] = {DEPARTMENT: _departments, AUTHORITY: municipalities_seen_by}


def _of_initiative(model: type[Model], path: str = "initiative") -> Visible:
    return lambda user: model._default_manager.filter(
        **{f"{path}__in": Initiative.objects.visible_to(user)}
    )


def _of_municipality(model: type[Model], path: str = "municipality") -> Visible:
    return lambda user: model._default_manager.filter(
        **{f"{path}__in": municipalities_seen_by(user)}
    )


def _document(row: Row) -> str:
    pk = row.owner or row.pk
    return reverse("initiatives:initiative", args=[pk], fragment=SECTION_OF.get(row.name, ""))


def _section(part: str) -> Callable[[Row], str]:
    return lambda row: reverse(
        "initiatives:initiative", args=[row.owner], fragment=SECTION_OF[part]
    )


def _criteria(row: Row) -> str:
    return reverse("initiatives:criteria", args=[row.owner])


def _figures(row: Row) -> str:
    return reverse("initiatives:criterion", args=[row.also_slug, row.owner, row.slug])


def _plan(row: Row) -> str:
    fragment = f"plan-{row.owner or row.pk}"
    return reverse("initiatives:plan", args=[row.slug], fragment=fragment)


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


def _meeting(row: Row) -> str:
    fragment = row.name if row.name in ("wishes", "minutes") else ""
    return reverse("initiatives:meeting", args=[row.pk], fragment=fragment)


def _measured(
    model: type[Model], criterion: str, facility: str, *, day: str, **standing: Any
) -> dict[str, Any]:
    """Only where the person may open the criterion at the facility."""

    def visible(user: User) -> QuerySet[Any]:
        return model._default_manager.filter(
            **{
                f"{criterion}__initiative__in": Initiative.objects.visible_to(user),
                f"{criterion}__initiative__facilities": F(facility),
                f"{facility}__in": Facility.objects.visible_to(user),
            },
            **standing,
        )

    return {
        "visible": visible,
        "title": f"{criterion}__title",
        "place": f"{facility}__name",
        "of": f"{criterion}__pk",
        "slug": f"{facility}__slug",
        "also_slug": f"{criterion}__initiative__department__slug",
        "day": day,
        "url": _figures,
        "scope": {FACILITY: f"{facility}_id"},
        "tier": WRITTEN,
        "named": False,
    }


# The name of a planned registration is found with its plan.
OWN_TITLE = Case(
    When(planned_activity=None, then=F("title")), default=Value(""), output_field=CharField()
)


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


def _in_document(path: str = "initiative") -> dict[str, Any]:
    return {
        "title": f"{path}__title",
        "place": f"{path}__department__name",
        "of": f"{path}_id",
        "scope": {DEPARTMENT: f"{path}__department_id"},
        "tier": WRITTEN,
        "named": False,
    }


KINDS = (
    Kind(
        "initiative",
        Initiative,
        INITIATIVE,
        visible=lambda user: Initiative.objects.visible_to(user),
        texts=(
            "title",
            "introduction",
            "purpose",
            "target_group",
            "actors",
            "timeline",
            "economy",
            "criteria_note",
            "follow_up",
            "status_reason",
        ),
        url=_document,
        title="title",
        place="department__name",
        scope={DEPARTMENT: "department_id"},
    ),
    Kind(
        "factor",
        FactorText,
        INITIATIVE,
        visible=_of_initiative(FactorText),
        texts=("text",),
        url=_section(FACTORS),
        **_in_document(),
    ),
    Kind(
        "cost",
        EconomyLine,
        INITIATIVE,
        visible=_of_initiative(EconomyLine),
        texts=("what",),
        url=_section(ECONOMY),
        **_in_document(),
    ),
    Kind(
        "attention",
        AttentionPoint,
        INITIATIVE,
        visible=_of_initiative(AttentionPoint),
        texts=("text",),
        url=_section(ATTENTION),
        **_in_document(),
    ),
    Kind(
        "criterion",
        SuccessCriterion,
        CRITERION,
        visible=_of_initiative(SuccessCriterion),
        texts=("title", "short_title", "description"),
        url=lambda row: f"{_criteria(row)}#kriterium-{row.pk}",
        **_in_document() | {"title": "title", "named": True, "place": "initiative__title"},
    ),
    Kind(
        "indicator",
        Indicator,
        CRITERION,
        visible=_of_initiative(Indicator, "criterion__initiative"),
        texts=("name", "unit", "source"),
        url=_criteria,
        **_in_document("criterion__initiative") | {"title": "criterion__title"},
    ),
    Kind(
        "policy",
        Policy,
        POLICY,
        visible=_of_municipality(Policy),
        texts=("title",),
        url=lambda row: reverse(
            "initiatives:policies", args=[row.slug], fragment=f"politik-{row.pk}"
        ),
        title="title",
        place="municipality__official_name",
        slug="municipality__slug",
        scope={AUTHORITY: "municipality_id"},
    ),
    Kind(
        "goal",
        PolicyGoal,
        POLICY,
        visible=_of_municipality(PolicyGoal, "policy__municipality"),
        texts=("text",),
        url=lambda row: reverse(
            "initiatives:policies", args=[row.slug], fragment=f"politik-{row.owner}"
        ),
        title="policy__title",
        place="policy__municipality__official_name",
        slug="policy__municipality__slug",
        of="policy_id",
        scope={AUTHORITY: "policy__municipality_id"},
        tier=WRITTEN,
        named=False,
    ),
    Kind(
        "type",
        ActivityType,
        TYPE,
        visible=_of_municipality(ActivityType),
        texts=("name",),
        url=lambda row: reverse("initiatives:types", args=[row.slug], fragment=f"type-{row.pk}"),
        title="name",
        place="municipality__official_name",
        slug="municipality__slug",
        # Those of no municipality are only what a list begins with.
        standing=~Q(municipality=None),
        scope={AUTHORITY: "municipality_id"},
    ),
    Kind(
        "municipality",
        Authority,
        MUNICIPALITY,
        visible=municipalities_seen_by,
        texts=("official_name", "name"),
        url=lambda row: reverse("initiatives:policies", args=[row.slug]),
        title="official_name",
        slug="slug",
        standing=Q(kind=AuthorityKind.MUNICIPALITY),
        scope={AUTHORITY: "pk"},
    ),
    Kind(
        "assessment",
        Assessment,
        FIGURES,
        texts=("reason",),
        **_measured(Assessment, "criterion", "facility", day="assessed_on"),
    ),
    Kind(
        "measurement",
        Measurement,
        FIGURES,
        texts=("note",),
        standing=Q(removed_at=None),
        **_measured(
            Measurement,
            "facility_indicator__indicator__criterion",
            "facility_indicator__facility",
            day="measured_on",
            removed_at=None,
        ),
    ),
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
        "decision",
        Decision,
        DECISION,
        texts=("text", "closing_note", "responsible_role"),
        # Of its own: that of the meeting may change without it.
        newest="due_on",
        **_on_meetings(Decision, "decision"),
    ),
)
