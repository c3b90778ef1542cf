"""What models share: history, an optimistic version, dates of validity, and links."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Model, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from ..danish.names import NameKeyField
from ..database.watched import WatchedQuerySet
from ..privacy.free_text import validate_link
from .registry import AnyField

M = TypeVar("M", bound=models.Model, covariant=True)
# Dates outside these years are typing errors ("0206", "20206"), refused in forms and in the data.
EARLIEST_DATE, LATEST_DATE = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
DATE_VALIDATORS = [MinValueValidator(EARLIEST_DATE), MaxValueValidator(LATEST_DATE)]


class LinkField(models.URLField):
    """A web address, whose host may have no dot: ``krams.privacy.free_text.validate_link``."""

    default_validators = [validate_link]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The column is the same, so migrations need not know of it.
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.URLField", arguments, options


class Records(HistoricalRecords):
    """What people see: the keys that names are compared by follow from the names."""

    def fields_included(self, model: type[Model]) -> list[AnyField]:
        included = super().fields_included(model)
        return [field for field in included if not isinstance(field, NameKeyField)]


class RecordsManager(HistoryManager):
    """Made with its queryset once; without this it would be anew with every save, for a fifth of
    what the save costs."""

    @classmethod
    @cache
    def from_queryset(
        cls, queryset_class: type[models.QuerySet[Any]], class_name: str | None = None
    ) -> type[HistoryManager]:
        made: type[HistoryManager] = super().from_queryset(queryset_class, class_name)
        return made


class Kept(models.Model):
    """Every saved version stays readable: who, when, why."""

    history = Records(inherit=True, history_manager=RecordsManager)
    # For the next save: who, why, and when if not now.
    _history_user: AbstractBaseUser | None
    _history_date: dt.datetime
    _change_reason: str | Promise | None

    class Meta:
        abstract = True


class Versioned(Kept):
    """Edited by several people: a save names its version (``krams.history.actions.locking``)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def in_force(day: dt.date | None = None, path: str = "") -> Q:
    """What is true of rows in force on ``day`` (today in Denmark unless told).

    ``path`` leads to them from another model: ``"memberships__"``.
    """
    day = timezone.localdate() if day is None else day
    first, last = f"{path}valid_from", f"{path}valid_until"
    return (Q((first, None)) | Q((f"{first}__lte", day))) & (
        Q((last, None)) | Q((f"{last}__gte", day))
    )


class DatedQuerySet(WatchedQuerySet[M]):
    def valid_on(self, day: dt.date | None = None) -> Self:
        """Rows in force on ``day`` (today in Denmark unless told)."""
        return self.filter(in_force(day))


class Dated(models.Model):
    """In force from the first day to the last day, both included; an open end is null."""

    valid_from = models.DateField(_("from"), null=True, blank=True, validators=DATE_VALIDATORS)
    valid_until = models.DateField(_("until"), null=True, blank=True, validators=DATE_VALIDATORS)

    class Meta:
        abstract = True

    @staticmethod
    def dates_in_order(name: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(valid_until=None)
            | Q(valid_from=None)
            | Q(valid_until__gte=F("valid_from")),
            name=name,
            violation_error_message=_("The end lies before the start."),
        )

    def is_valid_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or self.valid_until >= day
        )
