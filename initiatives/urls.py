"""Addresses of the KRAMS half."""

from django.urls import path

from .criteria.views import criterion
from .documents.urls import document_patterns
from .documents.views import initiative
from .followup.views import comparison, overview
from .log.views import export, facilities, registrations, today, week_grid
from .meetings.views import decisions, meetings
from .plans.views import activity_types, copy, pauses, plan
from .sustain import views as thresholds

app_name = "initiatives"
urlpatterns = [
    *document_patterns,
    path("botilbud/", facilities.facilities, name="facilities"),
    path("botilbud/<slug:slug>/i-dag/", today.today, name="today"),
    path("botilbud/<slug:slug>/rytme/", today.rhythm, name="rhythm"),
    path("botilbud/<slug:slug>/planlagt/<int:plan_id>/", today.planned, name="planned"),
    path("botilbud/<slug:slug>/registrer/", today.register, name="register"),
    path("botilbud/<slug:slug>/registreringer/", registrations.log, name="log"),
    path("botilbud/<slug:slug>/registreringer.<str:kind>", export.log_export, name="log-export"),
    path("botilbud/<slug:slug>/registreringer/<int:pk>/", registrations.activity, name="activity"),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/ret/",
        registrations.edit,
        name="activity-edit",
    ),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/fjern/",
        registrations.remove,
        name="activity-remove",
    ),
    path(
        "botilbud/<slug:slug>/registreringer/<int:pk>/gendan/",
        registrations.restore,
        name="activity-restore",
    ),
    path("botilbud/<slug:slug>/moeder/", meetings.meetings, name="meetings"),
    path("botilbud/<slug:slug>/moeder/nyt/", meetings.meeting_new, name="meeting-new"),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:plan_id>/dagsorden/",
        meetings.put_on_agenda,
        name="put-on-agenda",
    ),
    path(
        "afdelinger/<slug:slug>/moeder/", meetings.department_meetings, name="department-meetings"
    ),
    path(
        "afdelinger/<slug:slug>/moeder/nyt/",
        meetings.department_meeting_new,
        name="department-meeting-new",
    ),
    path("moeder/<int:pk>/", meetings.meeting, name="meeting"),
    path("moeder/<int:pk>/ret/", meetings.meeting_edit, name="meeting-edit"),
    path("moeder/<int:pk>/aflys/", meetings.meeting_cancel, name="meeting-cancel"),
    path("moeder/<int:pk>/genopret/", meetings.meeting_restore, name="meeting-restore"),
    path("moeder/<int:pk>/oensker/", meetings.wishes, name="wishes"),
    path("moeder/<int:pk>/referat/", meetings.minutes, name="minutes"),
    path("moeder/<int:pk>/punkter/", decisions.item_add, name="item-add"),
    path("moeder/<int:pk>/punkter/<int:item_id>/ret/", decisions.item_edit, name="item-edit"),
    path("moeder/<int:pk>/punkter/<int:item_id>/fjern/", decisions.item_remove, name="item-remove"),
    path(
        "moeder/<int:pk>/punkter/<int:item_id>/behandlet/",
        decisions.item_handle,
        name="item-handle",
    ),
    path(
        "moeder/<int:pk>/punkter/<int:item_id>/gendan/", decisions.item_restore, name="item-restore"
    ),
    path("moeder/<int:pk>/beslutninger/", decisions.decision_add, name="decision-add"),
    path(
        "moeder/<int:pk>/beslutninger/<int:decision_id>/ret/",
        decisions.decision_edit,
        name="decision-edit",
    ),
    path(
        "moeder/<int:pk>/beslutninger/<int:decision_id>/foelg-op/",
        decisions.decision_follow_up,
        name="decision-follow-up",
    ),
    path(
        "moeder/<int:pk>/beslutninger/<int:decision_id>/genaabn/",
        decisions.decision_reopen,
        name="decision-reopen",
    ),
    path(
        "moeder/<int:pk>/beslutninger/<int:decision_id>/fjern/",
        decisions.decision_remove,
        name="decision-remove",
    ),
    path(
        "moeder/<int:pk>/beslutninger/<int:decision_id>/gendan/",
        decisions.decision_restore,
        name="decision-restore",
    ),
    path("botilbud/<slug:slug>/uge/", week_grid.this_week, name="this-week"),
    path("botilbud/<slug:slug>/uge/<str:week>/", week_grid.grid, name="grid"),
    path("botilbud/<slug:slug>/uge/<str:week>/fortryd/", week_grid.undo, name="grid-undo"),
    path("botilbud/<slug:slug>/ugeplan/", plan.plan, name="plan"),
    path("botilbud/<slug:slug>/ugeplan.<str:kind>", comparison.plan_export, name="plan-export"),
    path("botilbud/<slug:slug>/ugeplan/tilfoej/", plan.add, name="plan-add"),
    path("botilbud/<slug:slug>/ugeplan/faktorer/", plan.factors, name="plan-factors"),
    path("botilbud/<slug:slug>/ugeplan/kopi/", copy.copy, name="plan-copy"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/ret/", plan.edit, name="plan-edit"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/slut/", plan.end, name="plan-end"),
    path("botilbud/<slug:slug>/ugeplan/<int:pk>/pause/", pauses.pause, name="plan-pause"),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:pk>/pause/<int:pause_pk>/",
        pauses.edit,
        name="pause-edit",
    ),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:pk>/pause/<int:pause_pk>/start/",
        pauses.restart,
        name="plan-restart",
    ),
    path("kommuner/<slug:slug>/aktivitetstyper/", activity_types.types, name="types"),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/ret/", activity_types.edit, name="type-edit"
    ),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/flyt/", activity_types.move, name="type-move"
    ),
    path(
        "kommuner/<slug:slug>/aktivitetstyper/<int:pk>/udgaa/",
        activity_types.retire,
        name="type-retire",
    ),
    path("indsatser/", initiative.initiatives, name="initiatives"),
    path("indsatser/<int:pk>/", initiative.initiative, name="initiative"),
    path("indsatser/<int:pk>/aendringer/", initiative.changes, name="initiative-changes"),
    path("indsatser/<int:pk>/afsnit/<slug:slug>/", initiative.section, name="section"),
    path("indsatser/<int:pk>/rediger/<slug:slug>/", initiative.section_edit, name="section-edit"),
    path("afdelinger/<slug:slug>/overblik/", overview.overview, name="overview"),
    path(
        "afdelinger/<slug:slug>/overblik.<str:kind>",
        comparison.overview_export,
        name="overview-export",
    ),
    path(
        "afdelinger/<slug:slug>/holder-det.<str:kind>",
        comparison.factors_export,
        name="factors-export",
    ),
    path("afdelinger/<slug:slug>/udfyldt/", comparison.completeness, name="completeness"),
    path(
        "afdelinger/<slug:slug>/udfyldt.<str:kind>",
        comparison.completeness_export,
        name="completeness-export",
    ),
    path("afdelinger/<slug:slug>/sammenlign/", comparison.compare, name="compare"),
    path(
        "afdelinger/<slug:slug>/sammenlign.<str:kind>",
        comparison.compare_export,
        name="compare-export",
    ),
    path("kommuner/<slug:slug>/opfoelgning/", thresholds.thresholds, name="thresholds"),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/",
        criterion.criterion,
        name="criterion",
    ),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/vurdering/",
        criterion.assess,
        name="criterion-assess",
    ),
    path(
        "afdelinger/<slug:slug>/kriterier/<int:pk>/<slug:facility>/maaling/<int:indicator>/",
        criterion.measurement_add,
        name="measurement-add",
    ),
]
