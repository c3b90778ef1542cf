"""No text column takes a CPR number in, whoever writes it: a form, an import, a page, a command.

Fields of forms say so beside what was typed (``krams.web.forms.text``). This stands below them:
:func:`guard` makes every text column refuse it on its way into the database, by ``save()``,
``bulk_create``, ``update``, ``bulk_update`` and ``loaddata``, and in ``full_clean()``, which tells
the administration pages. What is written by SQL alone is not seen.

A text that stood in a row before the guard knew that way of writing may stay there while something
else of the row is saved.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_save, pre_save

from ..danish.names import NameKeyField
from ..privacy.cpr import find_cpr, refusal, refuse_cpr

APPS = ("krams", "initiatives", "clusters")
# Kept as they are: nobody writes a text there.
UNGUARDED = {
    "krams.AuditEntry": "Told by the portal; what looks like a CPR number is left out as it is.",
    "krams.DigestSent": "Told by the portal: a week or a month.",
    "krams.Letter": "Keys of rows, and links; a letter quotes what the guard has let in.",
    "krams.LogIn": "Hashes.",
    "krams.Reminded": "The key of a row.",
    "krams.SearchEntry": "Copied from guarded columns.",
    "krams.User.password": "A hash.",
    "krams.Invitation.secret_hash": "A hash.",
    "initiatives.CalendarLink.token_hash": "A hash.",
    "initiatives.PlannedActivity.weekdays": "Numbers of days.",
    "initiatives.SectionChange.section": "The name of a column.",
    "initiatives.SectionChange.before": "Copied from guarded columns.",
    "initiatives.SectionChange.after": "Copied from guarded columns.",
    "initiatives.WeekSummary": "Counted by the database.",
    "initiatives.MonthSummary": "Counted by the database.",
    "clusters.Edition.content": "Copied from guarded columns.",
    "clusters.ReadLink.token_hash": "A hash.",
    "clusters.ImportDraft.kept_cells": "Copied from guarded columns.",
    "clusters.ImportDraft.placed_columns": "Numbers of columns and keys of rows.",
    "clusters.ImportDraft.placed_rows": "Numbers of rows and keys of rows.",
    "clusters.ImportDecision.key": "Numbers of a cell.",
    "clusters.ImportDecision.seen": "Keys of rows and their versions.",
}
# The row that is being saved.
_saving: ContextVar[models.Model | None] = ContextVar("saving", default=None)


class CprRefused(ValidationError):
    """A column was given what looks like a CPR number; the message never repeats it."""


def guard_all() -> None:
    """Guard the text columns of the portal's own models; once, when all of them are there."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            guard(model)


def guard(model: type[models.Model]) -> None:
    for field in guarded_fields(model):
        _guard_field(field)
    pre_save.connect(_note, sender=model, dispatch_uid="krams.database.guarded")
    post_save.connect(_forget, sender=model, dispatch_uid="krams.database.guarded")


def guarded_fields(model: type[models.Model]) -> Iterator["models.Field[Any, Any]"]:
    """Its columns that may hold what somebody wrote. Of a history: why; the rest is a copy."""
    is_history = hasattr(model, "instance_type")
    for field in model._meta.local_concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        is_free = is_text and not field.choices and not isinstance(field, NameKeyField)
        if is_history:
            is_free = field.name == "history_change_reason"
        label = model._meta.label
        if is_free and label not in UNGUARDED and f"{label}.{field.name}" not in UNGUARDED:
            yield field


def texts_in(value: Any) -> Iterator[str]:
    """The texts of a value: itself, or those inside what a JSON column holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def _guard_field(field: "models.Field[Any, Any]") -> None:
    prepare = field.get_db_prep_save

    def guarded(value: Any, connection: Any) -> Any:
        if any(map(find_cpr, texts_in(value))) and not _stands(field, value):
            raise CprRefused({field.name: refusal()})
        return prepare(value, connection)

    field.get_db_prep_save = guarded  # type: ignore[method-assign]
    # What a migration is made from does not change: that reads what the model was written with.
    field.validators.append(refuse_all)


def refuse_all(value: Any) -> None:
    """Refuse a CPR number in any text of a value: ValidationError with code ``cpr``."""
    for text in texts_in(value):
        refuse_cpr(text)


def _stands(field: "models.Field[Any, Any]", value: Any) -> bool:
    """Whether the row that is being saved holds the same already."""
    row = _saving.get()
    if row is None or row.pk is None or not isinstance(row, field.model):
        return False
    rows = field.model._base_manager.filter(pk=row.pk)
    return value in rows.values_list(field.attname, flat=True)


def _note(sender: type[models.Model], instance: models.Model, **_more: Any) -> None:
    _saving.set(instance)


def _forget(sender: type[models.Model], **_more: Any) -> None:
    _saving.set(None)
