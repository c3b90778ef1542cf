"""Addresses of meetings, their agendas and decisions."""

from django.urls import path

from .views import agenda_items, decisions, files, later_points, meetings

ITEM = "moeder/<int:pk>/punkter/<int:item_id>/"
DECISION = "moeder/<int:pk>/beslutninger/<int:decision_id>/"

urlpatterns = [
    path("botilbud/<slug:slug>/moeder/", meetings.meetings, name="meetings"),
    path("botilbud/<slug:slug>/moeder/nyt/", meetings.meeting_new, name="meeting-new"),
    path(
        "botilbud/<slug:slug>/ugeplan/<int:plan_id>/dagsorden/",
        agenda_items.put_on_agenda,
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
    path("botilbud/<slug:slug>/moeder/senere/", later_points.later_add, name="later-add"),
    path(
        "afdelinger/<slug:slug>/moeder/senere/",
        later_points.department_later_add,
        name="department-later-add",
    ),
    path("moeder/senere/<int:pk>/dagsorden/", later_points.later_put, name="later-put"),
    path("moeder/senere/<int:pk>/fjern/", later_points.later_remove, name="later-remove"),
    path("moeder/<int:pk>/naeste/", meetings.meeting_next, name="meeting-next"),
    path("moeder/<int:pk>/", meetings.meeting, name="meeting"),
    path("moeder/<int:pk>/dagsorden.<str:kind>", files.agenda_file, name="agenda-file"),
    path("moeder/<int:pk>/referat.<str:kind>", files.minutes_file, name="minutes-file"),
    path("moeder/<int:pk>/ret/", meetings.meeting_edit, name="meeting-edit"),
    path("moeder/<int:pk>/aflys/", meetings.meeting_cancel, name="meeting-cancel"),
    path("moeder/<int:pk>/genopret/", meetings.meeting_restore, name="meeting-restore"),
    path("moeder/<int:pk>/oensker/", meetings.wishes, name="wishes"),
    path("moeder/<int:pk>/referat/", meetings.minutes, name="minutes"),
    path("moeder/<int:pk>/punkter/", agenda_items.item_add, name="item-add"),
    path(ITEM + "ret/", agenda_items.item_edit, name="item-edit"),
    path(ITEM + "fjern/", agenda_items.item_remove, name="item-remove"),
    path(ITEM + "behandlet/", agenda_items.item_handle, name="item-handle"),
    path(ITEM + "gendan/", agenda_items.item_restore, name="item-restore"),
    path("moeder/<int:pk>/beslutninger/", decisions.decision_add, name="decision-add"),
    path(DECISION + "ret/", decisions.decision_edit, name="decision-edit"),
    path(DECISION + "foelg-op/", decisions.decision_follow_up, name="decision-follow-up"),
    path(DECISION + "genaabn/", decisions.decision_reopen, name="decision-reopen"),
    path(DECISION + "fjern/", decisions.decision_remove, name="decision-remove"),
    path(DECISION + "gendan/", decisions.decision_restore, name="decision-restore"),
]
