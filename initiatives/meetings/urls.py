"""Addresses of meetings, their agendas and decisions."""

from django.urls import path

from .views import decisions, meetings

urlpatterns = [
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
]
