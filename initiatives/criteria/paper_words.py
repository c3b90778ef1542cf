"""How figures of criteria read where there are no symbols. Pure."""

import datetime as dt
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .figures import Tracked


class Trend(Protocol):
    """Figures that may be better or worse than last time."""

    @property
    def is_worse(self) -> bool: ...
    @property
    def is_better(self) -> bool | None: ...


def trend_in_words(one: Trend) -> str:
    if one.is_worse:
        return _("Worse than last time") + "."
    return _("Better than last time") + "." if one.is_better else ""


def last_share(one: Tracked) -> str:
    """The people behind a share and behind the one before, where both may be shown."""
    latest, before = one.latest, one.shown_before
    if before is None or latest is None or not one.n or one.is_hidden:
        return ""
    return _("%(part)s of %(whole)s, last time %(before)s of %(group)s") % {
        "part": latest.numerator,
        "whole": one.n,
        "before": before.numerator,
        "group": before.denominator,
    }


def short_date(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
