from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("KRAMS initiatives")

    def ready(self):
        register_activities()
        register_plans()
        register_initiatives()
        register_criteria()
        register_meetings()
        register_thresholds()
        register_digest()
        register_search()


def factor_names(letters: str) -> str:
    from .fields import factors_of

    return ", ".join(str(factor.label) for factor in factors_of(letters))


def register_activities():
    from krams.history import registry

    from .access import municipalities_seen_by
    from .models import Activity, ActivityType

    registry.register(
        Activity,
        key="registrering",
        visible=Activity.objects.visible_to,
        without={
            "facility": registry.PARENT,
            "registered_by": registry.BY_WHOM,
            "registered_at": "The entry has its time.",
            "activity_type": "Its own name and factors are copied from it, and told.",
        },
        names={
            "planned_activity": _("in the weekly plan"),
            "source": _("how it came in"),
        },
        show={"factors": factor_names},
    )
    registry.register(
        ActivityType,
        key="aktivitetstype",
        visible=lambda user: ActivityType.objects.filter(
            Q(municipality__in=municipalities_seen_by(user)) | Q(municipality=None)
        ).select_related("municipality"),
        without={"municipality": registry.PARENT, "copied_from": registry.ORIGIN},
        show={"factors": factor_names},
    )


def register_plans():
    from krams.history import registry

    from .models import PlannedActivity, PlanPause
    from .plans.models import weekday_names

    registry.register(
        PlannedActivity,
        key="planlagt",
        visible=PlannedActivity.objects.visible_to,
        without={"facility": registry.PARENT, "copied_from": registry.ORIGIN},
        names={"replaces": _("instead of")},
        show={"factors": factor_names, "weekdays": weekday_names},
    )
    registry.register(
        PlanPause,
        key="pause",
        visible=lambda user: PlanPause.objects.filter(
            planned_activity__in=PlannedActivity.objects.visible_to(user)
        ).select_related("planned_activity__facility"),
        called=_("pause in the plan"),
    )


def register_initiatives():
    from krams.history import registry
    from krams.history.queries import Lines

    from .access import municipalities_seen_by
    from .models import Initiative, Policy, PolicyGoal

    registry.register(
        Initiative,
        key="indsats",
        visible=Initiative.objects.visible_to,
        without={"department": registry.PARENT, "copied_from": registry.ORIGIN},
    )
    registry.register(
        Policy,
        key="politik",
        visible=lambda user: Policy.objects.filter(
            municipality__in=municipalities_seen_by(user)
        ).select_related("municipality"),
        without={"municipality": registry.PARENT},
        lines=Lines(PolicyGoal, of="policy", text="text"),
    )


def register_criteria():
    """Not the measurements: their history would show what is hidden as being about few people."""
    from krams.history import registry

    from .models import Assessment, Indicator, Initiative, SuccessCriterion

    registry.register(
        SuccessCriterion,
        key="succeskriterium",
        visible=lambda user: SuccessCriterion.objects.filter(
            initiative__in=Initiative.objects.visible_to(user)
        ),
        without={"initiative": registry.PARENT},
        show={"factors": factor_names},
    )
    registry.register(
        Indicator,
        key="indikator",
        visible=lambda user: Indicator.objects.filter(
            criterion__initiative__in=Initiative.objects.visible_to(user)
        ).select_related("criterion"),
        without={"criterion": registry.PARENT},
        names={"log_measure": _("what is counted"), "log_factor": _("for which factor")},
    )
    registry.register(
        Assessment,
        key="vurdering",
        visible=Assessment.objects.visible_to,
        without={
            "criterion": registry.PARENT,
            "facility": registry.PARENT,
            "assessed_by": registry.BY_WHOM,
        },
        called=_("assessment"),
    )


def register_meetings():
    from krams.history import registry

    from .models import AgendaItem, Decision, Meeting

    registry.register(
        Meeting,
        key="moede",
        visible=Meeting.objects.visible_to,
        without={"facility": registry.PARENT, "department": registry.PARENT},
        names={"closed_at": _("closed"), "removed_at": _("cancelled")},
    )
    registry.register(
        AgendaItem,
        key="dagsordenspunkt",
        visible=AgendaItem.objects.visible_to,
        called=_("agenda item"),
    )
    registry.register(Decision, key="beslutning", visible=Decision.objects.visible_to)


def register_digest():
    from krams.mail import digests

    from .followup import digest

    digests.register(digest.sections)


def register_thresholds():
    from krams.history import registry

    from .access import municipalities_kept_by
    from .models import FollowUpSettings

    registry.register(
        FollowUpSettings,
        key="opfoelgning",
        visible=lambda user: FollowUpSettings.objects.filter(
            municipality__in=municipalities_kept_by(user)
        ),
        without={"municipality": registry.PARENT},
    )


def register_search():
    from krams.search import queries as search

    from .search.queries import find

    search.register(find)
