from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("KRAMS initiatives")

    def ready(self):
        register_activities()
        register_initiatives()
        register_meetings()
        register_thresholds()
        register_digest()
        register_search()


def factor_names(letters: str) -> str:
    from .fields import factors_of

    return ", ".join(str(factor.label) for factor in factors_of(letters))


def register_activities():
    from krams import history

    from .models import Activity, PlannedActivity
    from .models.plan import weekday_names

    history.register(
        Activity,
        key="registrering",
        visible=Activity.objects.visible_to,
        fields=[
            "title",
            "factors",
            "held_on",
            "started_at",
            "outcome",
            "participant_count",
            "duration_minutes",
            "cancellation_reason",
            "cancellation_text",
            "note",
        ],
        show={"factors": factor_names},
    )
    history.register(
        PlannedActivity,
        key="planlagt",
        visible=PlannedActivity.objects.visible_to,
        fields=[
            "activity_type",
            "title",
            "factors",
            "initiative",
            "weekdays",
            "times_per_week",
            "start_time",
            "duration_minutes",
            "responsible_role",
            "starts_on",
            "ends_on",
        ],
        show={"factors": factor_names, "weekdays": weekday_names},
    )


def register_initiatives():
    """Not the measurements: their history would show what is hidden as being about few people."""
    from krams import history

    from .actions.types import municipalities_seen_by
    from .models import Assessment, Initiative, Policy, PolicyGoal

    history.register(
        Initiative,
        key="indsats",
        visible=Initiative.objects.visible_to,
        fields=["title", "status", "status_reason", "paused_until", "starts_on", "ends_on"],
    )
    history.register(
        Assessment,
        key="vurdering",
        visible=Assessment.objects.visible_to,
        fields=["level", "reason", "assessed_on"],
    )
    history.register(
        Policy,
        key="politik",
        visible=lambda user: Policy.objects.filter(
            municipality__in=municipalities_seen_by(user)
        ).select_related("municipality"),
        fields=["title", "valid_from", "valid_until"],
        lines=history.Lines(PolicyGoal, of="policy", text="text"),
    )


def register_meetings():
    from krams import history

    from .models import AgendaItem, Decision, Meeting

    history.register(
        Meeting,
        key="moede",
        visible=Meeting.objects.visible_to,
        fields=["kind", "held_on", "starts_at", "place", "wishes", "minutes"],
    )
    history.register(
        AgendaItem,
        key="dagsordenspunkt",
        visible=AgendaItem.objects.visible_to,
        fields=["text"],
    )
    history.register(
        Decision,
        key="beslutning",
        visible=Decision.objects.visible_to,
        fields=[
            "text",
            "responsible_role",
            "due_on",
            "planned_activity",
            "closed_on",
            "closing_note",
        ],
    )


def register_digest():
    from krams import digests

    from . import digest

    digests.register(digest.sections)


def register_thresholds():
    from krams import history

    from .actions.types import municipalities_kept_by
    from .models import FollowUpSettings

    history.register(
        FollowUpSettings,
        key="opfoelgning",
        visible=lambda user: FollowUpSettings.objects.filter(
            municipality__in=municipalities_kept_by(user)
        ),
        fields=["holding_percent", "drop_points", "smallest_shown_count"],
    )


def register_search():
    from krams import search

    from .models import Decision, Initiative

    search.register(
        search.Source(
            heading=_("KRAMS initiatives"),
            visible=lambda user: Initiative.objects.visible_to(user).select_related("department"),
            fields=(
                "title",
                "introduction",
                "purpose",
                "target_group",
                "actors",
                "timeline",
                "economy",
                "follow_up",
                "factor_texts__text",
                "criteria__title",
                "attention_points__text",
            ),
            title=str,
            place=lambda row: str(row.department),
            excerpts=lambda row: (
                row.introduction,
                row.purpose,
                row.target_group,
                row.actors,
                row.timeline,
                row.economy,
                row.follow_up,
            ),
        )
    )
    search.register(
        search.Source(
            heading=_("Decisions"),
            visible=lambda user: (
                Decision.objects.visible_to(user)
                .standing()
                .select_related("meeting__facility", "meeting__department")
                .order_by("-meeting__held_on", "pk")
            ),
            fields=("text", "closing_note", "responsible_role"),
            title=lambda row: row.text,
            place=lambda row: f"{row.meeting} · {row.meeting.facility or row.meeting.department}",
            excerpts=lambda row: (row.closing_note, row.responsible_role),
        )
    )
