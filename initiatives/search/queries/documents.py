"""What of initiatives, policies and success criteria is found, for whom, and where it stands."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.enums import AuthorityKind
from krams.models import Authority, Facility, User
from krams.search.kinds import FACILITY
from krams.search.registry import WRITTEN, Kind, Row, Visible

from ...access import municipalities_seen_by
from ...documents.sections import ATTENTION, ECONOMY, FACTORS, SECTIONS
from ...models import (
    ActivityType,
    Assessment,
    AttentionPoint,
    EconomyLine,
    FactorText,
    Indicator,
    Initiative,
    Measurement,
    Policy,
    PolicyGoal,
    SuccessCriterion,
)

DEPARTMENT, AUTHORITY = "department", "authority"
INITIATIVE, POLICY, TYPE = _("KRAMS initiative"), _("Policy"), _("Activity type")
FIGURES, CRITERION, MUNICIPALITY = (
    _("Assessments and figures"),
    _("Success criterion"),
    _("Municipality"),
)
# A text of the initiative itself leads to its section.
SECTION_OF = {name: section.slug for section in SECTIONS for name in section.fields}
SECTION_OF |= {section.part: section.slug for section in SECTIONS if section.part}
SECTION_OF["status_reason"] = "livsforloeb"


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


def _in_document(path: str = "initiative") -> dict[str, Any]:
    return {
        "title": f"{path}__title",
        "place": f"{path}__department__name",
        "of": f"{path}_id",
        "scope": {DEPARTMENT: f"{path}__department_id"},
        "tier": WRITTEN,
        "named": False,
    }


DOCUMENTS = (
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
)
