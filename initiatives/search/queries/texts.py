"""Which texts of initiatives, plans, logs and meetings are found, for whom, and where they stand.

Whatever people write is a kind here (a test compares this with the models), and only within what
the person may see. Each hit leads to where the text stands.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Case, CharField, F, Model, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.models import Facility, User

from ...access import municipalities_seen_by
from ...documents.sections import ATTENTION, ECONOMY, FACTORS, SECTIONS
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

INITIATIVES, POLICIES, TYPES = _("KRAMS initiatives"), _("Policies"), _("Activity types")
FIGURES, PLANS, LOG = _("Assessments and figures"), _("Weekly plan"), _("Registrations")
MEETINGS, POINTS, DECISIONS = _("Meetings"), _("Points on agendas"), _("Decisions")
HEADINGS = (INITIATIVES, POLICIES, FIGURES, TYPES, PLANS, LOG, MEETINGS, POINTS, DECISIONS)
# A text of the initiative itself leads to its section.
SECTION_OF = {name: section.slug for section in SECTIONS for name in section.fields}
SECTION_OF |= {section.part: section.slug for section in SECTIONS if section.part}
SECTION_OF["status_reason"] = "livsforloeb"

Visible: TypeAlias = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class Row:
    """One row that was found: what the union tells of it, and which field holds the hit."""

    model: type[Model]
    pk: int
    title: str
    place: str
    day: dt.date | None
    slug: str
    also_slug: str
    owner: int | None
    meeting: str
    name: str
    text: str


@dataclass(frozen=True)
class Kind:
    """Rows whose ``texts`` are searched; the paths lead to what a hit shows and where it leads.

    ``of`` is the key of what it belongs to, ``meeting`` the kind of its meeting.
    """

    heading: str | Promise
    visible: Visible
    texts: tuple[str, ...]
    url: Callable[[Row], str]
    title: str | Coalesce
    place: str
    also: str = ""  # what stands for the place where that is empty
    day: str = ""
    slug: str = ""
    also_slug: str = ""  # a second one, before it in the address
    of: str = ""
    meeting: str = ""


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


def _plan_name(path: str) -> Coalesce:
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
    }


# The name of a planned registration is found with its plan.
OWN_TITLE = Case(
    When(planned_activity=None, then=F("title")), default=Value(""), output_field=CharField()
)


def _registrations(user: User) -> QuerySet[Activity]:
    return Activity.objects.visible_to(user).standing().annotate(own_title=OWN_TITLE)


def _on_meetings(
    model: type[AgendaItem] | type[Decision], texts: tuple[str, ...], anchor: str
) -> dict[str, Any]:
    return {
        "visible": lambda user: (
            model.objects.visible_to(user).standing().filter(meeting__removed_at=None)
        ),
        "texts": texts,
        "url": _at_meeting(anchor),
        "title": "text",
        "place": "meeting__facility__name",
        "also": "meeting__department__name",
        "day": "meeting__held_on",
        "of": "meeting_id",
        "meeting": "meeting__kind",
    }


_IN_DOCUMENT = {
    "title": "initiative__title",
    "place": "initiative__department__name",
    "of": "initiative_id",
}
KINDS: dict[type[Model], Kind] = {
    Initiative: Kind(
        INITIATIVES,
        lambda user: Initiative.objects.visible_to(user),
        (
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
        _document,
        title="title",
        place="department__name",
    ),
    FactorText: Kind(
        INITIATIVES, _of_initiative(FactorText), ("text",), _section(FACTORS), **_IN_DOCUMENT
    ),
    EconomyLine: Kind(
        INITIATIVES, _of_initiative(EconomyLine), ("what",), _section(ECONOMY), **_IN_DOCUMENT
    ),
    AttentionPoint: Kind(
        INITIATIVES, _of_initiative(AttentionPoint), ("text",), _section(ATTENTION), **_IN_DOCUMENT
    ),
    SuccessCriterion: Kind(
        INITIATIVES,
        _of_initiative(SuccessCriterion),
        ("title", "short_title", "description"),
        lambda row: f"{_criteria(row)}#kriterium-{row.pk}",
        **_IN_DOCUMENT,
    ),
    Indicator: Kind(
        INITIATIVES,
        _of_initiative(Indicator, "criterion__initiative"),
        ("name", "unit", "source"),
        _criteria,
        title="criterion__title",
        place="criterion__initiative__department__name",
        of="criterion__initiative_id",
    ),
    Policy: Kind(
        POLICIES,
        _of_municipality(Policy),
        ("title",),
        lambda row: reverse("initiatives:policies", args=[row.slug], fragment=f"politik-{row.pk}"),
        title="title",
        place="municipality__official_name",
        slug="municipality__slug",
    ),
    PolicyGoal: Kind(
        POLICIES,
        _of_municipality(PolicyGoal, "policy__municipality"),
        ("text",),
        lambda row: reverse(
            "initiatives:policies", args=[row.slug], fragment=f"politik-{row.owner}"
        ),
        title="policy__title",
        place="policy__municipality__official_name",
        slug="policy__municipality__slug",
        of="policy_id",
    ),
    ActivityType: Kind(
        TYPES,
        _of_municipality(ActivityType),
        ("name",),
        lambda row: reverse("initiatives:types", args=[row.slug], fragment=f"type-{row.pk}"),
        title="name",
        place="municipality__official_name",
        slug="municipality__slug",
    ),
    Assessment: Kind(
        FIGURES,
        texts=("reason",),
        **_measured(Assessment, "criterion", "facility", day="assessed_on"),
    ),
    Measurement: Kind(
        FIGURES,
        texts=("note",),
        **_measured(
            Measurement,
            "facility_indicator__indicator__criterion",
            "facility_indicator__facility",
            day="measured_on",
            removed_at=None,
        ),
    ),
    PlannedActivity: Kind(
        PLANS,
        lambda user: PlannedActivity.objects.visible_to(user),
        ("title", "responsible_role"),
        _plan,
        title=_plan_name(""),
        place="facility__name",
        slug="facility__slug",
    ),
    PlanPause: Kind(
        PLANS,
        lambda user: PlanPause.objects.filter(
            planned_activity__in=PlannedActivity.objects.visible_to(user)
        ),
        ("reason",),
        _plan,
        title=_plan_name("planned_activity__"),
        place="planned_activity__facility__name",
        slug="planned_activity__facility__slug",
        of="planned_activity_id",
        day="starts_on",
    ),
    Activity: Kind(
        LOG,
        _registrations,
        ("own_title", "note", "cancellation_text"),
        _in_log,
        title="title",
        place="facility__name",
        slug="facility__slug",
        day="held_on",
    ),
    Meeting: Kind(
        MEETINGS,
        lambda user: Meeting.objects.visible_to(user).standing(),
        ("minutes", "wishes", "place"),
        _meeting,
        title="",
        place="facility__name",
        also="department__name",
        day="held_on",
        meeting="kind",
    ),
    AgendaItem: Kind(POINTS, **_on_meetings(AgendaItem, ("text",), "item")),
    Decision: Kind(
        DECISIONS,
        **_on_meetings(Decision, ("text", "closing_note", "responsible_role"), "decision"),
    ),
}
