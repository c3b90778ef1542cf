"""Brings the facts of a file into the database: validated, with history, and only once.

A row is known by a natural key, never by its number. What a person has written since is left
alone: a row that was edited keeps the edit, and one that was renamed or deleted does not come back.
"""

from collections import Counter
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from ..danish.names import by_look
from ..history.actions.locking import save_kept, save_version
from ..history.models import Kept, Versioned
from .facts_files import Entry, FactsError

M = TypeVar("M", bound=models.Model)
# The reason in the history that everybody reads.
SEED = "Indlæst fra portalens kildefiler"


class Seeder:
    """Keeps rows and counts what it did: ``created``, ``updated``, ``unchanged``, by model.

    With ``overrules`` the file counts more than what a person wrote: right for an import that
    somebody asked for, wrong for a start of the demo.
    """

    def __init__(
        self, reason: str = SEED, *, by: AbstractBaseUser | None = None, overrules: bool = False
    ):
        self.reason, self.by, self.overrules = reason, by, overrules
        self.created: Counter[type[models.Model]] = Counter()
        self.updated: Counter[type[models.Model]] = Counter()
        self.unchanged: Counter[type[models.Model]] = Counter()

    def keep(self, entry: Entry, model: type[M], key: dict[str, Any], **values: Any) -> M | None:
        """Return the row with the natural ``key``, created or brought up to date.

        None if a person has deleted it. Raises ``FactsError`` where the model refuses the values.
        """
        row = model._default_manager.filter(**by_look(model, key)).first()
        if row is None and issubclass(model, Kept):
            before = model.history.filter(**key).order_by("-history_id").first()
            if before:
                self.unchanged[model] += 1
                return model._default_manager.filter(pk=before.instance.pk).first()
        if row is None:
            row = model(**key, **values)
            self._save(entry, row)
            self.created[model] += 1
        elif self._differs(row, values) and self._may_change(row):
            for name, value in values.items():
                setattr(row, name, value)
            self._save(entry, row)
            self.updated[model] += 1
        else:
            self.unchanged[model] += 1
        return row

    def keep_once(
        self, entry: Entry, model: type[M], key: dict[str, Any], **values: Any
    ) -> M | None:
        """As ``keep``, but a row that is there already stays as it is."""
        if model._default_manager.filter(**by_look(model, key)).exists():
            values = {}
        return self.keep(entry, model, key, **values)

    def create_all(self, model: type[M], rows: list[tuple[Entry, M]]) -> None:
        """Create many rows of a model without history. Raises ``FactsError``."""
        for entry, row in rows:
            try:
                row.clean_fields()
            except ValidationError as error:
                raise entry.refuse(" ".join(_messages(error))) from error
        try:
            with transaction.atomic():
                model._default_manager.bulk_create([row for _entry, row in rows])
        except IntegrityError as error:
            raise FactsError(f"{rows[0][0].place} …: {error}") from error
        self.created[model] += len(rows)

    def _save(self, entry: Entry, row: models.Model) -> None:
        # "Blank" is about forms; what may be null in the data may be left out of a file.
        absent = [
            field.name
            for field in row._meta.concrete_fields
            if field.null and not field.blank and getattr(row, field.attname) is None
        ]
        try:
            row.full_clean(exclude=absent)
        except ValidationError as error:
            raise entry.refuse(" ".join(_messages(error))) from error
        if isinstance(row, Versioned):
            save_version(row, by=self.by, reason=self.reason)
        elif isinstance(row, Kept):
            save_kept(row, by=self.by, reason=self.reason)
        else:
            row.save()

    @staticmethod
    def _differs(row: models.Model, values: dict[str, Any]) -> bool:
        for name, value in values.items():
            if row._meta.get_field(name).is_relation:
                name, value = f"{name}_id", value.pk if value else None
            if getattr(row, name) != value:
                return True
        return False

    def _may_change(self, row: models.Model) -> bool:
        """Rows without history cannot tell who wrote them, so they stay as they are."""
        if self.overrules:
            return True
        last = row.history.order_by("-history_id").first() if isinstance(row, Kept) else None
        return last is not None and last.history_change_reason == self.reason

    def summary(self) -> str:
        return _("%(created)s new, %(updated)s updated, %(unchanged)s unchanged") % {
            "created": self.created.total(),
            "updated": self.updated.total(),
            "unchanged": self.unchanged.total(),
        }


def _messages(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        message if field == "__all__" else f"{field}: {message}"
        for field, messages in error.message_dict.items()
        for message in messages
    ]
