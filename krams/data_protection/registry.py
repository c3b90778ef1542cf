"""What is kept, and for how long: each kind of data with its setting.

A half registers its kinds in its ``AppConfig.ready()``; ``actions.retention`` deletes by them, and
the page for the data protection officer lists them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """One kind of data. ``old`` gives the rows that were over before a moment.

    ``setting`` is the variable with the days, 0 to keep; ``since`` says what they count from.
    """

    key: str
    setting: str
    name: str | Promise
    since: str | Promise
    old: Callable[[dt.datetime], models.QuerySet[Any]]

    @property
    def days(self) -> int:
        return settings.RETENTION_DAYS[self.setting]


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Raises ``KeyError`` for a setting that ``krams.settings`` does not read."""
    for kind in kinds:
        settings.RETENTION_DAYS[kind.setting]
        KINDS[kind.key] = kind
