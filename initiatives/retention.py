"""The kinds of data of the KRAMS half, and how long they are kept."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from krams.data_protection.registry import Kind

from .models import Activity, AgendaItem, Decision, LaterPoint, Measurement, Meeting

REMOVED = "RETENTION_REMOVED"
_SINCE = _("since they were removed")


def _removed(model: type[models.Model], moment: dt.datetime) -> models.QuerySet[Any]:
    return model._default_manager.filter(removed_at__lt=moment)


KINDS = (
    Kind(
        "registrations",
        "RETENTION_REGISTRATIONS",
        _("Registrations of activities"),
        _("since the activity was held"),
        lambda moment: Activity.objects.filter(held_on__lt=moment.date()),
    ),
    Kind(
        "meetings",
        "RETENTION_MEETINGS",
        _("Meetings with their agenda and minutes"),
        _("since the meeting was held"),
        lambda moment: Meeting.objects.filter(held_on__lt=moment.date()),
    ),
    *(
        Kind(
            f"removed-{key}",
            REMOVED,
            name,
            _SINCE,
            partial(_removed, model),
        )
        for key, name, model in (
            ("registrations", _("Registrations that were removed"), Activity),
            ("measurements", _("Measurements that were removed"), Measurement),
            ("meetings", _("Meetings that were cancelled"), Meeting),
            ("agenda-items", _("Points of an agenda that were removed"), AgendaItem),
            ("decisions", _("Decisions that were removed"), Decision),
            ("later-points", _("Points for later that were removed"), LaterPoint),
        )
    ),
)
